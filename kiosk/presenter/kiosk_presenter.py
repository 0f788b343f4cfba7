"""The state machine of the screen: outcomes, taps and seconds in, the whole screen out.

Upstream: ``navigation`` (which screen), the modules of the screens (what they say), ``contents``.
Downstream: ``kiosk.ui.app`` owns one and draws what it returns.

No thread, no clock: every call brings ``now_s``, seconds of a clock that only goes forward.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.presenter import acts, contents
from kiosk.presenter.area import Area, Step
from kiosk.presenter.areas import OPENERS
from kiosk.presenter.cards import card_view
from kiosk.presenter.icons import Icon
from kiosk.presenter.idle import idle_view
from kiosk.presenter.navigation import CUES, Cue, Screen, next_screen, stays_s
from kiosk.presenter.number_pad import pressed
from kiosk.presenter.phrases import Language, phrases_by_language
from kiosk.presenter.status import header_of, status_line_of
from kiosk.presenter.views import Button, Countdown, ScreenState, Sound, Tone
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
    from kiosk.presenter.views import View
    from kiosk.usecases.board import Board

LANGUAGE_S = 60  # untouched for this long, the kiosk speaks the station's language again
HELD_AT_MOST = 3  # a card left before the lens holds its screen for no more than this many times its stay
MOST_COUNTED = 999

_SOUNDS = {
    Cue.CHECKED_IN: Sound.START,
    Cue.CHECKED_OUT: Sound.END,
    Cue.ASKED: Sound.QUESTION,
    Cue.GROUP_SCANNED: Sound.START,
    Cue.JUST_STARTED: Sound.QUESTION,
    Cue.UNDONE: Sound.QUESTION,
    Cue.CAPTAIN_NEEDED: Sound.QUESTION,
    Cue.REFUSED: Sound.REFUSAL,
    Cue.NOT_RECORDED: Sound.REFUSAL,
    Cue.UNDO_REFUSED: Sound.REFUSAL,
    Cue.MOVE_REFUSED: Sound.REFUSAL,
}
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


_Carded = (
    outcomes.CheckedIn
    | outcomes.CheckedOut
    | outcomes.JustStarted
    | outcomes.CaptainNeeded
    | outcomes.Refused
    | outcomes.NotRecorded
    | outcomes.Undone
    | outcomes.UndoRefused
    | outcomes.MoveRefused
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
        self._content: contents.Content | Area | None = None
        self._stays_s = 0
        self._opened_s = 0.0
        self._until_s = 0.0
        self._undo: contents.UndoOffer | None = None
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
        self._until_s = now_s + self._stays_s
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
        if self._content is not None and now_s >= self._until_s:
            pending = self._close(Cue.TIME_IS_UP)
        if self._content is None and now_s - self._touched_s >= LANGUAGE_S:
            self._language = Language.CHINESE
        return self._state(now_s, intents=pending)

    def still_shown(self, now_s: float) -> ScreenState:
        """The card of the last scan is still held before the lens: its screen stays, within reason."""
        scanned = self._screen is not Screen.NUMBER_PAD and not isinstance(self._content, Area)
        if scanned and now_s - self._opened_s < HELD_AT_MOST * self._stays_s:
            self._until_s = max(self._until_s, now_s + self._stays_s)
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
            return self._open_area(opener(outcome), now_s, (*before, *self._pending()))
        if isinstance(outcome, AreaOutcome):  # its area has gone in the meantime
            return self._state(now_s, intents=before)
        if isinstance(outcome, outcomes.ServiceChosen | outcomes.ChoiceRefused | outcomes.Tallied):
            self._saved(outcome)
            return self._state(now_s, intents=before)
        content, cue = _content_of(outcome, answers), CUES[type(outcome)]
        repeated = self._screen is Screen.NOTICE and content == self._content
        taken_back = isinstance(outcome, outcomes.Undone) and isinstance(self._content, contents.CheckOutCard)
        pending = () if taken_back else self._pending()
        self._open(next_screen(self._screen, cue), content, stays_s(cue, self._policy), now_s)
        return self._state(now_s, sound=None if repeated else _SOUNDS[cue], intents=(*before, *pending))

    def _enter(self, tap: acts.AreaTap, now_s: float, before: tuple[acts.Intent, ...]) -> ScreenState:
        opener, card = self._openers.by_tap.get(type(tap)), self._openers.by_card.get(type(tap))
        area = None if opener is None or self._screen is not Screen.IDLE else opener(tap, self._board)
        if card is not None and self._content is not None and not isinstance(self._content, Area):
            area, before = card(self._content), (*before, *self._pending())
        return self._state(now_s, intents=before) if area is None else self._open_area(area, now_s, before)

    def _open_area(self, area: Area, now_s: float, intents: tuple[acts.Intent, ...]) -> ScreenState:
        self._open(area.screen, area, area.stays_s, now_s)
        return self._state(now_s, sound=area.sound, intents=intents)

    def _take(self, step: Step, now_s: float, before: tuple[acts.Intent, ...] = ()) -> ScreenState:
        """Go where an area goes: to a page of it, home, or to an ordinary screen."""
        intents = (*before, *step.intents)
        if step.area is not None:
            until_s = self._until_s
            self._open(step.area.screen, step.area, step.area.stays_s, now_s)
            if not step.touched:
                self._until_s = until_s
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
        if isinstance(outcome, outcomes.CheckedIn | outcomes.CheckedOut):
            was_check_in = isinstance(outcome, outcomes.CheckedIn)
            self._undo = contents.UndoOffer(outcome.event_id, was_check_in, now_s + self._policy.undo_s)
        elif isinstance(outcome, outcomes.JustStarted):
            self._undo = contents.UndoOffer(outcome.event_id, True, math.inf)
        elif isinstance(outcome, outcomes.NotRecorded):
            self._fault = outcome.fault
            self._undo = None if self._undo is None else replace(self._undo, asked=False)
        elif isinstance(outcome, outcomes.Undone | outcomes.UndoRefused) and self._undo is not None:
            mine = self._undo.asked or answers == acts.UndoIntent(self._undo.event_id)
            self._undo = None if mine else self._undo

    def _open(self, screen: Screen, content: contents.Content | Area, stays: int, now_s: float) -> None:
        self._screen, self._content = screen, content
        self._stays_s, self._opened_s, self._until_s = stays, now_s, now_s + stays

    def _close(self, cue: Cue) -> tuple[acts.Intent, ...]:
        pending = self._pending()
        if self._screen is Screen.QUESTION:
            self._undo = None
        self._screen, self._content, self._stays_s = next_screen(self._screen, cue), None, 0
        return pending

    def _pending(self) -> tuple[acts.Intent, ...]:
        """What was counted on the card that goes away, or is left to do of the area."""
        card = self._content
        if isinstance(card, Area):
            return card.left()
        if not isinstance(card, contents.CheckOutCard):
            return ()
        counts = {str(kind): count for kind, count in card.counts.items() if count}
        return (acts.TallyIntent(card.outcome.session_id, counts),) if counts else ()

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
        if isinstance(tap, acts.TapService):
            return self._choose(tap.service)
        if isinstance(tap, acts.TapCount):
            self._count(tap)
            return ()
        if isinstance(tap, acts.TapNumberPad | acts.PadTap):
            return self._ask_number() if isinstance(tap, acts.TapNumberPad) else self._type(tap)
        beside_a_key = isinstance(tap, acts.TapOutside) and self._screen is Screen.NUMBER_PAD
        return () if self._content is None or beside_a_key else self._close(Cue.CLOSED)

    def _ask_number(self) -> tuple[acts.Intent, ...]:
        if self._screen is Screen.IDLE:
            cue = Cue.NUMBER_ASKED
            stays = stays_s(cue, self._policy)
            self._open(next_screen(self._screen, cue), contents.NumberPad(), stays, self._touched_s)
        return ()

    def _type(self, tap: acts.PadTap) -> tuple[acts.Intent, ...]:
        pad = self._content
        if not isinstance(pad, contents.NumberPad) or pad.asked:
            return ()
        self._content = after = pressed(pad, tap)
        return (acts.TypedNumberIntent(after.digits),) if after.asked else ()

    def _ask_undo(self) -> tuple[acts.Intent, ...]:
        if self._undo is None or self._undo.asked:
            return ()
        self._undo = replace(self._undo, asked=True)
        return (acts.UndoIntent(self._undo.event_id),)

    def _choose(self, service: str) -> tuple[acts.Intent, ...]:
        card = self._content
        if not isinstance(card, contents.CheckInCard) or card.service == service:
            return ()
        want = card.outcome.wants.get(service)
        if want is not None and want.strict:
            self._content = replace(card, locked=service)
            return ()
        self._content = replace(card, service=service, saving=True, locked=None)
        return (acts.ChooseServiceIntent(card.outcome.session_id, service),)

    def _saved(self, outcome: outcomes.ServiceChosen | outcomes.ChoiceRefused | outcomes.Tallied) -> None:
        card = self._content
        if isinstance(outcome, outcomes.Tallied) or not isinstance(card, contents.CheckInCard):
            return
        if card.outcome.session_id != outcome.session_id:
            return
        if isinstance(outcome, outcomes.ServiceChosen):
            self._content = replace(card, saving=card.saving and card.service != outcome.service)
        else:
            self._content = replace(card, service=outcome.service, saving=False, locked=card.service)

    def _count(self, tap: acts.TapCount) -> None:
        card = self._content
        if isinstance(card, contents.CheckOutCard):
            count = min(MOST_COUNTED, max(0, card.counts.get(tap.kind, 0) + tap.step))
            self._content = replace(card, counts={**card.counts, tap.kind: count})

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
        content, undo, countdown = self._content, self._undo_button(voice, now_s), self._countdown(now_s)
        if content is None:
            return idle_view(self._board, now, self._sight, undo, voice)
        if isinstance(content, Area):
            return content.view(voice, now, countdown)
        return card_view(content, voice, now, self._undo, undo, countdown)

    def _undo_button(self, voice: Voice, now_s: float) -> Button | None:
        offer = self._undo
        if offer is None or math.isinf(offer.until_s):
            return None
        deed = "check_in" if offer.was_check_in else "check_out"
        text = voice.phrases.of("undo", deed, seconds=math.ceil(offer.until_s - now_s))
        return Button(voice.phrases.say("undo.asked") if offer.asked else text, Icon.UNDO, acts.TapUndo(), Tone.QUIET)

    def _countdown(self, now_s: float) -> Countdown:
        left_s = max(0.0, self._until_s - now_s)
        return Countdown(math.ceil(left_s), round(left_s / self._stays_s, 2) if self._stays_s else 0.0)

    def _now(self, now_s: float) -> datetime | None:
        """The board's instant, carried on by the clock that only goes forward."""
        return None if self._board is None else self._board.now + timedelta(seconds=now_s - self._board_s)


def _content_of(outcome: _Carded, answers: acts.Intent | None) -> contents.Content:
    if isinstance(outcome, outcomes.CheckedIn):
        return contents.CheckInCard(outcome, outcome.service)
    if isinstance(outcome, outcomes.CheckedOut):
        return contents.CheckOutCard(outcome)
    if isinstance(outcome, outcomes.NotRecorded):
        return contents.FaultNotice(outcome, answers)
    return outcome
