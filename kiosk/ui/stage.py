"""The whole window: header, one screen, status line; copies a screen state onto them.

Upstream: ``kiosk.presenter.views.ScreenState``.
Downstream: ``app``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kivy.properties import ColorProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.presenter.acts import TapOutside
from kiosk.presenter.navigation import Screen
from kiosk.presenter.views import Tone
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.ask_card import AskCardScreen
from kiosk.ui.screens.change import ChangeScreen
from kiosk.ui.screens.check_in import CheckInScreen
from kiosk.ui.screens.check_out import CheckOutScreen
from kiosk.ui.screens.desk import DeskScreen
from kiosk.ui.screens.faces import FacesScreen
from kiosk.ui.screens.group import GroupScreen
from kiosk.ui.screens.idle import IdleScreen
from kiosk.ui.screens.notice import NoticeScreen
from kiosk.ui.screens.number_pad import NumberPadScreen
from kiosk.ui.screens.objection import ObjectionScreen
from kiosk.ui.screens.own_exchange import OwnExchangeScreen
from kiosk.ui.screens.own_hours import OwnHoursScreen
from kiosk.ui.screens.own_place import OwnPlaceScreen
from kiosk.ui.screens.own_plan import OwnPlanScreen
from kiosk.ui.screens.own_record import OwnRecordScreen
from kiosk.ui.screens.own_records import OwnRecordsScreen
from kiosk.ui.screens.question import QuestionScreen
from kiosk.ui.screens.time_picker import TimePickerScreen
from kiosk.ui.theme import THEME
from kiosk.ui.widgets.header import HeaderBand
from kiosk.ui.widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.presenter.acts import Tap
    from kiosk.presenter.views import ScreenState
    from kiosk.ui.options import PreviewFrame

__all__ = ["HeaderBand", "Stage", "StatusBar"]

_SCREENS = {
    Screen.IDLE: IdleScreen,
    Screen.CHECK_IN: CheckInScreen,
    Screen.CHECK_OUT: CheckOutScreen,
    Screen.QUESTION: QuestionScreen,
    Screen.NOTICE: NoticeScreen,
    Screen.NUMBER_PAD: NumberPadScreen,
    Screen.TIME_PICKER: TimePickerScreen,
    Screen.CHANGE: ChangeScreen,
    Screen.GROUP: GroupScreen,
    Screen.ASK_CARD: AskCardScreen,
    Screen.OWN_RECORDS: OwnRecordsScreen,
    Screen.OWN_HOURS: OwnHoursScreen,
    Screen.OWN_PLAN: OwnPlanScreen,
    Screen.OWN_PLACE: OwnPlaceScreen,
    Screen.OWN_EXCHANGE: OwnExchangeScreen,
    Screen.OWN_RECORD: OwnRecordScreen,
    Screen.OBJECTION: ObjectionScreen,
    Screen.FACES: FacesScreen,
    Screen.DESK: DeskScreen,
}


class Stage(BoxLayout):
    """The root of the window."""

    drill = StringProperty("")
    drill_ground = ColorProperty(THEME.paper)
    drill_ink = ColorProperty(THEME.ink)

    def __init__(
        self, on_tap: Callable[[Tap], None], preview: Callable[[int], PreviewFrame | None], **properties: Any
    ) -> None:
        super().__init__(**properties)
        self._on_tap = on_tap
        self._preview = preview
        self._screens: dict[Screen, Any] = {}
        self._state: ScreenState | None = None
        self._header = self.ids.header.__self__
        self._status = self.ids.status.__self__  # ids alone do not keep what leaves the tree

    def show(self, state: ScreenState) -> None:
        """Draw what differs from the state before."""
        before, self._state = self._state, state
        if before is None or before.header != state.header:
            self._header.show(state.header)
            self._show_drill(state.header.drill)
        if before is None or before.status_line != state.status_line:
            self._status.show(state.status_line)
        screen = self.screen(state.screen)
        if before is None or before.view != state.view:
            screen.show(state.view)
        if before is None or before.screen is not state.screen:
            self._show_header(shown=state.screen is not Screen.DESK)
            self._show_status_line(shown=state.screen is Screen.IDLE)
            self.ids.holder.clear_widgets()
            self.ids.holder.add_widget(screen)
            self.screen(Screen.IDLE).ids.preview.watch(self._preview if state.screen is Screen.IDLE else None)

    def _show_header(self, *, shown: bool) -> None:
        """The desk has a band of its own in its place."""
        if shown and self._header.parent is None:
            self.add_widget(self._header, index=len(self.children))
        elif not shown and self._header.parent is self:
            self.remove_widget(self._header)

    def _show_drill(self, text: str) -> None:
        self.drill, self.drill_ground, self.drill_ink = text, THEME.ground(Tone.WARN), THEME.text(Tone.WARN)

    def _show_status_line(self, *, shown: bool) -> None:
        """The machine's own state is for the idle screen; a card needs the room for its person."""
        if shown and self._status.parent is None:
            self.add_widget(self._status)
        elif not shown and self._status.parent is self:
            self.remove_widget(self._status)

    def screen(self, name: Screen) -> Any:
        """Return a screen, made on first use."""
        if name not in self._screens:
            self._screens[name] = _SCREENS[name]()
        return self._screens[name]

    def tapped(self, tap: Tap) -> None:
        """Take what a control asks for."""
        self._on_tap(tap)

    def on_touch_down(self, touch: Any) -> bool:
        if not super().on_touch_down(touch):
            self._on_tap(TapOutside())
        return True


load_beside(__file__)
