"""What the ``kiosk`` command can do, one file a command; ``kiosk.cli`` is their command line.

Upstream: ``kiosk.composition``, ``kiosk.presenter`` (words).
Downstream: ``kiosk.cli``.
"""
