"""Where the kiosk and the agent meet: outbox, exchanges and link state in the device's own file.

Upstream: ``sync.protocol``, SQLAlchemy.
Downstream: ``kiosk.store`` (appends), ``sync.agent`` (claims, acknowledges, parks).

Neither process can take the other down: all they share is rows. Only the agent moves a row's state; only the kiosk adds
rows. A row is never deleted before the platform has acknowledged it.
"""
