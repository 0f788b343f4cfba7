"""A volunteer's records from one platform to another 异地转移和接续: handed out with consent, taken in with provenance.

Upstream: ``sync.protocol.record_bundle``, ``store``.
Downstream: the ``record`` commands, ``telling`` (what was confirmed elsewhere counts for a volunteer), ``console``.
"""
