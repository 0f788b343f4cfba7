"""The device's SQLite file behind the ports: ledger, sessions, outbox in one transaction.

Upstream: ``kiosk.usecases.ports``, ``sync.mailbox``.
Downstream: ``kiosk.composition``.
"""
