"""A dynamic code is taken once: whoever shows a picture of it afterwards is refused (certificate.md).

Upstream: the ports, ``kiosk.certificate.identify``.
Downstream: every use case that takes a scan of a volunteer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.domain.admission import Shown
from kiosk.usecases.ports import DynamicCode

if TYPE_CHECKING:
    from kiosk.certificate.identify import Identity
    from kiosk.usecases.ports import Writing


def is_replayed(identity: Identity, writing: Writing) -> bool:
    """Tell whether it was taken before, and take it; what is no dynamic code within its minutes is no replay."""
    claims = identity.claims
    if claims is None or identity.shown is not Shown.DYNAMIC:
        return False
    return not writing.take_code(DynamicCode(claims.issuer, claims.serial, claims.issued_at, claims.expires_at))
