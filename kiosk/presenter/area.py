"""An area: a part of the kiosk with pages of its own, which the state machine of the screen only routes to.

Upstream: ``acts``, ``views``, ``kiosk.usecases`` (outcomes).
Downstream: ``kiosk_presenter`` keeps one as its content; 我的记录, 服务评价, 值班台 and the questions are areas.

How to add one, without a line in ``kiosk_presenter``::

    taps, intents   frozen dataclasses of your own that inherit acts.AreaTap, acts.AreaIntent
    views           frozen dataclasses that inherit views.AreaView
    outcomes        frozen dataclasses that inherit usecases.area_outcome.AreaOutcome
    pages           frozen, slotted dataclasses that inherit Area: one page is one value, another page another value
    the way in      a line in ``areas.OPENERS``: by a tap on the idle screen, or by an outcome
    the screen      a line in ``navigation.Screen`` and one in ``kiosk.ui.stage``
    the deed        a line in ``kiosk.commands.deeds``: intent type ─▶ what the station does

What routing promises: an area gets every tap but the language's while it is on the screen, and is asked first about
every outcome. It closes by itself when nobody touched it for ``stays_s``. Whatever it leaves to others (a check-in by
somebody who came to the camera) replaces it as it replaces any card. ``left`` is asked whenever it goes for good.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from kiosk.presenter.acts import Intent, Tap
    from kiosk.presenter.navigation import Screen
    from kiosk.presenter.views import Countdown, Sound, View
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.area_outcome import AreaOutcome
    from kiosk.usecases.board import Board
    from kiosk.usecases.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Step:
    """What comes of a tap or of an outcome.

    Attributes:
        area: the page from now on, the same one or another; None closes to the idle screen.
        intents: to be carried out, like those of any card.
        sound: to be played once.
        then: an outcome to be shown by the ordinary screens instead; ``area`` is None.
        touched: its time begins anew; False where somebody else's doing came in between.
    """

    area: Area | None
    intents: tuple[Intent, ...] = ()
    sound: Sound | None = None
    then: Outcome | None = None
    touched: bool = True


class Area(ABC):
    """One page of an area; an immutable value. ``screen`` and ``stays_s`` may be class variables or properties."""

    __slots__ = ()

    @property
    @abstractmethod
    def screen(self) -> Screen:
        """Which screen draws it."""

    @property
    @abstractmethod
    def stays_s(self) -> int:
        """How long it stays untouched, in seconds; more than 0."""

    @property
    def sound(self) -> Sound | None:
        """What is heard as it is opened from outside."""
        return None

    @property
    def scan_as(self) -> Callable[[str], Intent] | None:
        """What the text of the next scan becomes while this page is shown; None: duty, as always.

        The intent is carried out in place of the record of duty, and its outcome comes back as its answer.
        """
        return None

    @abstractmethod
    def tapped(self, tap: Tap, now_s: float) -> Step:
        """Do what a finger asked for; ``Step(self)`` where it means nothing here."""

    def shown(self, outcome: Outcome | AreaOutcome, answers: Intent | None) -> Step | None:  # noqa: ARG002  for others
        """Take an outcome; None: not mine, ordinary navigation goes on."""
        return None

    def boarded(self, board: Board) -> Area | None:  # noqa: ARG002  for others
        """Take the station's newest board without any change of time; None closes to the idle screen."""
        return self

    def left(self) -> tuple[Intent, ...]:
        """Return what must still go out as this page goes away for good, for whatever reason."""
        return ()

    @abstractmethod
    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> View:
        """Put the page into words, as a view of its own or as one of the ordinary screens' (a notice, say).

        ``now`` (aware UTC) is None until the station's first board.
        """
