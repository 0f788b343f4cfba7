"""评价: quality in four marks, effect in words to tap and counts, for one record or several alike (REQ 1.5b, 2.6b).

Upstream: ``page``, ``shapes``.
Downstream: ``queue``, ``sheet``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kiosk.presenter.desk.intents import RateMany
from kiosk.presenter.desk.page import STAYS, Page, Turn
from kiosk.presenter.desk.shapes import act, count_dial, tile
from kiosk.presenter.desk.taps import Act, TapAct, TapPick, TapStep
from kiosk.presenter.desk.views import MarksBody
from kiosk.presenter.icons import Icon
from kiosk.usecases.desk_outcomes import Mark
from sync.protocol.vocabulary import Effect, Quality, TallyKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.presenter.acts import Tap
    from kiosk.presenter.desk.page import Context
    from kiosk.presenter.desk.views import Body
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.desk import DeskLine

MOST_COUNTED = 9999
_MARKS = {
    Quality.EXCELLENT: Icon.AWARD,
    Quality.GOOD: Icon.STAR,
    Quality.ADEQUATE: Icon.CHECK,
    Quality.FAIL: Icon.WARNING,
}
_EFFECTS = {
    Effect.PROBLEM_SOLVED: Icon.DONE,
    Effect.PEOPLE_SATISFIED: Icon.PEOPLE,
    Effect.ORDER_KEPT: Icon.KEEP,
    Effect.KNOWLEDGE_SHARED: Icon.TUTORING,
    Effect.SURROUNDINGS_BETTER: Icon.ENVIRONMENT,
    Effect.TO_BE_IMPROVED: Icon.EARLY,
}


@dataclass(frozen=True, slots=True)
class RatePage(Page):
    """The marks given so far."""

    lines: tuple[DeskLine, ...]
    quality: Quality | None = None
    effects: tuple[Effect, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        if len(self.lines) == 1:
            return voice.phrases.say("desk.rate.title", name=self.lines[0].name)
        return voice.phrases.say("desk.rate.several", count=len(self.lines))

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Mark, count, or send it."""
        if isinstance(tap, TapPick):
            return Turn(self._picked(tap.key))
        if isinstance(tap, TapStep):
            count = min(MOST_COUNTED, max(0, self.counts.get(tap.dial, 0) + tap.by))
            return Turn(replace(self, counts={**self.counts, tap.dial: count}))
        if tap != TapAct(Act.GO_ON) or self.quality is None:
            return STAYS
        counts = {word: count for word, count in self.counts.items() if count}
        sessions = tuple(line.session_id for line in self.lines)
        return Turn(act=RateMany(context.operator, sessions, Mark(self.quality, self.effects, counts)))

    def _picked(self, key: str) -> RatePage:
        if key in set(Quality):
            return replace(self, quality=Quality(key))
        effect = Effect(key)
        without = tuple(each for each in self.effects if each is not effect)
        return replace(self, effects=without if effect in self.effects else (*without, effect))

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        say, of = voice.phrases.say, voice.phrases.of
        marks = tuple(tile(_MARKS[each], of("quality", each), each, chosen=each is self.quality) for each in Quality)
        effects = tuple(tile(_EFFECTS[each], of("effect", each), each, chosen=each in self.effects) for each in Effect)
        counts = tuple(count_dial(each, of("tally", each), self.counts.get(each, 0)) for each in TallyKind)
        return MarksBody(
            upper_name=say("desk.rate.quality"),
            upper=marks,
            lower_name=say("desk.rate.effect"),
            lower=effects,
            counted=say("desk.rate.counts") if len(self.lines) == 1 else "",
            counts=counts if len(self.lines) == 1 else (),
            confirm=act(say("desk.rate.done"), Icon.CHECK, Act.GO_ON, live=self.quality is not None),
        )
