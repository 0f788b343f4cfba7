"""A picture of every screen, in both languages, of people who do not exist.

Upstream: ``samples``; the real presenter and the real window.
Downstream: ``kiosk.commands.gallery``.
"""

from __future__ import annotations

import gettext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.domain.policy import DutyPolicy
from kiosk.domain.recipient_rating import FaceRefusal
from kiosk.domain.record_refusal import RecordRefusal
from kiosk.domain.roster import Punctuality
from kiosk.presenter.acts import TapClose, TapCount, TapDigit, TapNumberPad, TapService
from kiosk.presenter.asking.acts import TapChange, TapHour, TapOtherTime, TapTime
from kiosk.presenter.contents import CameraSight
from kiosk.presenter.faces import TapFaces
from kiosk.presenter.icons import Icon
from kiosk.presenter.kiosk_presenter import KioskPresenter
from kiosk.presenter.phrases import Language
from kiosk.presenter.records.acts import (
    ApplyIntent,
    OpenRecordsIntent,
    ReadRecordIntent,
    Tab,
    TapApply,
    TapBack,
    TapMyRecords,
    TapRecord,
    TapTab,
    TapWrong,
)
from kiosk.presenter.turns import TURN_S
from kiosk.ui import asking_samples, record_samples, roster_samples, samples
from kiosk.ui.desk_gallery import DeskWalk
from kiosk.ui.options import Hooks
from kiosk.ui.plan_gallery import PlanWalk
from kiosk.usecases.outcomes import GroupDeed
from kiosk.usecases.record_outcomes import FaceRefused, FaceTaken, RecordRefused, StarAppliedFor
from sync.protocol.vocabulary import Face, TallyKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.presenter.acts import Intent
    from kiosk.ui.options import PreviewFrame, ScreenOptions

ASSETS = Path(__file__).resolve().parents[2] / "assets"
SETTLE_S = 0.35


