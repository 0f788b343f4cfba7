"""The own plan page by page, as a finger leads through it, for the gallery.

Upstream: ``plan_samples``.
Downstream: ``gallery``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.presenter.records.acts import (
    AnswerIntent,
    Part,
    Tab,
    TapBack,
    TapColleague,
    TapLeaveFor,
    TapOutcome,
    TapPart,
    TapPlace,
    TapPost,
    TapSay,
    TapStandIns,
    TapSwap,
    TapTab,
    TapTurn,
)
from kiosk.ui import plan_samples, record_samples
from kiosk.usecases.record_outcomes import Reply, RosterAnswered
from sync.protocol.vocabulary import RosterAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kiosk.ui.app import KioskApp


class PlanWalk:
    """Leads the pages of 我的记录 through the own plan, from any of them."""

    def __init__(self, app: KioskApp, seen: Callable[[str], Iterator[str]]) -> None:
        """Take the window, and what lets a screen have its time and names the picture."""
        self._app, self._seen = app, seen

    def pages(self, code: str) -> Iterator[str]:
        """Yield the names of the pictures of every page."""
        self._app.tap(TapTab(Tab.PLAN))
        yield from self._seen(f"{code}-records-plan")
        self._app.tap(TapTurn(1))
        yield from self._seen(f"{code}-plan-more")
        yield from self._shift(code)
        yield from self._exchange(code)
        yield from self._outcome(code)
        yield from self._open(code)
        self._app.tap(TapPart(Part.THINGS))
        yield from self._seen(f"{code}-plan-things")

    def _shift(self, code: str) -> Iterator[str]:
        self._app.tap(TapPlace("mine-1"))
        yield from self._seen(f"{code}-plan-offered")
        self._say(TapSay(RosterAnswer.ACCEPT), RosterAnswer.ACCEPT, "mine-1")
        yield from self._seen(f"{code}-plan-accepting")
        self._app.tap(TapBack())
        self._app.tap(TapPlace("mine-2"))
        yield from self._seen(f"{code}-plan-accepted")
        self._app.tap(TapSay(RosterAnswer.LEAVE))
        yield from self._seen(f"{code}-plan-leave")
        self._say(TapLeaveFor(None), RosterAnswer.LEAVE, "mine-2")
        yield from self._seen(f"{code}-plan-leaving")
        self._app.tap(TapBack())
        self._app.tap(TapPlace("mine-3"))
        self._app.tap(TapSay(RosterAnswer.ASK_SWAP))
        yield from self._seen(f"{code}-plan-colleagues")
        self._app.tap(TapColleague("fang-2"))
        yield from self._seen(f"{code}-plan-ask")
        self._app.tap(TapBack())
        self._app.tap(TapStandIns(wanted=True))
        yield from self._seen(f"{code}-plan-stand-ins")
        self._app.tap(TapColleague("ming-1"))
        yield from self._seen(f"{code}-plan-ask-favour")
        self._say(TapSay(RosterAnswer.ASK_SWAP), RosterAnswer.ASK_SWAP, "mine-3")
        self._app.tap(TapBack())

    def _exchange(self, code: str) -> Iterator[str]:
        self._app.tap(TapSwap("swap-1"))
        yield from self._seen(f"{code}-plan-asked")
        self._say(TapSay(RosterAnswer.AGREE_SWAP), RosterAnswer.AGREE_SWAP, "swap-1")
        yield from self._seen(f"{code}-plan-agreed")
        self._app.tap(TapBack())

    def _outcome(self, code: str) -> Iterator[str]:
        self._app.tap(TapOutcome("said-1"))
        yield from self._seen(f"{code}-plan-outcome")
        self._app.tap(TapBack())

    def _open(self, code: str) -> Iterator[str]:
        self._app.tap(TapPart(Part.OPEN))
        yield from self._seen(f"{code}-plan-open")
        self._app.tap(TapPost("post-1"))
        yield from self._seen(f"{code}-plan-post")
        self._say(TapSay(RosterAnswer.TAKE), RosterAnswer.TAKE, "post-1")
        yield from self._seen(f"{code}-plan-taken")
        self._app.tap(TapBack())
        self._app.tap(TapPost("post-2"))
        yield from self._seen(f"{code}-plan-unfit")
        self._app.tap(TapBack())

    def _say(self, tap: TapSay | TapLeaveFor, answer: RosterAnswer, of: str) -> None:
        """Touch an answer, and let it be noted."""
        reply = Reply(answer, of)
        plan = plan_samples.plan(plan_samples.ME, plan_samples.said(answer, of))
        self._app.tap(tap)
        self._app.show(RosterAnswered(reply, plan), AnswerIntent(record_samples.SCAN, reply))
