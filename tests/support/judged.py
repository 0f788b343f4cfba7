"""Any history of one duty: what devices recorded of it and what any persons said of it, in two streams."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st
from msgspec.structs import replace

from sync.protocol.envelope import Envelope
from sync.protocol.events import Body, Choice, Shift, Tally, Undo
from sync.protocol.judgements import (
    Amendment,
    CaptainEntry,
    Confirmation,
    Decision,
    Objection,
    Rating,
    Statement,
    Void,
)
from sync.protocol.kinds import KIND_OF_BODY
from sync.protocol.vocabulary import (
    AmendmentReason,
    DecisionReason,
    EntryReason,
    ObjectionReason,
    Quality,
    StatementAnswer,
    VoidReason,
)
from tests.support.envelopes import CARD, NAME, START_MS, Recorder, auto_close, check_in, check_out, stamp

HOUR, HOUR_MS = 3600, 3_600_000
VOLUNTEER, FIRST, SECOND, THIRD = "V1", "O1", "O2", "O3"
EVERYBODY = (VOLUNTEER, FIRST, SECOND, THIRD)
SHIFT = Shift("shift-1", START_MS + HOUR_MS, START_MS + 3 * HOUR_MS)
FACTS = ("out", "auto", "choice", "tally", "undo")
SAYINGS = ("statement", "confirmation", "amendment", "void", "objection", "decision", "rating")


def entry(by: str = FIRST, *, hours: float = 2) -> CaptainEntry:
    """Return hours that a person entered."""
    ends_ms = START_MS + round(hours * HOUR_MS)
    reason = EntryReason.FORGOT_CARD
    return CaptainEntry("s1", VOLUNTEER, NAME.digest(), "tutoring", "point-1", START_MS, ends_ms, reason, by, "t")


def confirmation(of: Envelope, by: str = FIRST, *, beyond_shift: bool = False) -> Confirmation:
    """Return somebody's word for an event."""
    return Confirmation("s1", of.id, by, beyond_shift)


def amendment(
    by: str = FIRST,
    *,
    starts_h: float | None = None,
    ends_h: float | None = None,
    service: str | None = None,
    objection: Envelope | None = None,
) -> Amendment:
    """Return a correction, its times in hours after the start."""
    starts_ms, ends_ms = (None if h is None else START_MS + round(h * HOUR_MS) for h in (starts_h, ends_h))
    answers = None if objection is None else objection.id
    return Amendment("s1", AmendmentReason.WRONG_END, by, starts_ms, ends_ms, service, answers)


def void(by: str = FIRST) -> Void:
    """Return a withdrawal."""
    return Void("s1", VoidReason.DUPLICATE, by)


def objection(by: str = VOLUNTEER) -> Objection:
    """Return a dispute."""
    return Objection("s1", by, CARD, ObjectionReason.WRONG_TIME)


def decision(of: Envelope, by: str = FIRST, *, upheld: bool = False) -> Decision:
    """Return what somebody decided on an event."""
    return Decision("s1", of.id, upheld, DecisionReason.NO_EVIDENCE, by)


def statement(hours: float = 2, by: str = VOLUNTEER) -> Statement:
    """Return when the volunteer says it ended, in hours after the start."""
    return Statement("s1", by, CARD, StatementAnswer.OTHER_TIME, START_MS + round(hours * HOUR_MS))


def rating(quality: Quality = Quality.GOOD, by: str = FIRST) -> Rating:
    """Return a rating."""
    return Rating("s1", quality, by)


@dataclass
class Story:
    """A duty at a device, and what was said of it there and at the platform's console."""

    device: Recorder = field(default_factory=Recorder)
    console: Recorder = field(default_factory=lambda: Recorder("stream-0"))

    @property
    def events(self) -> list[Envelope]:
        """Everything, the device's first."""
        return [*self.device.envelopes, *self.console.envelopes]

    def without(self, *bodies: type[Body], by: str | None = None) -> list[Envelope]:
        """Return the events but those of these kinds, said by this person where one is named."""
        return [each for each in self.events if not _is_said(each, bodies, by)]


_AUTHOR: dict[type[Body], str] = {
    Confirmation: "confirmed_by",
    Void: "voided_by",
    Decision: "decided_by",
    Rating: "rated_by",
    Amendment: "entered_by",
}


def _is_said(envelope: Envelope, bodies: tuple[type[Body], ...], by: str | None) -> bool:
    of_kind = {KIND_OF_BODY[body]: body for body in bodies}
    if envelope.kind not in of_kind:
        return False
    return by is None or envelope.body[_AUTHOR[of_kind[envelope.kind]]] == by


@st.composite
def stories(
    draw: st.DrawFn,
    people: tuple[str, ...] = EVERYBODY,
    sayings: tuple[str, ...] = SAYINGS,
    openings: tuple[str, ...] = ("scan", "entry"),
) -> Story:
    """Any deeds of anybody at rising times, each about any event before it."""
    story, second = Story(), 0.0
    story.device.record(_opening(draw, draw(st.sampled_from(openings)), people), stamp(0))
    for deed in draw(st.lists(st.sampled_from([*FACTS, *sayings]), max_size=10)):
        second += draw(st.floats(0, 8 * HOUR))
        about = draw(st.sampled_from(story.events))
        body = _body(draw, deed, about, draw(st.sampled_from(people)))
        recorder = story.device if deed in FACTS or draw(st.booleans()) else story.console
        recorder.record(body, stamp(second))
    return story


def _opening(draw: st.DrawFn, opening: str, people: tuple[str, ...]) -> Body:
    if opening == "entry":
        return entry(draw(st.sampled_from(people)), hours=draw(st.floats(0, 20)))
    shift = draw(st.sampled_from([None, SHIFT]))
    return replace(check_in(shift=shift), paid=draw(st.booleans()), drill=draw(st.booleans()))


def _body(draw: st.DrawFn, deed: str, about: Envelope, by: str) -> Body:
    hours = st.none() | st.floats(0, 20)
    made: dict[str, Body] = {
        "out": check_out(),
        "auto": auto_close(),
        "choice": Choice("s1", "tutoring"),
        "tally": Tally("s1", {"tea": 3}),
        "undo": Undo("s1", about.id),
        "statement": statement(draw(st.floats(0, 20)), by),
        "confirmation": confirmation(about, by, beyond_shift=draw(st.booleans())),
        "void": void(by),
        "objection": objection(by),
        "decision": decision(about, by, upheld=draw(st.booleans())),
        "rating": rating(draw(st.sampled_from(Quality)), by),
    }
    if deed != "amendment":
        return made[deed]
    service = draw(st.sampled_from([None, "environment"]))
    answers = about if draw(st.booleans()) else None
    return amendment(by, starts_h=draw(hours), ends_h=draw(hours), service=service, objection=answers)
