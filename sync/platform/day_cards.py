"""Visitors' cards 日卡: certificates for one local day, in advance and in numbers, for a team that comes once.

Upstream: ``certificates``, ``cards``.
Downstream: ``commands.certificate``.

A visitor is no entry of the register: the certificate says 来访志愿者 and a number that is never given twice, and
whoever shows it serves for the team. It is good from 00:00 to 24:00 of its day, and revocable like every card.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sync.platform import keys
from sync.platform.cards.card import Card, Look
from sync.platform.certificates import FIRST_OF, CertificateDesk
from sync.platform.errors import CardError
from sync.platform.ports import unix_ms
from sync.platform.records import DayCard
from sync.protocol.certificate.claims import Claims
from sync.protocol.certificate.mint import mint
from sync.protocol.vocabulary import CertificateKind

NAME = "来访志愿者"
MOST = 200  # cards of one order: the largest team that a station takes in at once
LONGEST_TEAM = 40  # characters
LAND = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class DayOrder:
    """So many cards for one team and one local day."""

    team: str
    on: date
    count: int


def issue_day_cards(desk: CertificateDesk, order: DayOrder) -> list[Card]:
    """Issue visitors' cards and return them as they shall be printed.

    Raises:
        CardError: the day has passed, the team has no name that fits, or too many are asked for.
        MalformedError: the day is outside what a certificate can hold.
    """
    begin, end = (datetime.combine(order.on + timedelta(days=days), time(), LAND) for days in (0, 1))
    if end <= desk.office.ports.clock():
        raise CardError(f"{order.on} has passed. Name today or a later day with --on.")
    if not 1 <= order.count <= MOST:
        raise CardError(f"1 to {MOST} cards can be made at once.")
    if not order.team.strip() or len(order.team) > LONGEST_TEAM or not order.team.isprintable():
        raise CardError(f"The team is named with 1 to {LONGEST_TEAM} characters.")
    known = [key for key in desk.office.unit.registry.issuer_keys() if key.kid == keys.kid_of(desk.issuer).hex()]
    key = known[0] if known else desk.office.trust(desk.issuer, begin)
    issued_ms = max(unix_ms(begin), -(-key.valid_from_ms // 1000) * 1000)  # a key signs nothing before its time
    issued_at = datetime.fromtimestamp(issued_ms // 1000, UTC)
    return [_issue(desk, order, place, (issued_at, end.astimezone(UTC))) for place in range(1, order.count + 1)]


def printed_day_cards(desk: CertificateDesk, cards: Sequence[Card], look: Look) -> bytes:
    """Return the PDF of visitors' cards.

    Raises:
        PrintError: the team's name cannot be printed as it is written.
    """
    from sync.platform.cards.sheet import pdf_of  # noqa: PLC0415 - the PDF library takes a second to load

    return pdf_of(cards, look, desk.office.ports.clock())


def _issue(desk: CertificateDesk, order: DayOrder, place: int, period: tuple[datetime, datetime]) -> Card:
    region, name = desk.office.region, f"{NAME} {place:02d}"
    serial, kid = desk.next_serial(CertificateKind.DAY), keys.kid_of(desk.issuer)
    number = f"V{region}{order.on:%y%m%d}{int.from_bytes(serial, 'big') - FIRST_OF[CertificateKind.DAY]:06d}"
    text = mint(Claims(region, number, name, serial, *period, CertificateKind.DAY), kid, desk.issuer)
    times_ms = unix_ms(period[0]), unix_ms(period[1])
    desk.office.unit.certificates.add_day_card(
        DayCard(region, serial.hex(), number, name, order.team, kid.hex(), *times_ms)
    )
    return Card(text, name, number, f"{order.on:%Y.%m.%d}", order.team)
