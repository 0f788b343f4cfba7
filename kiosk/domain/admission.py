"""Whether what was shown is enough at this station, as a table (certificate.md).

Upstream: nothing.
Downstream: ``kiosk.certificate`` (how it was shown), ``kiosk.usecases.present_certificate``, ``kiosk.settings``.

A photographed card shows the same code as the card; a station that minds asks for the captain's word, or for the
dynamic code that lives for minutes on the volunteer's own phone. A dynamic code that no clock can date is worth what a
card is worth; but where a card is refused its bearer is not: a wrong clock turns nobody away, the captain decides.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Accepts(StrEnum):
    """Which certificates are enough here: the station's setting."""

    CARD = "card"
    CARD_AND_CAPTAIN = "card_and_captain"
    DYNAMIC = "dynamic"


class Shown(StrEnum):
    """How a volunteer showed who they are."""

    DYNAMIC = "dynamic"  # a dynamic certificate within its minutes
    UNDATED = "undated"  # a dynamic certificate, and no clock to tell
    CARD = "card"
    LISTED = "listed"  # a number of an older system; only the directory speaks for it
    TYPED = "typed"  # a number typed for a spoilt code


class Admission(StrEnum):
    """What the station does with it."""

    ENOUGH = "enough"
    CAPTAIN_TO_BEGIN = "captain_to_begin"
    CAPTAIN = "captain"
    REFUSED = "refused"


ADMISSIONS: Mapping[tuple[Accepts, Shown], Admission] = MappingProxyType(
    {
        (Accepts.CARD, Shown.DYNAMIC): Admission.ENOUGH,
        (Accepts.CARD, Shown.UNDATED): Admission.ENOUGH,
        (Accepts.CARD, Shown.CARD): Admission.ENOUGH,
        (Accepts.CARD, Shown.LISTED): Admission.ENOUGH,
        (Accepts.CARD, Shown.TYPED): Admission.CAPTAIN,
        (Accepts.CARD_AND_CAPTAIN, Shown.DYNAMIC): Admission.ENOUGH,
        (Accepts.CARD_AND_CAPTAIN, Shown.UNDATED): Admission.CAPTAIN_TO_BEGIN,
        (Accepts.CARD_AND_CAPTAIN, Shown.CARD): Admission.CAPTAIN_TO_BEGIN,
        (Accepts.CARD_AND_CAPTAIN, Shown.LISTED): Admission.CAPTAIN_TO_BEGIN,
        (Accepts.CARD_AND_CAPTAIN, Shown.TYPED): Admission.CAPTAIN,
        (Accepts.DYNAMIC, Shown.DYNAMIC): Admission.ENOUGH,
        (Accepts.DYNAMIC, Shown.UNDATED): Admission.CAPTAIN_TO_BEGIN,
        (Accepts.DYNAMIC, Shown.CARD): Admission.REFUSED,
        (Accepts.DYNAMIC, Shown.LISTED): Admission.REFUSED,
        (Accepts.DYNAMIC, Shown.TYPED): Admission.CAPTAIN,
    }
)
_SIGNED = frozenset({Shown.DYNAMIC, Shown.UNDATED, Shown.CARD})


def may_vouch(accepts: Accepts, shown: Shown) -> bool:
    """Tell whether an operator who shows this can speak for another volunteer: an own, signed, accepted certificate."""
    return shown in _SIGNED and ADMISSIONS[accepts, shown] is not Admission.REFUSED


def may_look(accepts: Accepts, shown: Shown) -> bool:
    """Tell whether a scan opens its own records: any signed certificate does, a bare number where it begins duty."""
    return shown in _SIGNED or ADMISSIONS[accepts, shown] in {Admission.ENOUGH, Admission.CAPTAIN_TO_BEGIN}
