"""Accounts are added, closed and given a new password or term; each is noted in the log.

Upstream: ``store``, ``passwords``, ``people``.
Downstream: ``commands.account``, the accounts page, ``demo``.

A password given by another is generated, shown once, and good for choosing an own one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sync.platform.errors import PlatformError, UnknownError
from sync.platform.ports import Ports, unix_ms
from sync.platform.signin.audit import Deed, Done
from sync.platform.signin.people import Account, account_name
from sync.platform.signin.rights import EVERYWHERE, TEAM_BOUND, Holding
from sync.platform.store import Unit
from sync.protocol.enrolling import CODE_ALPHABET

GIVEN_GROUPS, GIVEN_GROUP = 4, 4  # 16 of 32 characters: 80 bits
Hashed = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Enlisting:
    """Who adds and changes accounts within an open transaction; ``by`` is an account's id, None at the command line."""

    unit: Unit
    ports: Ports
    hashed: Hashed
    by: str | None = None

    def add(self, name: str, password: str, *, volunteer: str | None = None, own: Holding | None = None) -> Account:
        """Add an account that must choose another password at its first sign-in.

        Raises:
            PlatformError: the name is taken or none, or nothing would give it a right.
            UnknownError: the volunteer is not registered.
        """
        kept_name = account_name(name)
        if kept_name is None:
            raise PlatformError("A sign-in name has 2 to 32 letters, digits, dots, dashes or underscores.")
        if self.unit.accounts.named(kept_name) is not None:
            raise PlatformError(f"There is an account {kept_name} already. Name another.")
        if volunteer is None and own is None:
            raise PlatformError("An account needs a role with its term, or a volunteer whose appointments give it one.")
        if volunteer is not None and self.unit.registry.volunteer(volunteer) is None:
            raise UnknownError(f"No volunteer {volunteer} is registered here.")
        if own is not None:
            check_term(own)
        now_ms = unix_ms(self.ports.clock())
        account = Account(self.ports.ids(), kept_name, self.hashed(password), True, volunteer, own, now_ms)
        self.unit.accounts.put(account)
        self._note(Deed.ACCOUNT_ADDED, account, own.role.value if own else "volunteer")
        return account

    def reset(self, name: str, password: str) -> Account:
        """Give an account another password, end its sessions, and let its owner choose an own one.

        Raises:
            UnknownError: there is no such account.
        """
        account = replace(self.find(name), kept=self.hashed(password), must_change=True)
        self.unit.accounts.put(account)
        self.unit.accounts.end_sessions(account.id)
        self._note(Deed.PASSWORD_RESET, account)
        return account

    def set_term(self, name: str, own: Holding) -> Account:
        """Give an account another term of its own.

        Raises:
            UnknownError: there is no such account.
            PlatformError: the term is none.
        """
        check_term(own)
        account = replace(self.find(name), own=own)
        self.unit.accounts.put(account)
        self._note(Deed.ACCOUNT_TERM_SET, account, own.role.value)
        return account

    def close(self, name: str) -> Account:
        """Close an account and end its sessions; it stays on record.

        Raises:
            UnknownError: there is no such account.
        """
        account = replace(self.find(name), closed_ms=unix_ms(self.ports.clock()))
        self.unit.accounts.put(account)
        self.unit.accounts.end_sessions(account.id)
        self._note(Deed.ACCOUNT_CLOSED, account)
        return account

    def find(self, name: str) -> Account:
        """Return the account of a name.

        Raises:
            UnknownError: there is none, or it is closed.
        """
        account = self.unit.accounts.named(account_name(name) or "")
        if account is None or account.closed_ms is not None:
            raise UnknownError(f"There is no open account {name!r}. 'account list' shows those there are.")
        return account

    def _note(self, deed: Deed, account: Account, detail: str = "") -> None:
        point = account.own.service_point if account.own else None
        self.unit.audit.note(Done(self.by, deed, account.id, detail, point), unix_ms(self.ports.clock()))


def generated(ports: Ports) -> str:
    """Return a password to be shown once: sixteen characters in groups of four."""
    characters = [CODE_ALPHABET[byte % len(CODE_ALPHABET)] for byte in ports.entropy(GIVEN_GROUPS * GIVEN_GROUP)]
    groups = (characters[at : at + GIVEN_GROUP] for at in range(0, len(characters), GIVEN_GROUP))
    return "-".join("".join(group) for group in groups)


def check_term(own: Holding) -> None:
    """Refuse a term that could give nothing.

    Raises:
        PlatformError: what is wrong with it.
    """
    if own.until_ms <= own.from_ms:
        raise PlatformError("A term ends after it begins. Put --from and --until right.")
    if own.service_point is None and own.role not in EVERYWHERE:
        raise PlatformError("This role belongs to a service point. Name it with --service-point.")
    if own.role in TEAM_BOUND and not own.team:
        raise PlatformError("A captain 队长 has a team. Name it with --team.")
