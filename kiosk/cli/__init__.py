"""How the ``kiosk`` command is spelt: its commands, options and exit codes, one file a subject.

Upstream: ``kiosk.commands`` (what they do), each loaded when it is asked for.
Downstream: ``kiosk.__main__``.
"""
