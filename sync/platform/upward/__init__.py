"""What goes on to other platforms 与省市平台连通 (station → city → province), each with a cursor and status of its own.

Upstream: ``store``; ``sync.mailbox``, for a relay has a mailbox as a device has, and no other room here sees one.
Downstream: the ``upward`` commands, ``console``.

::

    arrivals ── feeding ──▶ NAME.sqlite (outbox) ── sync.agent ──▶ a platform that speaks the protocol
    ledger ──── delivering ──▶ an adapter ────────────────────────▶ one that speaks otherwise; first: files
"""
