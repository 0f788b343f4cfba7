"""The 志愿者证 as a text: ``LYZ1:`` + base45(COSE_Sign1), minted and strictly read (certificate.md).

Upstream: ``sync.protocol.signing``, the CBOR and base45 libraries.
Downstream: ``kiosk.certificate`` (decides trust), ``sync.platform`` (issues).
"""
