"""Leads a kiosk through every page of the operator's desk, as fingers would, for its pictures.

Upstream: ``desk_samples``; the app of the gallery.
Downstream: ``gallery``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.presenter.acts import TapConfirm, TapDigit
from kiosk.presenter.desk.intents import Answered, ConfirmMany, ReceiveIntent
from kiosk.presenter.desk.taps import (
    Act,
    Place,
    TapAct,
    TapBack,
    TapDesk,
    TapLock,
    TapMatter,
    TapPick,
    TapPlace,
    TapStep,
)
from kiosk.ui import desk_samples
from kiosk.usecases.desk import Awaiting
from kiosk.usecases.desk_outcomes import SessionConfirmed
from kiosk.usecases.export_ports import ExportFault, ExportProgress, NotExported, Phase
from sync.protocol.vocabulary import Matter, SessionState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.presenter.acts import Intent, Tap


class DeskWalk:
    """Answers the desk's reads with samples, and taps from page to page."""

    def __init__(self, app: Any) -> None:
        self._app, self._code = app, ""
        self.kind, self.state = "statement", {"drill": False, "group": False}

    def answer(self, intent: Intent) -> None:
        """Answer a read, as the duty thread would."""
        answer = desk_samples.answer(intent, self.kind, **self.state)  # type: ignore[arg-type]  # others: None
        if answer is not None:
            self._app.post(lambda: self._app.show(answer, intent))

    def pages(self, code: str) -> Iterator[str]:
        """Yield the name of every picture, beginning with ``code``, once its page stands."""
        self._code, self.kind, self.state = code, "statement", {"drill": False, "group": False}
        yield from self._door()
        yield from self._records()
        yield from self._forms()
        yield from self._rest()
        self._app.tap(TapLock())

    def _go(self, name: str, *taps: Tap) -> Iterator[str]:
        for tap in taps:
            self._app.tap(tap)
            yield ""
        yield ""
        yield f"{self._code}-desk-{name}"

    def _home(self, depth: int) -> None:
        for _ in range(depth):
            self._app.tap(TapBack())

    def _door(self) -> Iterator[str]:
        yield from self._go("door", TapDesk())
        first = ReceiveIntent("first")
        self._app.show(desk_samples.answer(first), first)
        yield from self._go("pin-first")
        shown = ReceiveIntent("card")
        self._app.show(desk_samples.answer(shown), shown)
        yield from self._go("pin", *(TapDigit(digit) for digit in "274918"))
        yield from self._go("home", TapConfirm())

    def _records(self) -> Iterator[str]:
        yield from self._go("on-duty", TapPlace(Place.ON_DUTY))
        self._home(1)
        yield from self._go("queue", TapPlace(Place.QUEUE), TapAct(Act.ALL))
        yield from self._go("confirm", TapAct(Act.CONFIRM))
        sent = ConfirmMany(desk_samples.OPERATOR, ("s0",))
        yield from self._go("queue-empty", TapBack(), TapMatter(Matter.OBJECTION))
        yield from self._go("session", TapMatter(Matter.CONFIRM), TapPick("s0"))
        yield from self._go("confirm-one", TapAct(Act.CONFIRM))
        done = SessionConfirmed("s0", "张建明", Awaiting.STATEMENT, SessionState.CONFIRMED, 208)
        self._app.tap(TapAct(Act.CONFIRM))
        self._app.show(Answered(done), sent)
        yield from self._go("session-said")

    def _forms(self) -> Iterator[str]:
        yield from self._go("correct-why", TapAct(Act.AMEND))
        yield from self._go("correct-times", TapPick("wrong_clock"), TapStep("end", -5))
        yield from self._go("correct-sum", TapAct(Act.GO_ON))
        self._home(3)
        yield from self._go("void-why", TapAct(Act.VOID))
        yield from self._go("void-sum", TapPick("not_present"))
        self._home(3)
        self.kind = "disputed"
        yield from self._go("session-disputed", TapPick("s1"))
        yield from self._go("rate", TapAct(Act.RATE), TapPick("good"), TapPick("people_satisfied"))
        yield from self._go("rule", TapBack(), TapAct(Act.DECIDE))
        yield from self._go("dismiss-why", TapAct(Act.DISMISS))
        self._home(4)

    def _rest(self) -> Iterator[str]:
        yield from self._go("people", TapPlace(Place.ENTER_HOURS))
        yield from self._go("people-pad", TapAct(Act.SEARCH), TapDigit("2"))
        yield from self._go("enter-service", TapConfirm(), TapPick(desk_samples.people().known[0].volunteer))
        yield from self._go("enter-times", TapPick("directions"))
        yield from self._go("enter-why", TapAct(Act.GO_ON))
        yield from self._go("enter-sum", TapPick("forgot_card"))
        self._home(5)
        yield from self._go("group-team", TapPlace(Place.GROUP), TapPick("environment"))
        self._home(1)
        self.state = {"drill": True, "group": True}
        self._home(1)
        yield from self._go("group-open", TapPlace(Place.GROUP))
        self._home(1)
        yield from self._go("kit", TapPlace(Place.KIT))
        yield from self._go("kit-person", TapPick(desk_samples.board().on_duty[0].volunteer))
        self._home(2)
        yield from self._go("export", TapPlace(Place.EXPORT))
        self._app.tap(TapAct(Act.BEGIN))
        running = Answered(ExportProgress(Phase.COPY, 340, 1000))
        self._app.show(running)
        yield from self._go("export-running")
        self._app.show(Answered(NotExported(ExportFault.NO_TARGET)))
        yield from self._go("export-pulled")
        self._home(1)
        yield from self._go("health", TapPlace(Place.HEALTH))
        self._home(1)
        yield from self._go("drill", TapPlace(Place.DRILL))
        self._home(1)
        yield from self._go("home-busy")
