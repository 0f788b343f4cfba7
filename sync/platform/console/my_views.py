"""What a volunteer's page shows of the roster, as plain values in the reader's words; the names of others are masked.

Upstream: ``rostering.outlook``, ``roster_terms``, ``wording``.
Downstream: ``my_roster``, its template.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from babel.dates import format_skeleton

from sync.platform import roster_terms, wording
from sync.platform.console.my import masked
from sync.platform.console.reader import Reader
from sync.platform.rostering.hours import clock_time, day_of, minute_of
from sync.platform.rostering.model import Answer, Assignment, PlaceNote, Post
from sync.platform.rostering.outlook import Colleague, Exchange, OpenPlace, OwnPlace
from sync.platform.rostering.served import Outcome
from sync.platform.wording import marked
from sync.protocol.vocabulary import AnswerOutcome, AssignmentState, RosterAnswer, RosterReason, SwapState

TAIL = 3  # last characters of a number, to tell people of one masked name apart
SAID: Mapping[str, str] = MappingProxyType(
    {
        RosterAnswer.ACCEPT: marked("You accepted"),
        RosterAnswer.DECLINE: marked("You declined"),
        RosterAnswer.LEAVE: marked("You asked for leave"),
        RosterAnswer.TAKE: marked("You wanted to take an open post"),
        RosterAnswer.ASK_SWAP: marked("You asked a colleague to exchange"),
        RosterAnswer.AGREE_SWAP: marked("You agreed to exchange"),
        RosterAnswer.REFUSE_SWAP: marked("You did not agree to exchange"),
        RosterAnswer.WITHDRAW_SWAP: marked("You took back the wish to exchange"),
    }
)
BECAME: Mapping[str, str] = MappingProxyType(
    {
        AnswerOutcome.DONE: marked("Done, it is noted."),
        AnswerOutcome.LOST: marked("It did not hold: another answer came first."),
        AnswerOutcome.REFUSED: marked("That is not possible."),
        AnswerOutcome.VOID: marked("It is no longer needed."),
    }
)
REASONS: Mapping[str, str] = MappingProxyType(  # of roster_terms, said to the volunteer
    {
        RosterReason.UNKNOWN: marked("This post is not known any more."),
        RosterReason.SUSPENDED: marked("You may not serve at present; please ask your station."),
        RosterReason.UNAVAILABLE: marked("It is outside your service time."),
        RosterReason.DECLINED: marked("You declined this post before."),
        RosterReason.OTHER_TEAM: marked("It is meant for another team."),
        RosterReason.SKILL: marked("It needs a skill that is not noted for you; please ask your station."),
        RosterReason.TRAINING: marked("It needs a training that you do not hold by then."),
        RosterReason.NIGHT: marked("Minors serve by day only, from 8:00 to 20:00."),
        RosterReason.CONSENT: marked("Your guardian has to agree first; please ask your station."),
        RosterReason.OVERLAP: marked("You have another post at that time."),
        RosterReason.REST: marked("There would be too little rest before or after another post of yours."),
        RosterReason.DAY_FULL: marked("That would be too many hours on one day."),
        RosterReason.WEEK_FULL: marked("That would be too many hours in one week."),
        RosterReason.WEEKLY_WISH: marked("You wished for no more posts in that week."),
        RosterReason.POST_FULL: marked("All places at this post are taken."),
        RosterReason.TWICE: marked("You are at this post already."),
        RosterReason.CANCELLED: marked("The post was cancelled."),
        RosterReason.BEGUN: marked("The post has begun already."),
        RosterReason.NOT_OWN: marked("It is somebody else's to answer."),
        RosterReason.CHANGED: marked("It was changed meanwhile."),
        RosterReason.SAID_OTHERWISE: marked("You said otherwise later."),
    }
)


@dataclass(frozen=True, slots=True)
class Card:
    """One post as a card: when, where, what."""

    day: str
    starts: str
    ends: str
    point: str
    address: str
    service: str


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """An own place; ``exchange`` is the id of an exchange that waits for a colleague, or empty."""

    card: Card
    id: str
    version: int
    state: str
    state_word: str
    exchange: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether it waits for an answer."""
        return self.state == AssignmentState.OFFERED


@dataclass(frozen=True, slots=True)
class Past:
    """An own place at a post that is over; ``became`` is None of one that was left or exchanged."""

    place: Assignment
    post: Post
    became: Outcome | None


@dataclass(frozen=True, slots=True)
class OpenCard:
    """An open post; ``against``: why this volunteer cannot take it, empty where nothing speaks against it."""

    card: Card
    id: str
    version: int
    left: str
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExchangeCard:
    """An exchange; ``theirs`` is what the reader would get, ``own`` what they would give, or None."""

    id: str
    version: int
    who: str
    theirs: Card | None
    own: Card | None
    state_word: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class OutcomeCard:
    """What became of an own answer; ``is_settled`` False: it waits."""

    id: str
    said: str
    card: Card | None
    became: str
    why: str
    is_good: bool
    is_settled: bool


