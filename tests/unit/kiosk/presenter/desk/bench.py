"""The desk on a bench: fingers in, pages out, every read answered by made-up records, every act kept."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kiosk.presenter.acts import TapConfirm, TapDigit
from kiosk.presenter.desk.door import Doorway
from kiosk.presenter.desk.intents import Answered, ReceiveIntent
from kiosk.presenter.desk.taps import Place, TapPlace
from kiosk.presenter.phrases import Language
from kiosk.presenter.views import Countdown
from kiosk.ui import desk_samples
from kiosk.ui.samples import NOW
from kiosk.usecases import desk
from tests.unit.kiosk.presenter.station import a_voice

if TYPE_CHECKING:
    from kiosk.presenter.acts import Intent, Tap
    from kiosk.presenter.area import Area, Step
    from kiosk.presenter.desk.views import DeskView
    from kiosk.usecases.area_outcome import AreaOutcome
    from kiosk.usecases.outcomes import Outcome

FAR = Countdown(55, 0.9)


@dataclass
class Bench:
    """One desk; ``board`` and ``sheet`` are what the station answers now, ``sent`` the acts that await an answer."""

    area: Area | None = field(default_factory=Doorway)
    board: dict[str, Any] = field(default_factory=dict)
    sheet: Any = None
    sent: list[Intent] = field(default_factory=list)
    reads: list[Intent] = field(default_factory=list)
    last: Step | None = None

    def _take(self, step: Step) -> None:
        self.area, self.last = step.area, step
        for intent in step.intents:
            answer = self._answer(intent)
            if answer is None:
                self.sent.append(intent)
            elif self.area is not None:
                self.reads.append(intent)
                answered = self.area.shown(answer, intent)
                assert answered is not None
                self._take(answered)

    def _answer(self, intent: Any) -> Answered | None:
        answer = desk_samples.answer(intent)
        if isinstance(answer, Answered) and isinstance(answer.came, desk.DeskBoard):
            return Answered(replace(answer.came, **self.board))
        if isinstance(answer, Answered) and isinstance(answer.came, desk.SessionSheet) and self.sheet:
            return Answered(replace(self.sheet, line=replace(self.sheet.line, session_id=intent.session_id)))
        return answer

    def tap(self, *taps: Tap) -> Bench:
        """Put a finger on each."""
        for tap in taps:
            assert self.area is not None
            self._take(self.area.tapped(tap, 0.0))
        return self

    def show(self, outcome: Outcome | AreaOutcome, answers: Intent | None = None) -> Step | None:
        """Bring an outcome; None where the desk leaves it to others."""
        assert self.area is not None
        step = self.area.shown(outcome, answers)
        if step is not None:
            self._take(step)
        return step

    def answered(self, came: Any) -> Bench:
        """Answer the last act that was sent."""
        assert self.show(Answered(came), self.sent[-1]) is not None
        return self

    def view(self, language: Language = Language.CHINESE, countdown: Countdown = FAR) -> DeskView:
        """What is on the screen."""
        assert self.area is not None
        return self.area.view(a_voice(language), NOW, countdown)  # type: ignore[return-value]  # every page's

    @property
    def body(self) -> Any:
        """The page alone."""
        return self.view().body

    def shows(self, shape: type) -> bool:
        """Whether the page has this shape."""
        return isinstance(self.body, shape)

    @property
    def title(self) -> str:
        """What the page is about."""
        return self.view().band.title

    @property
    def word(self) -> str:
        """What the band says of the last act."""
        word = self.view().word
        return "" if word is None else word.text

    @property
    def act(self) -> Any:
        """The last act that was sent."""
        return self.sent[-1]


def at_the_door(text: str = "card") -> Bench:
    """Return a desk whose door has seen an operator's card."""
    bench, shown = Bench(), ReceiveIntent(text)
    bench.show(desk_samples.answer(shown) or Answered(desk_samples.OPERATOR), shown)
    return bench


def inside(**board: Any) -> Bench:
    """Return a desk with somebody at it."""
    bench = at_the_door()
    bench.board = board
    return bench.tap(*map(TapDigit, "274918"), TapConfirm())


def on(place: Place, **board: Any) -> Bench:
    """Return a desk at one of its places."""
    return inside(**board).tap(TapPlace(place))
