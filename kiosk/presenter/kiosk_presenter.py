"""The state machine of the screen: outcomes, taps and seconds in, the whole screen out.

Upstream: ``navigation`` (which screen), ``stay`` (how long), ``contents``, ``touch``, ``undo_offer`` (what changes),
the modules of the screens (what they say).
Downstream: ``kiosk.ui.app`` owns one and draws what it returns.

No thread, no clock: every call brings ``now_s``, seconds of a clock that only goes forward.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.presenter import acts, contents
from kiosk.presenter.area import Area, Step
from kiosk.presenter.areas import OPENERS
from kiosk.presenter.cards import card_view
from kiosk.presenter.idle import idle_view
from kiosk.presenter.navigation import CUES, Cue, Screen, next_screen, stays_s
from kiosk.presenter.phrases import Language, phrases_by_language
from kiosk.presenter.sounds import SOUNDS
from kiosk.presenter.status import header_of, status_line_of
from kiosk.presenter.stay import Stay
from kiosk.presenter.touch import left_of, settled, touched
from kiosk.presenter.undo_offer import offer_after
from kiosk.presenter.views import ScreenState
from kiosk.presenter.wording import Voice
from kiosk.usecases import outcomes
from kiosk.usecases.area_outcome import AreaOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    from kiosk.domain.policy import DutyPolicy
    from kiosk.domain.refusal import RecordingFault
    from kiosk.presenter.areas import Openers
    from kiosk.presenter.phrases import Translations
    from kiosk.presenter.touch import Shown
    from kiosk.presenter.undo_offer import UndoOffer
    from kiosk.presenter.views import Sound, View
    from kiosk.usecases.board import Board

LANGUAGE_S = 60  # untouched for this long, the kiosk speaks the station's language again

_WRITTEN = (
    outcomes.CheckedIn
    | outcomes.CheckedOut
    | outcomes.GroupScanned
    | outcomes.Undone
    | outcomes.ServiceChosen
    | outcomes.Tallied
    | outcomes.EndStated
    | outcomes.EndedElsewhere
)


class KioskPresenter:
    """What is on the screen of one station."""

    def __init__(
        self,
        station: str,
        policy: DutyPolicy,
        zone: tzinfo,
        catalogues: Mapping[Language, Translations],
        openers: Openers = OPENERS,
    ) -> None:
        """Begin with the idle screen.

        Args:
            station: its name until the first board brings it.
            policy: how long cards, refusals and undo last.
            zone: the station's time zone.
            catalogues: one for every language.
            openers: the ways into the areas.
        """
        self._openers = openers
        self._station = station
        self._policy = policy
        self._voices = {
            language: Voice(phrases, zone, policy) for language, phrases in phrases_by_language(catalogues).items()
        }
        self._language = Language.CHINESE
        self._touched_s = 0.0
        self._screen = Screen.IDLE
        self._content: Shown = None
        self._stay = Stay()
        self._undo: UndoOffer | None = None
        self._board: Board | None = None
        self._board_s = 0.0
        self._sight = contents.CameraSight.STARTING
        self._fault: RecordingFault | None = None

    # ---- what happens

    def show(
        self, outcome: outcomes.Outcome | AreaOutcome, now_s: float, answers: acts.Intent | None = None
    ) -> ScreenState:
        """Show what came of a scan, or of an intent.

        Args:
            outcome: what came of it; made after the commit returned.
            now_s: see the module.
            answers: the intent it came of; None for a scan.
        """
        self._expire(now_s)
        self._remember(outcome, now_s, answers)
        step = self._content.shown(outcome, answers) if isinstance(self._content, Area) else None
        if step is not None:
            return self._take(step, now_s)
        return self._navigate(outcome, now_s, answers)

    def tap(self, tap: acts.Tap, now_s: float) -> ScreenState:
        """Do what a finger asked for; any touch lets a card stay."""
        before = self.tick(now_s)
        self._touched_s = now_s
        self._stay = self._stay.touched(now_s)
        if isinstance(self._content, Area) and not isinstance(tap, acts.TapLanguage):
            return self._take(self._content.tapped(tap, now_s), now_s, before.intents)
        if isinstance(tap, acts.AreaTap):
            return self._enter(tap, now_s, before.intents)
        intents = (*before.intents, *self._tapped(tap))
        return self._state(now_s, intents=intents)

    def tick(self, now_s: float) -> ScreenState:
        """Let time pass: cards close, the undo ends, the clock goes on."""
        pending: tuple[acts.Intent, ...] = ()
        self._expire(now_s)
        if self._content is not None and self._stay.is_over(now_s):
            pending = self._close(Cue.TIME_IS_UP)
        if self._content is None and now_s - self._touched_s >= LANGUAGE_S:
            self._language = Language.CHINESE
        return self._state(now_s, intents=pending)

    def still_shown(self, now_s: float) -> ScreenState:
        """The card of the last scan is still held before the lens: its screen stays, within reason."""
        if self._screen is not Screen.NUMBER_PAD and not isinstance(self._content, Area):
            self._stay = self._stay.held(now_s)
        return self.tick(now_s)

    def board(self, board: Board, now_s: float) -> ScreenState:
        """Take the station's newest board."""
        self._board, self._board_s = board, now_s
        state = self.tick(now_s)
        if isinstance(self._content, Area):
            after = self._content.boarded(board)
            if after is None:
                return self._take(Step(None), now_s, state.intents)
            self._content = after
            return self._state(now_s, intents=state.intents)
        area = self._openers.by_board(board) if self._content is None else None
        return state if area is None else self._open_area(area, now_s, state.intents)

    def camera(self, sight: contents.CameraSight, now_s: float) -> ScreenState:
        """Take the camera's newest state."""
        self._sight = sight
        return self.tick(now_s)

    def set_language(self, language: Language, now_s: float) -> ScreenState:
        """Speak this language until nobody has touched the kiosk for a while."""
        self._language, self._touched_s = language, now_s
        return self.tick(now_s)

    # ---- how it changes

    def _navigate(
        self,
        outcome: outcomes.Outcome | AreaOutcome,
        now_s: float,
        answers: acts.Intent | None = None,
        before: tuple[acts.Intent, ...] = (),
    ) -> ScreenState:
        """Let an outcome bring its screen; ``before`` are intents of what it replaces."""
        opener = self._openers.by_outcome.get(type(outcome))
        if opener is not None:
            return self._open_area(opener(outcome), now_s, (*before, *left_of(self._content)))
        if isinstance(outcome, AreaOutcome):  # its area has gone in the meantime
            return self._state(now_s, intents=before)
        if isinstance(outcome, outcomes.ServiceChosen | outcomes.ChoiceRefused | outcomes.Tallied):
            if not isinstance(outcome, outcomes.Tallied):
                self._content = settled(self._content, outcome)
            return self._state(now_s, intents=before)
        content, cue = contents.content_of(outcome, answers), CUES[type(outcome)]
        repeated = self._screen is Screen.NOTICE and content == self._content
        taken_back = isinstance(outcome, outcomes.Undone) and isinstance(self._content, contents.CheckOutCard)
        pending = () if taken_back else left_of(self._content)
        self._open(next_screen(self._screen, cue), content, stays_s(cue, self._policy), now_s)
        return self._state(now_s, sound=None if repeated else SOUNDS[cue], intents=(*before, *pending))

    def _enter(self, tap: acts.AreaTap, now_s: float, before: tuple[acts.Intent, ...]) -> ScreenState:
        opener, card = self._openers.by_tap.get(type(tap)), self._openers.by_card.get(type(tap))
        area = None if opener is None or self._screen is not Screen.IDLE else opener(tap, self._board)
        if card is not None and self._content is not None and not isinstance(self._content, Area):
            area, before = card(self._content), (*before, *left_of(self._content))
        return self._state(now_s, intents=before) if area is None else self._open_area(area, now_s, before)

    def _open_area(self, area: Area, now_s: float, intents: tuple[acts.Intent, ...]) -> ScreenState:
        self._open(area.screen, area, area.stays_s, now_s)
        return self._state(now_s, sound=area.sound, intents=intents)

    def _take(self, step: Step, now_s: float, before: tuple[acts.Intent, ...] = ()) -> ScreenState:
        """Go where an area goes: to a page of it, home, or to an ordinary screen."""
        intents = (*before, *step.intents)
        if step.area is not None:
            until_s = self._stay.until_s
            self._open(step.area.screen, step.area, step.area.stays_s, now_s)
            if not step.touched:
                self._stay = replace(self._stay, until_s=until_s)
            return self._state(now_s, sound=step.sound, intents=intents)
        intents += self._close(Cue.CLOSED)
        if step.then is not None:
            self._remember(step.then, now_s)
            return self._navigate(step.then, now_s, before=intents)
        return self._state(now_s, sound=step.sound, intents=intents)

    def _remember(
        self, outcome: outcomes.Outcome | AreaOutcome, now_s: float, answers: acts.Intent | None = None
    ) -> None:
        if isinstance(outcome, _WRITTEN):
            self._fault = None
        elif isinstance(outcome, outcomes.NotRecorded):
            self._fault = outcome.fault
        self._undo = offer_after(self._undo, outcome, answers, now_s + self._policy.undo_s)

    def _open(self, screen: Screen, content: contents.Content | Area, stays: int, now_s: float) -> None:
        self._screen, self._content, self._stay = screen, content, Stay.beginning(stays, now_s)

    def _close(self, cue: Cue) -> tuple[acts.Intent, ...]:
        pending = left_of(self._content)
        if self._screen is Screen.QUESTION:
            self._undo = None
        self._screen, self._content, self._stay = next_screen(self._screen, cue), None, Stay()
        return pending

    def _expire(self, now_s: float) -> None:
        if self._undo is not None and now_s >= self._undo.until_s:
            self._undo = None

    def _tapped(self, tap: acts.Tap) -> tuple[acts.Intent, ...]:
        if isinstance(tap, acts.TapLanguage):
            languages = list(Language)
            self._language = languages[(languages.index(self._language) + 1) % len(languages)]
            return ()
        if isinstance(tap, acts.TapUndo):
            return self._ask_undo()
        if isinstance(tap, acts.CardTap):
            self._content, intents = touched(self._content, tap)
            return intents
        if isinstance(tap, acts.TapNumberPad):
            self._ask_number()
            return ()
        beside_a_key = isinstance(tap, acts.TapOutside) and self._screen is Screen.NUMBER_PAD
        return () if self._content is None or beside_a_key else self._close(Cue.CLOSED)

    def _ask_number(self) -> None:
        if self._screen is Screen.IDLE:
            cue = Cue.NUMBER_ASKED
            stays = stays_s(cue, self._policy)
            self._open(next_screen(self._screen, cue), contents.NumberPad(), stays, self._touched_s)

    def _ask_undo(self) -> tuple[acts.Intent, ...]:
        if self._undo is None or self._undo.asked:
            return ()
        self._undo = replace(self._undo, asked=True)
        return (acts.UndoIntent(self._undo.event_id),)

    # ---- how it looks

    def _state(self, now_s: float, sound: Sound | None = None, intents: tuple[acts.Intent, ...] = ()) -> ScreenState:
        voice, now = self._voices[self._language], self._now(now_s)
        station = self._station if self._board is None else self._board.station_name
        return ScreenState(
            screen=self._screen,
            view=self._view(voice, now, now_s),
            header=header_of(station, now, voice, drill=self._board is not None and self._board.drill),
            status_line=status_line_of(self._board, now, self._sight, self._fault, voice),
            sound=sound,
            intents=intents,
            scan_as=self._content.scan_as if isinstance(self._content, Area) else None,
        )

    def _view(self, voice: Voice, now: datetime | None, now_s: float) -> View:
        content, countdown = self._content, self._stay.countdown(now_s)
        undo = None if self._undo is None else self._undo.button(voice, now_s)
        if content is None:
            return idle_view(self._board, now, self._sight, undo, voice)
        if isinstance(content, Area):
            return content.view(voice, now, countdown)
        return card_view(content, voice, now, self._undo, undo, countdown)

    def _now(self, now_s: float) -> datetime | None:
        """The board's instant, carried on by the clock that only goes forward."""
        return None if self._board is None else self._board.now + timedelta(seconds=now_s - self._board_s)
