"""The HTTP interface for devices (protocol.md, v1).

Upstream: ``receiving``, ``sync.protocol``.
Downstream: ``app``.
"""
