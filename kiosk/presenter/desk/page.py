"""What a page of the desk is: a frozen value that knows its words, and what each tap makes of it.

Upstream: ``taps``, ``intents``, ``views``.
Downstream: one module for every page; ``desk`` keeps them in a stack.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.domain.operators import Right
    from kiosk.presenter.acts import Tap
    from kiosk.presenter.desk.intents import Came, DeskIntent
    from kiosk.presenter.desk.views import Body
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.desk import DeskBoard
    from kiosk.usecases.operator_outcomes import SignedIn
    from kiosk.usecases.read_people import People


@dataclass(frozen=True, slots=True)
class Context:
    """What every page inside may look at: who works here, and what the desk last read."""

    operator: SignedIn
    board: DeskBoard | None = None
    people: People | None = None

    def may(self, right: Right) -> bool:
        """Tell whether the operator may do this, as far as the desk knows now."""
        return self.board is not None and right.value in self.board.rights


@dataclass(frozen=True, slots=True)
class Turn:
    """What a tap makes of a page.

    Attributes:
        page: stands in its place; None: it stays.
        over: is laid over it.
        reads: what is to be read anew.
        act: what is to be done, once; its answer brings the desk back to the last page that ``is_base``.
    """

    page: Page | None = None
    over: Page | None = None
    reads: tuple[DeskIntent, ...] = ()
    act: DeskIntent | None = None


STAYS = Turn()


class Page(ABC):
    """One page; whatever it does not know changes nothing."""

    __slots__ = ()

    @property
    def is_base(self) -> bool:
        """Whether acts begin here: what was done leads back to it."""
        return False

    @property
    def asks_once(self) -> bool:
        """Whether it only sums up what is about to be done: a refusal leads one page back."""
        return False

    @abstractmethod
    def title(self, voice: Voice) -> str:
        """Say what it is about."""

    @abstractmethod
    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:
        """Put it into words."""

    def tapped(self, tap: Tap, context: Context) -> Turn:  # noqa: ARG002  for others
        """Do what a finger asked for."""
        return STAYS

    def took(self, came: Came) -> Page:  # noqa: ARG002  for others
        """Take what was read."""
        return self

    def follows(self, came: Came, context: Context) -> tuple[DeskIntent, ...]:  # noqa: ARG002  for others
        """Return what is to be done next, now that this came."""
        return ()

    @property
    def leaves(self) -> tuple[DeskIntent, ...]:
        """What is to be done as it goes away."""
        return ()

    def wants(self, context: Context) -> tuple[DeskIntent, ...]:  # noqa: ARG002  for others
        """Return what is to be read whenever this page comes to the top."""
        return ()
