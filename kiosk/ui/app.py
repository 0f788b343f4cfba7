"""The kiosk's window and its life: the presenter's states drawn, fingers and seconds brought back.

Upstream: ``kiosk.presenter`` (one presenter, handed in), ``options``.
Downstream: ``kiosk.composition`` builds it, posts outcomes to it and runs it.

Every method but :meth:`KioskApp.post` belongs to the UI thread.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kivy.app import App
from kivy.clock import Clock

from kiosk.presenter.navigation import Screen
from kiosk.ui import bridge
from kiosk.ui.keyboard import Keyboard
from kiosk.ui.palette import STARK, WARM
from kiosk.ui.theme import THEME, register_faces
from kiosk.ui.widgets.icon import read_glyphs
from kiosk.ui.window import configure, open_window

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.presenter.acts import Intent, Tap
    from kiosk.presenter.contents import CameraSight
    from kiosk.presenter.kiosk_presenter import KioskPresenter
    from kiosk.presenter.views import ScreenState
    from kiosk.ui.options import Hooks, KeyDown, ScreenOptions
    from kiosk.usecases.area_outcome import AreaOutcome
    from kiosk.usecases.board import Board
    from kiosk.usecases.outcomes import Outcome

BRISK_S, CALM_S = 0.1, 1.0  # how often time is let pass: while something counts down, and else


class KioskApp(App):
    """The screen of one kiosk. ``run`` returns after ``stop``."""

    use_kivy_settings = False

    def __init__(self, presenter: KioskPresenter, options: ScreenOptions, hooks: Hooks) -> None:
        configure(options)
        super().__init__()
        self.state: ScreenState | None = None
        self._presenter = presenter
        self._options = options
        self._hooks = hooks
        self._keyboard = Keyboard(hooks.clock, self._key)  # kept here: Kivy's bindings are weak
        self._stage: Any = None
        self._focus: Any = None
        self._sounds: Any = None
        self._window: Any = None
        self._ticked_s = 0.0

    # ---- from other threads

    def post(self, deed: Callable[[], object]) -> None:
        """Run ``deed`` in the UI thread; may be called from any thread, also before ``run``."""
        bridge.post(deed)

    # ---- what happens, in the UI thread

    def show(self, outcome: Outcome | AreaOutcome, answers: Intent | None = None) -> None:
        """Show what came of a scan, or of the intent it answers."""
        self._apply(self._presenter.show(outcome, self._hooks.clock(), answers))

    def board(self, board: Board) -> None:
        """Take the station's newest board."""
        self._apply(self._presenter.board(board, self._hooks.clock()))

    def camera(self, sight: CameraSight) -> None:
        """Take the camera's newest state."""
        self._apply(self._presenter.camera(sight, self._hooks.clock()))

    def still_shown(self) -> None:
        """The card of the last scan is still held before the lens."""
        self._apply(self._presenter.still_shown(self._hooks.clock()))

    def tap(self, tap: Tap) -> None:
        """Do what a finger asked for."""
        self._apply(self._presenter.tap(tap, self._hooks.clock()))

    def screenshot(self, path: Path) -> Path:
        """Write what is on the screen as PNG, and return where."""
        self._window.dispatch("on_draw")
        numbered = Path(self._window.screenshot(name=str(path.absolute())))
        self._window.dispatch("on_flip")
        return numbered.replace(path.absolute())

    # ---- Kivy's life

    def build(self) -> Any:
        self._window = open_window(self._options)
        THEME.use(STARK if self._options.high_contrast else WARM)
        self._window.clearcolor = THEME.paper
        self._fit()
        self._window.bind(size=self._fit)
        register_faces(self._options.assets / "fonts", self._options.assets / "icons")
        read_glyphs(self._options.assets / "icons")
        from kiosk.ui.focus import Focus  # noqa: PLC0415  as above
        from kiosk.ui.stage import Stage  # noqa: PLC0415  its textures need the window

        self._stage = Stage(self.tap, self._hooks.preview)
        self._focus = Focus(self._stage)
        if self._options.emblem is not None:
            self._stage.ids.header.set_emblem(self._options.emblem)
        self._apply(self._presenter.tick(self._hooks.clock()))
        return self._stage

    def on_start(self) -> None:
        self._keyboard.watch(self._window)
        self._window.bind(on_flip=self._drawn_first)

    def open_settings(self, *_: object) -> bool:
        """Nobody gets out of the kiosk: F1 opens nothing."""
        return False

    def _drawn_first(self, *_: object) -> None:
        self._window.unbind(on_flip=self._drawn_first)
        self._hooks.ready()
        covering = (screen for screen in Screen if screen is not Screen.IDLE)
        for delay_s, name in enumerate(covering, 1):
            Clock.schedule_once(lambda _elapsed, name=name: self._stage.screen(name), delay_s / 5)
        Clock.schedule_once(self._load_sounds, 0)
        Clock.schedule_interval(self._tick, BRISK_S)

    def _load_sounds(self, _elapsed: float) -> None:
        from kiosk.ui.sounds import Sounds  # noqa: PLC0415  the audio library waits until the screen stands

        self._sounds = Sounds(self._options.assets / "sounds", self._options.volume)

    def _key(self, key: KeyDown) -> None:
        """A key is a reader's first; what follows nothing is a person's, and may go from control to control."""
        self._hooks.key(key)
        if self._focus is not None:
            self._focus.press(key)

    def _fit(self, *_: object) -> None:
        width, height = self._window.size
        THEME.fit(width, height, self._options.pixels_per_mm)

    def _tick(self, _elapsed: float) -> None:
        now_s = self._hooks.clock()
        calm = self.state is not None and self.state.screen is Screen.IDLE
        if not calm or now_s - self._ticked_s >= CALM_S:
            self._ticked_s = now_s
            self._apply(self._presenter.tick(now_s))

    def _apply(self, state: ScreenState) -> None:
        before, self.state = self.state, state
        if before is not None and before.scan_as != state.scan_as:
            self._hooks.scan_as(state.scan_as)
        if self._stage is not None:
            self._stage.show(state)
            self._focus.look()
        if state.sound is not None and self._sounds is not None:
            self._sounds.play(state.sound)
        for intent in state.intents:
            self._hooks.perform(intent)
