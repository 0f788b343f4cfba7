"""What a finger can ask for on these pages, and what is to be done about it.

Upstream: ``kiosk.presenter.acts``.
Downstream: the pages beside, ``kiosk.commands.deeds``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.presenter.acts import AreaIntent, AreaTap

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.usecases.state_end import Said
    from sync.protocol.vocabulary import StatementAnswer


@dataclass(frozen=True, slots=True)
class TapEnd(AreaTap):
    """The duty ended then; aware UTC."""

    answer: StatementAnswer
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class TapOtherTime(AreaTap):
    """None of these: another time."""


@dataclass(frozen=True, slots=True)
class TapHour(AreaTap):
    """An hour of the time picker, by the first time within it."""

    first: datetime


@dataclass(frozen=True, slots=True)
class TapTime(AreaTap):
    """A time of the chosen hour."""

    at: datetime


@dataclass(frozen=True, slots=True)
class TapBack(AreaTap):
    """The page before."""


@dataclass(frozen=True, slots=True)
class TapMoveHere(AreaTap):
    """那边下岗，这里上岗."""


@dataclass(frozen=True, slots=True)
class TapTakeBack(AreaTap):
    """Take the scan back that led to this page."""


@dataclass(frozen=True, slots=True)
class TapChange(AreaTap):
    """换岗, on the check-out card."""


@dataclass(frozen=True, slots=True)
class TapGroupDone(AreaTap):
    """完成: everybody of the visiting team was here."""


@dataclass(frozen=True, slots=True)
class StateEndIntent(AreaIntent):
    """Record the word of whoever made the check-in of this event id."""

    check_in: str
    said: Said

    @property
    def stands(self) -> str:
        """The check-in does; the question comes again."""
        return "fault.statement"


@dataclass(frozen=True, slots=True)
class EndElsewhereIntent(AreaIntent):
    """End a session of another place at the instant of the check-in of this event id."""

    check_in: str
    session_id: str

    @property
    def stands(self) -> str:
        """The check-in does."""
        return "fault.elsewhere"


@dataclass(frozen=True, slots=True)
class ChangeServiceIntent(AreaIntent):
    """Go on with another service kind from the check-out of this event id."""

    check_out: str
    service: str

    @property
    def stands(self) -> str:
        """The check-out does."""
        return "fault.change"


@dataclass(frozen=True, slots=True)
class StayOnIntent(AreaIntent):
    """Take an open post and go on with it from the check-out of this event id."""

    check_out: str
    post: str

    @property
    def stands(self) -> str:
        """The check-out does."""
        return "fault.stay_on"


@dataclass(frozen=True, slots=True)
class CloseGroupIntent(AreaIntent):
    """Close a visiting team's group."""

    group: str

    @property
    def stands(self) -> str:
        """The group goes on."""
        return "fault.group"
