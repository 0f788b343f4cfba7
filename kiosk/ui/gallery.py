"""A picture of every screen, in both languages, of people who do not exist.

Upstream: ``samples``; the real presenter and the real window.
Downstream: ``kiosk.commands.gallery``.
"""

from __future__ import annotations

import gettext
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.domain.policy import DutyPolicy
from kiosk.presenter.acts import TapClose, TapCount, TapDigit, TapNumberPad, TapService
from kiosk.presenter.contents import CameraSight
from kiosk.presenter.kiosk_presenter import KioskPresenter
from kiosk.presenter.phrases import Language
from kiosk.ui import samples
from kiosk.ui.options import Hooks
from sync.protocol.vocabulary import TallyKind

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        hooks = Hooks(lambda: self._now_s, lambda _intent: None, self._newest, self._begin)
        self.app = KioskApp(self._presenter, options, hooks)
        self._steps = self._walk()

    def _newest(self, after: int) -> PreviewFrame | None:
        return self._picture if after == 0 else None

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
        for language in Language:
            code = language.value[:2]
            self.app.camera(CameraSight.SEEING)
            self._presenter.set_language(language, self._now_s)
            self.app.board(samples.board())
            yield ""
            yield f"{code}-idle"
            yield from self._number_pad(code)
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
