"""Ed25519 keys, signed documents and signed HTTP requests; a key's record fixes its algorithm, never a message.

Upstream: ``canonical``, ``errors``.
Downstream: ``certificate``, ``kiosk.certificate`` (trust list), ``sync.agent.transport``, ``sync.platform``.
"""
