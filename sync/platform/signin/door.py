"""The door: signing in and out, coming back with a session, choosing a password, proving oneself for a grave deed.

Upstream: ``store``, ``passwords``, ``tries``, ``rights``.
Downstream: ``console.gate``, ``console.sign_in_pages``.

A session's secret is 256 random bits in a cookie; the database holds its SHA-256. Every form of a session carries a
word that only the secret yields. Wrong name, wrong password, closed account and account without a term in force are one
answer, and cost the same time.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from dataclasses import dataclass, field, replace

from sync.platform import passwords
from sync.platform.passwords import SALT_BYTES, Costs
from sync.platform.ports import Ports, unix_ms
from sync.platform.signin.audit import Deed, Done
from sync.platform.signin.people import (
    IDLE_MS,
    MINUTE_MS,
    PROVED_FOR_MS,
    WHOLE_MS,
    Account,
    ConsoleSession,
    Visitor,
    account_name,
)
from sync.platform.signin.rights import in_force
from sync.platform.signin.tries import Kind, after_another, wait_ms
from sync.platform.store import Database, Unit

SECRET_BYTES = 32
DOOR = "sign-in"  # whose rows are written: one try at a time
AT_ONCE = 2  # passwords looked at side by side: each takes 64 MiB


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The secret of a new session, for the cookie alone."""

    secret: str
    must_change: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody was let in; ``wait_ms``: how long not to try again, 0 where the word was simply wrong."""

    wait_ms: int = 0


@dataclass(slots=True)
class Door:
    """Who comes in over one database. ``costs`` are those of a new password."""

    database: Database
    ports: Ports
    costs: Costs = field(default_factory=Costs)
    _looking: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))
    _nobody: str | None = None

    def has_accounts(self) -> bool:
        """Tell whether anybody could sign in at all."""
        with self.database.reading() as unit:
            return unit.accounts.count() > 0

    def sign_in(self, given_name: str, password: str, address: str) -> SignedIn | Refused:
        """Open a session for a name and its password."""
        name = account_name(given_name)
        digests = {Kind.ACCOUNT: _digest(name or given_name[:256]), Kind.ADDRESS: _digest(address)}
        waits = self._count_try(digests)
        if waits:
            return Refused(waits)
        with self.database.reading() as unit:
            account = unit.accounts.named(name) if name else None
            held = in_force(unit.accounts.holdings(account), self._now_ms()) if account else ()
        good = self._matches(account, password) and account is not None and account.closed_ms is None and bool(held)
        if not good or account is None:
            self._note(Done(None, Deed.SIGN_IN_REFUSED, account.id if account else ""))
            return Refused()
        return self._open(account, digests, address)

    def come_back(self, secret: str, *, awake: bool = True) -> Visitor | None:
        """Return who a session's secret belongs to, with the rights of this moment; None where it is not good.

        Args:
            secret: of the cookie.
            awake: somebody asked; False: a page did by itself, which does not keep a session from ending.
        """
        digest, now_ms = _digest(secret), self._now_ms()
        with self.database.reading() as unit:
            session = unit.accounts.session(digest)
            account = unit.accounts.find(session.account) if session else None
            held = in_force(unit.accounts.holdings(account), now_ms) if account else ()
        if session is None or account is None or account.closed_ms is not None or not session.is_open(now_ms):
            return None
        if awake and now_ms - session.seen_ms >= MINUTE_MS:
            with self.database.writing(DOOR) as unit:
                unit.accounts.touch(digest, now_ms, session.proved_ms)
        is_proved = 0 <= now_ms - session.proved_ms < PROVED_FOR_MS
        return Visitor(account, session, held, form_word(secret), is_proved)

    def prove(self, visitor: Visitor, password: str, address: str) -> bool:
        """Tell whether somebody typed the own password just now or a short while ago; wrong ones are counted."""
        if visitor.is_proved and not password:
            return True
        digests = {Kind.ACCOUNT: _digest(visitor.account.name), Kind.ADDRESS: _digest(address)}
        if self._count_try(digests) or not self._matches(visitor.account, password):
            return False
        with self.database.writing(DOOR) as unit:
            unit.accounts.touch(visitor.session.digest, self._now_ms(), self._now_ms())
            _forget(unit, digests)
        return True

    def change_password(self, visitor: Visitor, new: str) -> bool:
        """Choose a new password and end the other sessions; False where it is too easy. The old one was proved."""
        account = visitor.account
        if not passwords.is_good(new, account.name) or self._matches(account, new):
            return False
        kept = self.hashed(new)
        with self.database.writing(DOOR) as unit:
            unit.accounts.put(replace(account, kept=kept, must_change=False))
            unit.accounts.end_sessions(account.id, but=visitor.session.digest)
            unit.audit.note(Done(account.id, Deed.PASSWORD_CHANGED, account.id), self._now_ms())
        return True

    def sign_out(self, visitor: Visitor, *, everywhere: bool = False) -> None:
        """End this session, or all of the account."""
        deed = Deed.SIGNED_OUT_EVERYWHERE if everywhere else Deed.SIGNED_OUT
        with self.database.writing(DOOR) as unit:
            if everywhere:
                unit.accounts.end_sessions(visitor.account.id)
            unit.accounts.end_session(visitor.session.digest)
            unit.audit.note(Done(visitor.account.id, deed, visitor.account.id), self._now_ms())

    def hashed(self, password: str) -> str:
        """Return what is kept of a password."""
        with self._looking:
            return passwords.hashed(password, self.ports.entropy(SALT_BYTES), self.costs)

    def _matches(self, account: Account | None, password: str) -> bool:
        if self._nobody is None:
            self._nobody = self.hashed(self.ports.entropy(SECRET_BYTES).hex())
        with self._looking:
            return passwords.matches(account.kept if account else self._nobody, password)

    def _count_try(self, digests: dict[Kind, str]) -> int:
        """Count a try, durably and before it is looked at; return how long to wait instead, ms."""
        with self.database.writing(DOOR) as unit:
            now_ms = self._now_ms()
            tries = {kind: unit.accounts.tries(kind, digest) for kind, digest in digests.items()}
            waits = max(wait_ms(each, kind, now_ms) for kind, each in tries.items())
            if not waits:
                for kind, digest in digests.items():
                    unit.accounts.note_try(kind, digest, after_another(tries[kind], now_ms))
        return waits

    def _open(self, account: Account, digests: dict[Kind, str], address: str) -> SignedIn:
        secret, now_ms = self.ports.entropy(SECRET_BYTES).hex(), self._now_ms()
        with self.database.writing(DOOR) as unit:
            unit.accounts.forget_sessions(now_ms - IDLE_MS, now_ms - WHOLE_MS)
            unit.accounts.open_session(ConsoleSession(_digest(secret), account.id, now_ms, now_ms, now_ms, address))
            _forget(unit, digests)
            unit.audit.note(Done(account.id, Deed.SIGNED_IN, account.id), now_ms)
        return SignedIn(secret, account.must_change)

    def _note(self, done: Done) -> None:
        with self.database.writing(DOOR) as unit:
            unit.audit.note(done, self._now_ms())

    def _now_ms(self) -> int:
        return unix_ms(self.ports.clock())


def form_word(secret: str) -> str:
    """Return what every form of a session carries."""
    return hmac.digest(secret.encode(), b"form", "sha256").hex()


def _forget(unit: Unit, digests: dict[Kind, str]) -> None:
    unit.accounts.forget_tries(Kind.ACCOUNT, digests[Kind.ACCOUNT])
    held = unit.accounts.tries(Kind.ADDRESS, digests[Kind.ADDRESS])
    unit.accounts.note_try(Kind.ADDRESS, digests[Kind.ADDRESS], replace(held, count=max(0, held.count - 1)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