@dataclass(frozen=True, slots=True)
class Places:
    """The names of service points, and how they are found."""

    names: Mapping[str, str]
    notes: Mapping[str, PlaceNote]


def card_of(post: Post, places: Places, reader: Reader) -> Card:
    """Return a post as a card."""
    note = places.notes.get(post.point)
    return Card(
        day=format_skeleton("MMMEd", day_of(post.starts_ms), locale=reader.language),
        starts=clock_time(minute_of(post.starts_ms)),
        ends=clock_time(minute_of(post.ends_ms)),
        point=places.names.get(post.point, post.point),
        address=note.address if note else "",
        service=reader.word(wording.SERVICES, post.service),
    )


def place_card(place: Assignment, post: Post, places: Places, reader: Reader, exchange: str = "") -> PlaceCard:
    """Return an own place as a card."""
    word = reader.word(roster_terms.STATES, place.state)
    return PlaceCard(card_of(post, places, reader), place.id, place.version, place.state.value, word, exchange)


def past_card(one: Past, places: Places, reader: Reader) -> PlaceCard:
    """Return an own place that is over, with what became of it where it was agreed on."""
    card = place_card(one.place, one.post, places, reader)
    if one.became is None:
        return card
    minutes = reader.ngettext("%(num)s minute", "%(num)s minutes", one.became.minutes) if one.became.minutes else ""
    words = (reader.word(roster_terms.CAME, one.became.came), minutes)
    return replace(card, state_word=" · ".join(word for word in words if word))


def open_card(one: OpenPlace, places: Places, reader: Reader) -> OpenCard:
    """Return an open post as a card."""
    against = dict.fromkeys(reader.word(REASONS, each.reason) for each in one.against)
    left = reader.ngettext("%(num)s place left", "%(num)s places left", one.left)
    return OpenCard(card_of(one.post, places, reader), one.post.id, one.post.version, left, tuple(against))


def exchange_card(one: Exchange, number: str, places: Places, reader: Reader) -> ExchangeCard:
    """Return an exchange as its reader, the volunteer of a number, sees it."""
    offered = card_of(one.offered.post, places, reader)
    wanted = card_of(one.wanted.post, places, reader) if one.wanted else None
    asks = one.swap.volunteer == number
    return ExchangeCard(
        id=one.swap.id,
        version=one.swap.version,
        who=masked(one.colleague if asks else one.asker),
        theirs=wanted if asks else offered,
        own=offered if asks else wanted,
        state_word=reader.word(roster_terms.SWAPS, one.swap.state),
        is_open=one.swap.state is SwapState.ASKED,
    )


def outcome_card(answer: Answer, posts: Mapping[str, Post], places: Places, reader: Reader) -> OutcomeCard:
    """Return what became of an answer."""
    post = posts.get(answer.post or "")
    return OutcomeCard(
        id=answer.id,
        said=reader.word(SAID, answer.answer),
        card=card_of(post, places, reader) if post else None,
        became=reader.word(BECAME, answer.outcome) if answer.outcome else reader.say(marked("It is being looked at.")),
        why=reader.word(REASONS, answer.why) if answer.why else "",
        is_good=answer.outcome is AnswerOutcome.DONE,
        is_settled=answer.outcome is not None,
    )


def done_words(answer: str, reader: Reader) -> str:
    """Return the sentence after something was said and done, empty where it is none of ours."""
    if answer not in SAID:
        return ""
    return f"{reader.say(SAID[answer])} · {reader.say(BECAME[AnswerOutcome.DONE])}"


def colleague_choices(colleagues: Iterable[Colleague], places: Places, reader: Reader) -> list[tuple[str, str]]:
    """Return whom a place can be offered to, for nothing or for one of theirs: value and words of a list."""
    choices: list[tuple[str, str]] = []
    for one in colleagues:
        who = f"{masked(one.name)} ({one.volunteer[-TAIL:]})"
        choices.append((f"{one.volunteer}|", reader.say(marked("%(who)s serves instead of me")) % {"who": who}))
        for place in one.places:
            own = _short(place, places, reader)
            words = reader.say(marked("exchange with %(who)s: %(post)s")) % {"who": who, "post": own}
            choices.append((f"{one.volunteer}|{place.assignment.id}", words))
    return choices


def _short(place: OwnPlace, places: Places, reader: Reader) -> str:
    card = card_of(place.post, places, reader)
    return f"{card.day} {card.starts}–{card.ends} {card.point}"
