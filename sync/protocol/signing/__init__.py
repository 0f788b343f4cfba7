"""Ed25519 keys, signed documents and signed HTTP requests; the algorithm is fixed by the key's record, never by a message.

Upstream: ``canonical``, ``errors``.
Downstream: ``certificate``, ``kiosk.certificate`` (trust list), ``sync.agent.transport``, ``sync.platform``.
"""
