"""Issued cards: counting serials up, noting cards, ending them, and which are ended.

Upstream: ``tables``, ``mapping``.
Downstream: ``certificates``, ``publishing``, ``console``, the commands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from sync.platform.records import CardHolder, DayCard, Ending, IssuedCertificate
from sync.platform.store import mapping
from sync.platform.store.tables import CertificateRow, DayCardRow, PhoneRow, SerialCounterRow, VolunteerRow
from sync.protocol.vocabulary import CertificateKind


class Certificates:
    """The card rows of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count_up(self, issuer: str, kind: CertificateKind) -> int:
        """Return the issuer's next number of this kind, from 1; within one transaction with what it is given to.

        The row is locked by the UPDATE, so that of two transactions the second waits for the first; two that begin a
        counter at once break on its primary key rather than repeat a number.
        """
        counter = (SerialCounterRow.issuer == issuer, SerialCounterRow.kind == kind.value)
        raised = update(SerialCounterRow).where(*counter).values(last=SerialCounterRow.last + 1)
        last = self._session.scalar(raised.returning(SerialCounterRow.last))
        if last is None:
            last = 1
            self._session.add(SerialCounterRow(issuer=issuer, kind=kind.value, last=last))
            self._session.flush()
        return last

    def add(self, issued: IssuedCertificate) -> None:
        """Note an issued card."""
        self._session.add(mapping.certificate_row(issued))
        self._session.flush()

    def of(self, volunteer: str) -> tuple[IssuedCertificate, ...]:
        """Return a volunteer's cards, the newest first."""
        query = select(CertificateRow).where(CertificateRow.volunteer == volunteer)
        newest = query.order_by(CertificateRow.issued_ms.desc(), CertificateRow.serial.desc())
        return tuple(mapping.certificate_of(row) for row in self._session.scalars(newest))

    def end(self, issued: IssuedCertificate, ending: Ending, at_ms: int) -> None:
        """End a card; the first instant stays, a later and graver reason takes the place of an earlier one."""
        query = update(CertificateRow).where(
            CertificateRow.issuer == issued.issuer, CertificateRow.serial == issued.serial
        )
        ended = func.coalesce(CertificateRow.ended_ms, at_ms)
        self._session.execute(query.values(ended_ms=ended, ending=ending.value))

    def add_day_card(self, card: DayCard) -> None:
        """Note a visitor's card."""
        self._session.add(mapping.day_card_row(card))
        self._session.flush()

    def day_card(self, number: str) -> DayCard | None:
        """Return the visitor's card of a number."""
        row = self._session.scalar(select(DayCardRow).where(DayCardRow.number == number))
        return None if row is None else mapping.day_card_of(row)

    def end_day_card(self, number: str, at_ms: int) -> None:
        """End a visitor's card; the first instant stays."""
        query = update(DayCardRow).where(DayCardRow.number == number)
        self._session.execute(query.values(ended_ms=func.coalesce(DayCardRow.ended_ms, at_ms)))

    def ended(self, expiring_after_ms: int) -> Mapping[str, list[bytes]]:
        """Return the serials of ended cards by issuer, without those that expired before an instant (UTC ms)."""
        query = select(CertificateRow.issuer, CertificateRow.serial).where(
            CertificateRow.ended_ms.is_not(None), CertificateRow.expires_ms > expiring_after_ms
        )
        found: dict[str, list[bytes]] = defaultdict(list)
        of_days = select(DayCardRow.issuer, DayCardRow.serial).where(
            DayCardRow.ended_ms.is_not(None), DayCardRow.expires_ms > expiring_after_ms
        )
        for issuer, serial in self._session.execute(query.union_all(of_days)):
            found[issuer].append(bytes.fromhex(serial))
        return found

    def holders(self, wanted: str, offset: int, limit: int) -> tuple[CardHolder, ...]:
        """Return volunteers of a number or a part of a name (empty: all), by number, each with the newest card."""
        newer = aliased(CertificateRow)
        is_newest = ~exists().where(
            newer.volunteer == CertificateRow.volunteer,
            (newer.issued_ms > CertificateRow.issued_ms)
            | ((newer.issued_ms == CertificateRow.issued_ms) & (newer.serial > CertificateRow.serial)),
        )
        has_phone = exists().where(PhoneRow.volunteer == VolunteerRow.number, PhoneRow.closed_ms.is_(None))
        of_volunteer = (CertificateRow.volunteer == VolunteerRow.number) & is_newest
        query = select(VolunteerRow, CertificateRow, has_phone).outerjoin(CertificateRow, of_volunteer)
        page = query.where(_is_wanted(wanted)).order_by(VolunteerRow.number).offset(offset).limit(limit)
        return tuple(_holder(*row) for row in self._session.execute(page))

    def count_holders(self, wanted: str) -> int:
        """Return how many volunteers :meth:`holders` would give."""
        return self._session.scalar(select(func.count()).select_from(VolunteerRow).where(_is_wanted(wanted))) or 0


def _is_wanted(wanted: str) -> ColumnElement[bool]:
    part = VolunteerRow.name.contains(wanted, autoescape=True)
    return (VolunteerRow.number == wanted) | part


def _holder(volunteer: VolunteerRow, card: CertificateRow | None, phone: int) -> CardHolder:
    return CardHolder(mapping.volunteer_of(volunteer), mapping.certificate_of(card) if card else None, bool(phone))
