"""Accounts, sessions and who is signed in, as frozen values.

Upstream: ``rights``.
Downstream: ``store.accounts`` makes them; ``door``, ``console`` and the commands read them.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from sync.platform.signin.rights import Holding, Places, Right, giving, places_of

MOST_NAME = 32
MINUTE_MS = 60_000
IDLE_MS = 30 * MINUTE_MS  # NIST SP 800-63B (rev. 3) 4.2.3: 30 minutes without activity …
WHOLE_MS = 12 * 60 * MINUTE_MS  # … and 12 hours at most
PROVED_FOR_MS = 5 * MINUTE_MS  # a password typed as recently need not be typed again for a grave deed


def account_name(text: str) -> str | None:
    """Return a sign-in name as it is kept: letters, digits, ``.``, ``_``, ``-``; None where the text is none."""
    name = unicodedata.normalize("NFKC", text).strip().casefold()
    shape = all(character.isalnum() or character in "._-" for character in name)
    return name if 1 < len(name) <= MOST_NAME and shape else None


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in; times are UTC ms.

    Attributes:
        kept: what is kept of the password.
        must_change: the password was given by another and is good for one thing: choosing an own one.
        volunteer: whose appointments give rights here, or None.
        own: the account's own term, or None.
        closed_ms: since when it is closed, or None.
    """

    id: str
    name: str
    kept: str
    must_change: bool
    volunteer: str | None
    own: Holding | None
    created_ms: int
    closed_ms: int | None = None


@dataclass(frozen=True, slots=True)
class ConsoleSession:
    """A browser that is signed in, by the SHA-256 of its secret; times are UTC ms.

    Attributes:
        seen_ms: when it was last used, to the minute.
        proved_ms: when the password was last typed.
    """

    digest: str
    account: str
    begun_ms: int
    seen_ms: int
    proved_ms: int
    address: str

    def is_open(self, now_ms: int) -> bool:
        """Tell whether it is still good at an instant, UTC ms."""
        return now_ms - self.seen_ms < IDLE_MS and now_ms - self.begun_ms < WHOLE_MS


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in, with the rights of this very moment.

    Attributes:
        held: the terms that are in force.
        form: what every form of this session carries.
        is_proved: the password was typed a short while ago.
    """

    account: Account
    session: ConsoleSession
    held: tuple[Holding, ...]
    form: str
    is_proved: bool

    def may(self, right: Right) -> bool:
        """Tell whether a right is held anywhere."""
        return bool(giving(self.held, right))

    def places(self, right: Right) -> Places | None:
        """Return where a right is held; None: everywhere."""
        return places_of(self.held, right)
