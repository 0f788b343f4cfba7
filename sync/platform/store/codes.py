"""Enrolment codes: made by people, used by one device each, known here by their hash alone.

Upstream: ``tables``.
Downstream: ``enrolling``, the ``device code`` commands, ``console``.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sync.platform.store.tables import EnrolmentCodeRow


@dataclass(frozen=True, slots=True)
class CodeStanding:
    """An enrolment code as it can be shown: everything but the code. Times are UTC ms.

    Attributes:
        id: what it is withdrawn by.
        fingerprint: hex of the code's hash.
        service_point: the place its device will stand at.
        name: what the device will be called.
        device: the one it made, once used.
    """

    id: str
    fingerprint: str
    service_point: str
    name: str
    made_ms: int
    expires_ms: int
    withdrawn_ms: int | None = None
    used_ms: int | None = None
    device: str | None = None

    def is_open(self, now_ms: int) -> bool:
        """Tell whether a device can still be made with it."""
        return self.used_ms is None and self.withdrawn_ms is None and now_ms < self.expires_ms


class Codes:
    """The codes of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, code: CodeStanding) -> None:
        """Keep a new code."""
        self._session.add(
            EnrolmentCodeRow(
                id=code.id,
                fingerprint=code.fingerprint,
                service_point=code.service_point,
                name=code.name,
                made_ms=code.made_ms,
                expires_ms=code.expires_ms,
            )
        )
        self._session.flush()

    def find(self, fingerprint: str) -> CodeStanding | None:
        """Return the code of a hash, used and expired ones too."""
        row = self._session.scalars(
            select(EnrolmentCodeRow).where(EnrolmentCodeRow.fingerprint == fingerprint)
        ).one_or_none()
        return None if row is None else _standing_of(row)

    def all(self) -> tuple[CodeStanding, ...]:
        """Return every code, latest first."""
        rows = self._session.scalars(
            select(EnrolmentCodeRow).order_by(EnrolmentCodeRow.made_ms.desc(), EnrolmentCodeRow.id)
        )
        return tuple(_standing_of(row) for row in rows)

    def use(self, code: CodeStanding, now_ms: int) -> bool:
        """Use a code up, unless somebody else was first, it was withdrawn or has expired; tell whether it was open."""
        still = (
            EnrolmentCodeRow.id == code.id,
            EnrolmentCodeRow.used_ms.is_(None),
            EnrolmentCodeRow.withdrawn_ms.is_(None),
            EnrolmentCodeRow.expires_ms > now_ms,
        )
        return self._change(still, used_ms=now_ms)

    def name_device(self, code: CodeStanding, device: str) -> None:
        """Note which device a code made."""
        self._change((EnrolmentCodeRow.id == code.id,), device=device)

    def withdraw(self, code_id: str, now_ms: int) -> bool:
        """Let no device be made with a code any more; tell whether there was an unused one of this id."""
        unused = (
            EnrolmentCodeRow.id == code_id,
            EnrolmentCodeRow.used_ms.is_(None),
            EnrolmentCodeRow.withdrawn_ms.is_(None),
        )
        return self._change(unused, withdrawn_ms=now_ms)

    def _change(self, which: tuple[object, ...], **values: object) -> bool:
        changed = update(EnrolmentCodeRow).where(*which).values(**values).returning(EnrolmentCodeRow.id)  # type: ignore[arg-type]
        return self._session.execute(changed).first() is not None


def _standing_of(row: EnrolmentCodeRow) -> CodeStanding:
    return CodeStanding(
        row.id,
        row.fingerprint,
        row.service_point,
        row.name,
        row.made_ms,
        row.expires_ms,
        row.withdrawn_ms,
        row.used_ms,
        row.device,
    )
