"""Cards and codes: issue, re-issue, report lost, revoke, mint for a phone; each within the caller's one transaction.

Upstream: ``registry``, ``store``, ``keys``, ``sync.protocol.certificate``.
Downstream: the commands, ``console``, ``phone``, ``demo``.

::

    (none) ── issue ──▶ good ── report_lost ──▶ lost ──────── reissue ─▶ good (a new card)
                         ├───── reissue ──────▶ replaced, and good (a new card)
                         └───── revoke ───────▶ revoked, and every phone of the volunteer is closed

Serials count up from 1, four bytes big-endian, so that the gaps between revoked ones fit in a byte or two. Visitors'
cards and codes for phones count in ranges of their own; codes are many, live for minutes and are never on the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sync.platform import keys
from sync.platform.errors import CardError, UnknownError
from sync.platform.ports import MS_PER_SECOND, unix_ms
from sync.platform.records import CardState, Ending, IssuedCertificate, Volunteer
from sync.platform.registry import Office
from sync.protocol.certificate.claims import Claims
from sync.protocol.certificate.mint import mint
from sync.protocol.signing.keys import SigningKey
from sync.protocol.vocabulary import CertificateKind

SERIAL_BYTES = 4
FIRST_OF = {CertificateKind.CARD: 0, CertificateKind.DAY: 1 << 30, CertificateKind.DYNAMIC: 1 << 31}
LIFE = {CertificateKind.CARD: timedelta(days=3 * 365), CertificateKind.DYNAMIC: timedelta(minutes=5)}


@dataclass(frozen=True, slots=True)
class CertificateOrder:
    """A certificate to be issued; instants are aware, in whole seconds."""

    volunteer: Volunteer
    issued_at: datetime
    expires_at: datetime
    kind: CertificateKind = CertificateKind.CARD


@dataclass(frozen=True, slots=True)
class CertificateDesk:
    """Where certificates are issued: the office whose transaction is open, and the issuer's key."""

    office: Office
    issuer: SigningKey

    def issue(self, order: CertificateOrder) -> str:
        """Issue a certificate, register its volunteer, count its serial, and return its ``LYZ1:`` text.

        Raises:
            MalformedError: the name, number or instants are outside what a certificate can hold.
            CardError: a card, and the volunteer has a good one; see :meth:`reissue`.
        """
        unit, number = self.office.unit, order.volunteer.number
        now_ms = unix_ms(self.office.ports.clock())
        if order.kind is CertificateKind.CARD and _good_cards(self.office, number, now_ms):
            raise CardError(f"Volunteer {number} has a good card. 'certificate reissue' replaces it.")
        unit.registry.add_volunteers([order.volunteer])
        serial = self.next_serial(order.kind)
        kid = keys.kid_of(self.issuer)
        text = mint(self._claims(order, serial), kid, self.issuer)
        if all(key.kid != kid.hex() for key in unit.registry.issuer_keys()):
            self.office.trust(self.issuer, order.issued_at)
        if order.kind is CertificateKind.CARD:
            period = unix_ms(order.issued_at), unix_ms(order.expires_at)
            issuer = self.office.region
            unit.certificates.add(IssuedCertificate(issuer, serial.hex(), number, kid.hex(), order.kind, *period))
        return text

    def reissue(self, number: str, life: timedelta = LIFE[CertificateKind.CARD]) -> str:
        """End a volunteer's good cards as replaced, issue a new one, and return its text.

        Raises:
            UnknownError: the volunteer is not registered.
            CardError: no card was ever issued to the volunteer; see :meth:`issue`.
        """
        volunteer = registered(self.office, number)
        if not self.office.unit.certificates.of(number):
            raise CardError(f"Volunteer {number} never had a card. 'certificate issue' makes the first.")
        now = self.office.ports.clock().replace(microsecond=0)
        for card in _good_cards(self.office, number, unix_ms(now)):
            self.office.unit.certificates.end(card, Ending.REPLACED, unix_ms(now))
        return self.issue(CertificateOrder(volunteer, now, now + life))

    def text_of(self, card: IssuedCertificate) -> str:
        """Return the text of an issued card again, to be printed; signatures are deterministic, so it is the same.

        Raises:
            CardError: it was signed by an earlier key, which is not here any more; it must be re-issued.
        """
        kid = keys.kid_of(self.issuer)
        if card.kid != kid.hex() or card.issuer != self.office.region:
            raise CardError(f"The card of {card.volunteer} was issued under another key. Re-issue it, then print.")
        volunteer = registered(self.office, card.volunteer)
        order = CertificateOrder(volunteer, _instant(card.issued_ms), _instant(card.expires_ms), card.kind)
        return mint(self._claims(order, bytes.fromhex(card.serial)), kid, self.issuer)

    def next_serial(self, kind: CertificateKind) -> bytes:
        """Return a serial that was never given before."""
        number = FIRST_OF[kind] + self.office.unit.certificates.count_up(self.office.region, kind)
        return number.to_bytes(SERIAL_BYTES, "big")

    def code(self, volunteer: Volunteer, serial: bytes, issued_at: datetime, life: timedelta) -> str:
        """Return the text of a code for a phone."""
        order = CertificateOrder(volunteer, issued_at, issued_at + life, CertificateKind.DYNAMIC)
        return mint(self._claims(order, serial), keys.kid_of(self.issuer), self.issuer)

    def _claims(self, order: CertificateOrder, serial: bytes) -> Claims:
        number, name = order.volunteer.number, order.volunteer.name
        return Claims(self.office.region, number, name, serial, order.issued_at, order.expires_at, order.kind)


