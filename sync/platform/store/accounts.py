"""Accounts of the console, their sessions, and how often a password was wrong.

Upstream: ``tables``, ``signin`` (values).
Downstream: ``signin.door``, ``signin.enlisting``, ``console``.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from sync.platform.signin.people import Account, ConsoleSession
from sync.platform.signin.rights import Holding, Role
from sync.platform.signin.tries import FORGOTTEN_AFTER_MS, KEPT_AT_MOST, Kind, Tries
from sync.platform.store.tables import AccountRow, AppointmentRow, ConsoleSessionRow, SignInTryRow


class Accounts:
    """The account rows of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self) -> int:
        """Return how many accounts there are, closed ones too."""
        return self._session.scalar(select(func.count()).select_from(AccountRow)) or 0

    def named(self, name: str) -> Account | None:
        """Return the account of a sign-in name, closed ones too."""
        row = self._session.scalars(select(AccountRow).where(AccountRow.name == name)).first()
        return None if row is None else _account_of(row)

    def find(self, id_: str) -> Account | None:
        """Return an account, closed ones too."""
        row = self._session.get(AccountRow, id_)
        return None if row is None else _account_of(row)

    def all(self) -> tuple[Account, ...]:
        """Return every account, by name."""
        return tuple(_account_of(row) for row in self._session.scalars(select(AccountRow).order_by(AccountRow.name)))

    def put(self, account: Account) -> None:
        """Write an account, over the one of that id."""
        own = account.own
        self._session.merge(
            AccountRow(
                id=account.id,
                name=account.name,
                password=account.kept,
                must_change=account.must_change,
                volunteer=account.volunteer,
                role=own.role.value if own else None,
                service_point=own.service_point if own else None,
                team=own.team if own else None,
                from_ms=own.from_ms if own else None,
                until_ms=own.until_ms if own else None,
                created_ms=account.created_ms,
                closed_ms=account.closed_ms,
            )
        )
        self._session.flush()

    def holdings(self, account: Account) -> tuple[Holding, ...]:
        """Return every term of an account, past and coming ones too: its own, and its volunteer's appointments."""
        own = (account.own,) if account.own else ()
        if account.volunteer is None:
            return own
        rows = self._session.scalars(
            select(AppointmentRow)
            .where(AppointmentRow.volunteer == account.volunteer)
            .order_by(AppointmentRow.from_ms, AppointmentRow.id)
        )
        return (*own, *_appointed(rows))

    def open_session(self, opened: ConsoleSession) -> None:
        """Note a session."""
        self._session.add(
            ConsoleSessionRow(
                digest=opened.digest,
                account=opened.account,
                begun_ms=opened.begun_ms,
                seen_ms=opened.seen_ms,
                proved_ms=opened.proved_ms,
                address=opened.address,
            )
        )
        self._session.flush()

    def session(self, digest: str) -> ConsoleSession | None:
        """Return a session by the digest of its secret."""
        row = self._session.get(ConsoleSessionRow, digest)
        return None if row is None else _session_of(row)

    def sessions(self, account: str) -> tuple[ConsoleSession, ...]:
        """Return the sessions of an account, the latest used first."""
        query = select(ConsoleSessionRow).where(ConsoleSessionRow.account == account)
        return tuple(
            _session_of(row) for row in self._session.scalars(query.order_by(ConsoleSessionRow.seen_ms.desc()))
        )

    def touch(self, digest: str, seen_ms: int, proved_ms: int) -> None:
        """Note that a session was used, and when its password was last typed (UTC ms)."""
        query = update(ConsoleSessionRow).where(ConsoleSessionRow.digest == digest)
        self._session.execute(query.values(seen_ms=seen_ms, proved_ms=proved_ms))

    def end_session(self, digest: str) -> None:
        """Forget one session."""
        self._session.execute(delete(ConsoleSessionRow).where(ConsoleSessionRow.digest == digest))

    def end_sessions(self, account: str, but: str | None = None) -> int:
        """Forget every session of an account but one; return how many there were."""
        query = delete(ConsoleSessionRow).where(ConsoleSessionRow.account == account)
        gone = self._session.execute(query.where(ConsoleSessionRow.digest != (but or "")))
        return int(getattr(gone, "rowcount", 0))

    def forget_sessions(self, seen_before_ms: int, begun_before_ms: int) -> None:
        """Forget the sessions that are too old to be used."""
        stale = (ConsoleSessionRow.seen_ms <= seen_before_ms) | (ConsoleSessionRow.begun_ms <= begun_before_ms)
        self._session.execute(delete(ConsoleSessionRow).where(stale))

    def tries(self, kind: Kind, digest: str) -> Tries:
        """Return the wrong passwords that are counted under a digest."""
        row = self._session.get(SignInTryRow, (kind.value, digest))
        return Tries() if row is None else Tries(row.count, row.last_ms)

    def note_try(self, kind: Kind, digest: str, tries: Tries) -> None:
        """Keep a count; old ones are forgotten, and where there are too many the oldest too."""
        self._session.execute(delete(SignInTryRow).where(SignInTryRow.last_ms <= tries.last_ms - FORGOTTEN_AFTER_MS))
        self._session.merge(SignInTryRow(kind=kind.value, digest=digest, count=tries.count, last_ms=tries.last_ms))
        self._session.flush()
        beyond = select(SignInTryRow.last_ms).order_by(SignInTryRow.last_ms.desc()).offset(KEPT_AT_MOST).limit(1)
        oldest = self._session.scalar(beyond)
        if oldest is not None:
            self._session.execute(delete(SignInTryRow).where(SignInTryRow.last_ms <= oldest))

    def forget_tries(self, kind: Kind, digest: str) -> None:
        """Begin a count anew."""
        query = delete(SignInTryRow).where(SignInTryRow.kind == kind.value, SignInTryRow.digest == digest)
        self._session.execute(query)


def _account_of(row: AccountRow) -> Account:
    own = None
    if row.role is not None and row.from_ms is not None and row.until_ms is not None:
        own = Holding(Role(row.role), row.from_ms, row.until_ms, row.service_point, row.team)
    return Account(row.id, row.name, row.password, row.must_change, row.volunteer, own, row.created_ms, row.closed_ms)


def _appointed(rows: Iterable[AppointmentRow]) -> Iterable[Holding]:
    for row in rows:
        if row.role in set(Role):
            yield Holding(Role(row.role), row.from_ms, row.until_ms, row.service_point, row.team)


def _session_of(row: ConsoleSessionRow) -> ConsoleSession:
    return ConsoleSession(row.digest, row.account, row.begun_ms, row.seen_ms, row.proved_ms, row.address)
