"""Trusted time on a device whose clock may be wrong (clock.md).

Upstream: the kernel's clocks, ``sync.protocol.timeline``.
Downstream: ``kiosk.usecases`` (the ``Clock`` port), ``kiosk.composition``.
"""
