"""What a person can do at the kiosk: one verb, one file; ``ports`` says what each needs of the world.

Upstream: ``kiosk.domain``, ``kiosk.certificate``, ``kiosk.timekeeping``.
Downstream: ``kiosk.presenter``, ``kiosk.store`` (implements the ports), ``kiosk.composition`` (wires).
"""