def report_lost(office: Office, number: str) -> None:
    """End a volunteer's good cards as lost; whoever shows them is refused once devices know.

    Raises:
        UnknownError: the volunteer is not registered.
        CardError: there is no good card.
    """
    _end(office, number, Ending.LOST)


def revoke(office: Office, number: str) -> None:
    """End a volunteer's good cards and close every phone link and calendar, or end a visitor's card.

    Raises:
        UnknownError: the number is nobody's.
        CardError: there is no good card.
    """
    if office.unit.certificates.day_card(number) is not None:
        office.unit.certificates.end_day_card(number, unix_ms(office.ports.clock()))
        return
    _end(office, number, Ending.REVOKED)
    office.unit.phones.close_all(number, unix_ms(office.ports.clock()))
    office.unit.calendar_links.close_all(number, unix_ms(office.ports.clock()))


def good_card(office: Office, number: str) -> IssuedCertificate:
    """Return a volunteer's good card.

    Raises:
        UnknownError: the volunteer is not registered.
        CardError: there is no good card.
    """
    registered(office, number)
    cards = _good_cards(office, number, unix_ms(office.ports.clock()))
    if not cards:
        raise CardError(f"Volunteer {number} has no good card. 'certificate list' shows what there is.")
    return cards[0]


def registered(office: Office, number: str) -> Volunteer:
    """Return a registered volunteer.

    Raises:
        UnknownError: there is none of this number.
    """
    volunteer = office.unit.registry.volunteer(number)
    if volunteer is None:
        raise UnknownError(f"No volunteer {number} is registered here.")
    return volunteer


def entitled(office: Office, number: str) -> Volunteer:
    """Return a registered volunteer who may show a code on a phone: whoever's newest card is not revoked.

    Raises:
        UnknownError: there is none of this number.
        CardError: the newest card was revoked.
    """
    volunteer, cards = registered(office, number), office.unit.certificates.of(number)
    if cards and cards[0].ending is Ending.REVOKED:
        raise CardError(f"The card of volunteer {number} was revoked. 'certificate reissue' makes a new one.")
    return volunteer


def _end(office: Office, number: str, ending: Ending) -> None:
    good_card(office, number)
    now_ms = unix_ms(office.ports.clock())
    for card in _good_cards(office, number, now_ms):
        office.unit.certificates.end(card, ending, now_ms)


def _good_cards(office: Office, number: str, now_ms: int) -> list[IssuedCertificate]:
    return [card for card in office.unit.certificates.of(number) if card.state_at(now_ms) is CardState.GOOD]


def _instant(ms: int) -> datetime:
    return datetime.fromtimestamp(ms // MS_PER_SECOND, UTC)
