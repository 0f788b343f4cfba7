"""What the platform itself decides: its epoch, service points, volunteers, issuer keys.

Upstream: ``tables``.
Downstream: ``registry``, ``receiving`` (epoch), ``console``.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.platform.records import Volunteer
from sync.platform.store import mapping
from sync.platform.store.tables import (
    IssuerKeyRow,
    PlatformStateRow,
    ServicePointRow,
    VolunteerRow,
)
from sync.protocol.reference import ServicePoint
from sync.protocol.trust import TrustedKey

ONLY_ROW = 1


class Registry:
    """The registry rows of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def epoch(self) -> str | None:
        """Return the epoch of this database, or None where none was ever given."""
        row = self._session.get(PlatformStateRow, ONLY_ROW)
        return None if row is None else row.epoch

    def begin_epoch(self, epoch: str) -> None:
        """Give this database an epoch, over the one it had."""
        self._session.merge(PlatformStateRow(id=ONLY_ROW, epoch=epoch))
        self._session.flush()

    def next_version(self, now_ms: int) -> int:
        """Return a version for reference data, higher than every one before, at best the present instant (UTC ms)."""
        row = self._session.get_one(PlatformStateRow, ONLY_ROW, with_for_update=True)
        row.published = max(now_ms, row.published + 1)
        self._session.flush()
        return row.published

    def folded(self) -> tuple[int, str]:
        """Return the version of the fold that wrote all sessions, and how far a later one has come."""
        row = self._session.get(PlatformStateRow, ONLY_ROW)
        return (0, "") if row is None else (row.folded, row.folded_to)

    def note_folded(self, version: int, folded_to: str) -> None:
        """Note how far the sessions have been folded anew; an empty ``folded_to`` means all of them."""
        row = self._session.get_one(PlatformStateRow, ONLY_ROW)
        row.folded, row.folded_to = version, folded_to
        self._session.flush()

    def nonce_secret(self) -> str:
        """Return the secret that nonces are made of, hex; empty where none was agreed on yet."""
        row = self._session.get(PlatformStateRow, ONLY_ROW)
        return "" if row is None else row.nonce_secret

    def agree_on_nonce_secret(self, made: str) -> str:
        """Return the secret that stands, or let ``made`` (hex) be it; the caller holds the writers of one name."""
        row = self._session.get(PlatformStateRow, ONLY_ROW, with_for_update=True)
        if row is None or row.nonce_secret:
            return made if row is None else row.nonce_secret
        row.nonce_secret = made
        self._session.flush()
        return made

    def service_point(self, wanted: str) -> ServicePoint | None:
        """Return the service point of this id or of exactly this name."""
        query = select(ServicePointRow).where((ServicePointRow.id == wanted) | (ServicePointRow.name == wanted))
        row = self._session.scalars(query.order_by(ServicePointRow.id)).first()
        return None if row is None else _service_point_of(row)

    def service_points(self) -> tuple[ServicePoint, ...]:
        """Return all service points, by name."""
        rows = self._session.scalars(select(ServicePointRow).order_by(ServicePointRow.name, ServicePointRow.id))
        return tuple(_service_point_of(row) for row in rows)

    def add_service_point(self, point: ServicePoint) -> None:
        """Register a service point."""
        self._session.add(
            ServicePointRow(id=point.id, name=point.name, region=point.region, opens=point.opens, closes=point.closes)
        )
        self._session.flush()

    def add_volunteers(self, volunteers: Iterable[Volunteer]) -> None:
        """Register volunteers, or write a registered one's name and service anew."""
        for volunteer in volunteers:
            self._session.merge(
                VolunteerRow(
                    number=volunteer.number,
                    name=volunteer.name,
                    service=volunteer.service,
                    registered_ms=volunteer.registered_ms,
                )
            )
        self._session.flush()

    def volunteer(self, number: str) -> Volunteer | None:
        """Return a registered volunteer."""
        row = self._session.get(VolunteerRow, number)
        return None if row is None else mapping.volunteer_of(row)

    def count_volunteers(self) -> int:
        """Return how many volunteers are registered."""
        return self._session.scalar(select(func.count()).select_from(VolunteerRow)) or 0

    def put_issuer_key(self, key: TrustedKey) -> None:
        """Add a key to the trust list, or write its validity anew."""
        self._session.merge(
            IssuerKeyRow(
                kid=key.kid,
                issuer=key.issuer,
                algorithm=key.algorithm,
                public=key.public,
                valid_from_ms=key.valid_from_ms,
                valid_until_ms=key.valid_until_ms,
            )
        )
        self._session.flush()

    def issuer_keys(self) -> tuple[TrustedKey, ...]:
        """Return the keys of the trust list, by key id."""
        return tuple(
            mapping.trusted_key_of(row)
            for row in self._session.scalars(select(IssuerKeyRow).order_by(IssuerKeyRow.kid))
        )


def _service_point_of(row: ServicePointRow) -> ServicePoint:
    return ServicePoint(row.id, row.name, row.region, row.opens, row.closes)
