"""From a presented text to a verified certificate, offline and without I/O.

Upstream: ``sync.protocol.certificate``, ``sync.protocol.trust``.
Downstream: ``kiosk.usecases``.
"""