class Gallery:
    """Leads one kiosk from screen to screen and photographs each."""

    def __init__(self, out: Path, options: ScreenOptions, picture: PreviewFrame) -> None:
        from kiosk.ui.app import KioskApp  # noqa: PLC0415  after the environment is prepared

        catalogues = {
            language: gettext.translation("kiosk", str(ASSETS / "locale"), [language.value]) for language in Language
        }
        self._out = out
        self._now_s = 0.0
        self._presenter = KioskPresenter(samples.STATION, DutyPolicy(), samples.ZONE, catalogues)
        self._picture = picture
        hooks = Hooks(lambda: self._now_s, self._perform, self._newest, self._begin)
        self.app = KioskApp(self._presenter, options, hooks)
        self.languages = tuple(Language)
        self._desk = DeskWalk(self.app)
        self._plan = PlanWalk(self.app, self._seen)
        self._steps = self._walk()

    def _newest(self, after: int) -> PreviewFrame | None:
        return self._picture if after == 0 else None

    def _perform(self, intent: Intent) -> None:
        self._desk.answer(intent)

    def _begin(self) -> None:
        from kivy.clock import Clock  # noqa: PLC0415  as above

        Clock.schedule_interval(self._step, SETTLE_S)

    def _step(self, _elapsed: float) -> None:
        name = next(self._steps, None)
        if name is None:
            self.app.stop()
            return
        if name:
            self.app.screenshot(self._out / f"{name}.png")

    def _walk(self) -> Iterator[str]:
        """Yield the name of the picture to take, after the screen had its time; an empty name only waits."""
        for language in self.languages:
            code = language.value[:2]
            self.app.camera(CameraSight.SEEING)
            self._presenter.set_language(language, self._now_s)
            self.app.board(samples.board())
            yield ""
            yield f"{code}-idle"
            yield from self._number_pad(code)
            yield from self._records(code)
            yield from self._faces(code)
            yield from self._asking(code)
            yield from self._desk.pages(code)
            yield from self._roster(code)
            yield from self._outcomes(code)
            yield from self._troubles(code)

    def _number_pad(self, code: str) -> Iterator[str]:
        self.app.tap(TapNumberPad())
        yield ""
        yield f"{code}-number-pad"
        for digit in samples.TYPED:
            self.app.tap(TapDigit(digit))
        self._now_s += 2
        yield ""
        yield f"{code}-number-pad-typed"
        self.app.tap(TapClose())

    def _records(self, code: str) -> Iterator[str]:
        """Own records, page by page, as a finger leads through them."""
        scan, first = record_samples.SCAN, record_samples.rows()[0].session
        self.app.tap(TapMyRecords())
        yield from self._seen(f"{code}-records-ask")
        self.app.show(record_samples.own_records(), OpenRecordsIntent(""))
        yield from self._seen(f"{code}-records")
        self.app.tap(TapTab(Tab.HOURS))
        yield from self._seen(f"{code}-records-hours")
        self.app.tap(TapApply(2))
        self.app.show(StarAppliedFor(2), ApplyIntent(scan, 2))
        yield from self._seen(f"{code}-records-applied")
        yield from self._plan.pages(code)
        for corrected in (True, False):
            self.app.tap(TapTab(Tab.LIST))
            self.app.tap(TapRecord(first))
            self.app.show(record_samples.sheet(corrected=corrected), ReadRecordIntent(scan, first))
            yield from self._seen(f"{code}-record-corrected" if corrected else f"{code}-record")
            self.app.tap(TapWrong() if not corrected else TapBack())
        yield from self._seen(f"{code}-record-wrong")
        self.app.show(RecordRefused(RecordRefusal.SCAN_AGAIN))
        yield from self._seen(f"{code}-records-again")
        self.app.tap(TapClose())

    def _faces(self, code: str) -> Iterator[str]:
        for name, outcome in (("thanks", FaceTaken(Face.SATISFIED)), ("wait", FaceRefused(FaceRefusal.AFTER_SCAN))):
            self.app.tap(TapFaces())
            yield from self._seen(f"{code}-faces")
            self.app.show(outcome)
            yield from self._seen(f"{code}-faces-{name}")
            self.app.tap(TapClose())

    def _seen(self, name: str) -> Iterator[str]:
        """Let the screen have its time, then name the picture."""
        self._now_s += 1
        yield ""
        yield name

    def _asking(self, code: str) -> Iterator[str]:
        """The questions after a check-in, a change of service kind, a visiting team, and a drill."""
        question = asking_samples.forgotten()
        self.app.show(question)
        yield from self._seen(f"{code}-forgotten")
        self.app.tap(TapOtherTime())
        yield from self._seen(f"{code}-time-picker")
        self.app.tap(TapHour(asking_samples.HOUR))
        self.app.tap(TapTime(asking_samples.HOUR + timedelta(minutes=30)))
        yield from self._seen(f"{code}-time-picker-chosen")
        self.app.show(asking_samples.forgotten(dated=False))
        yield from self._seen(f"{code}-forgotten-undated")
        self.app.tap(TapOtherTime())
        self.app.tap(TapHour(asking_samples.LENGTH))
        yield from self._seen(f"{code}-time-picker-undated")
        self.app.show(asking_samples.elsewhere())
        yield from self._seen(f"{code}-elsewhere")
        self.app.show(samples.outcomes()["check-out"])
        self.app.tap(TapChange())
        yield from self._seen(f"{code}-change")
        self.app.show(asking_samples.locked_change())
        self.app.tap(TapChange())
        yield from self._seen(f"{code}-change-locked")
        yield from self._group(code)
        yield from self._drill(code)
        for name, outcome in asking_samples.outcomes().items():
            self.app.show(outcome)
            yield from self._seen(f"{code}-{name}")
        self.app.tap(TapClose())

    def _drill(self, code: str) -> Iterator[str]:
        self.app.board(replace(samples.board(), drill=True))
        yield from self._seen(f"{code}-drill-idle")
        self.app.show(replace(samples.checked_in("张建明", Punctuality.ON_TIME), drill=True))
        yield from self._seen(f"{code}-drill-check-in")
        self.app.tap(TapClose())
        self.app.board(samples.board())

    def _group(self, code: str) -> Iterator[str]:
        self.app.board(replace(samples.board(), group=asking_samples.GROUP))
        self.app.tap(TapClose())
        self.app.board(replace(samples.board(), group=asking_samples.GROUP))
        yield from self._seen(f"{code}-group")
        for deed in GroupDeed:
            self.app.show(asking_samples.scanned(deed))
            yield from self._seen(f"{code}-group-{deed}")
        self.app.show(samples.outcomes()["refusal"])
        yield from self._seen(f"{code}-group-refusal")
        self.app.board(samples.board())

    def _roster(self, code: str) -> Iterator[str]:
        """The roster at the booth: matched, at the wrong point, what waits, who comes next, straight on."""
        for name, outcome in roster_samples.outcomes().items():
            self.app.show(outcome)
            yield from self._seen(f"{code}-{name}")
        self.app.tap(TapClose())
        self._now_s += 2 * TURN_S  # the undo of the last scan is over by then
        while getattr(self._presenter.tick(self._now_s).view, "notice_icon", None) is not Icon.WALK_IN:
            self._now_s += TURN_S  # after the notices, the open posts have their turn
        self._now_s -= 1
        yield from self._seen(f"{code}-idle-wanted")

    def _outcomes(self, code: str) -> Iterator[str]:
        for name, outcome in samples.outcomes().items():
            self.app.show(outcome)
            if name == "check-out":
                for _ in range(3):
                    self.app.tap(TapCount(TallyKind.DIRECTIONS, 1))
            if name == "check-in-long":
                self.app.tap(TapService("tea_charging"))
            self._now_s += 2
            yield ""
            yield f"{code}-{name}"
        self.app.show(samples.outcomes()["check-in"])
        self._now_s += 8.2
        yield ""
        yield f"{code}-idle-undo"
        self._now_s += 5

    def _troubles(self, code: str) -> Iterator[str]:
        self.app.board(samples.board(waiting=41, calibrated=False))
        for sight in (CameraSight.DARK, CameraSight.GONE):
            self.app.camera(sight)
            yield ""
            yield f"{code}-camera-{sight}"
