"""What the ``kiosk`` command can do, one file a command; ``kiosk.__main__`` is their command line.

Upstream: ``kiosk.composition``, ``kiosk.presenter`` (words).
Downstream: ``kiosk.__main__``.
"""
