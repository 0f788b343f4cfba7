"""View states: everything a screen shows, as final strings, picture names, roles of colours, fractions and counts.

Upstream: ``acts`` (what a button asks for), ``icons``.
Downstream: ``kiosk.ui`` copies them into its properties and decides nothing.

Every fraction is in 0…1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.presenter.acts import Intent, Tap
    from kiosk.presenter.icons import Icon
    from kiosk.presenter.navigation import Screen


class Tone(StrEnum):
    """The role of a colour; the theme knows the colour. A shape and a word always stand beside it."""

    ACCENT = "accent"
    GOOD = "good"
    CALM = "calm"
    WARN = "warn"
    BAD = "bad"
    QUIET = "quiet"


class Sound(StrEnum):
    """What is heard as a state appears; the name of a file in ``assets/sounds``."""

    START = "start"
    END = "end"
    QUESTION = "question"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class Badge:
    """A picture, a word, a colour: always the three together."""

    icon: Icon
    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Button:
    """A control: what it says and what it asks for."""

    text: str
    icon: Icon
    tap: Tap
    tone: Tone = Tone.QUIET


@dataclass(frozen=True, slots=True)
class Countdown:
    """How long this stays: whole seconds, and the fraction that is left."""

    seconds: int
    fraction: float


@dataclass(frozen=True, slots=True)
class Header:
    """The band on top of every screen; ``drill`` says under it that the station practises, else it is empty."""

    station: str
    slogan: str
    programme: str
    time: str
    date: str
    language: Button
    drill: str = ""


@dataclass(frozen=True, slots=True)
class StatusLine:
    """The line at the foot of every screen."""

    items: tuple[Badge, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The camera's place on the idle screen; ``live`` False hides the picture and shows why."""

    live: bool
    icon: Icon
    tone: Tone
    headline: str
    hint: str
    still_works: str


@dataclass(frozen=True, slots=True)
class Person:
    """One volunteer on duty, the name masked."""

    name: str
    service: str
    icon: Icon
    since: str


@dataclass(frozen=True, slots=True)
class OnDutyList:
    """Who is on duty now, in turns where they are many; ``empty`` speaks when nobody is."""

    title: str
    count: str
    people: tuple[Person, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Shift:
    """A bar of the time line, the name masked. ``lane`` counts from 0, top to bottom."""

    lane: int
    begin: float
    end: float
    label: str
    icon: Icon
    tone: Tone


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Today's roster. ``now`` is None outside the hours shown; ``legend`` says in words what the bars' looks mean."""

    title: str
    hours: tuple[Mark, ...]
    lanes: int
    shifts: tuple[Shift, ...]
    now: float | None
    more: str
    empty: str
    legend: tuple[Badge, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthChart:
    """Hours of the current month by day; ``today`` is an index into ``bars``."""

    title: str
    total: str
    bars: tuple[float, ...]
    today: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class IdleView:
    """待机: what the station shows while nobody stands before it. ``undo`` stays for the rest of the undo time.

    ``ways`` lead into 我的记录, 服务评价 and 值班台.
    """

    preview: Preview
    on_duty: OnDutyList
    roster: TimeLine
    month: MonthChart
    notice: str
    undo: Button | None
    number: Button
    ways: tuple[Button, ...] = ()
    notice_icon: Icon | None = None


@dataclass(frozen=True, slots=True)
class ServiceTile:
    """One service kind to choose; ``locked`` says why it cannot be, else it is empty."""

    name: str
    icon: Icon
    chosen: bool
    tap: Tap
    locked: str = ""


@dataclass(frozen=True, slots=True)
class Direction:
    """Where somebody is planned who came to another point: one sentence, and what can be done about it."""

    sentence: str
    hint: str


@dataclass(frozen=True, slots=True)
class CheckInView:
    """上岗: the card after duty has started and is on record.

    ``line`` is one short line of the roster: whom this duty relieves, what waits for an answer; or empty.
    """

    greeting: str
    recorded: Badge
    punctuality: Badge
    shift: str
    question: str
    services: tuple[ServiceTile, ...]
    reminder: str
    warnings: tuple[Badge, ...]
    undo: Button | None
    close: Button
    countdown: Countdown
    line: str = ""
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class Stepper:
    """One thing to count: a number with − and +."""

    kind: str
    name: str
    icon: Icon
    count: int
    less: Tap
    more: Tap


@dataclass(frozen=True, slots=True)
class StarRing:
    """How far it is to the next star, by the hours this station knows of."""

    fraction: float
    centre: str
    target: str
    title: str
    caption: str
    reached: bool


@dataclass(frozen=True, slots=True)
class StayOnOffer:
    """接着值下一班: one large button; ``button`` says when and what, ``note`` what happens."""

    title: str
    button: Button
    note: str


@dataclass(frozen=True, slots=True)
class CheckOutView:
    """下岗: the card after duty has ended and is on record; ``change`` is 换岗.

    ``line`` is one short line of the roster: who comes next, what waits for an answer; or empty.
    """

    thanks: str
    recorded: Badge
    served_title: str
    served: str
    credited: Badge
    month_title: str
    month: str
    star: StarRing
    tallies_title: str
    tallies: tuple[Stepper, ...]
    change: Button
    undo: Button | None
    close: Button
    countdown: Countdown
    line: str = ""
    stay_on: StayOnOffer | None = None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One sentence and at most three large answers; no answer loses nothing, and ``later`` says so."""

    greeting: str
    sentence: str
    detail: str
    answers: tuple[Button, ...]
    note: str
    countdown: Countdown
    later: Button | None = None


@dataclass(frozen=True, slots=True)
class NoticeView:
    """What is wrong, or was done, and what to do next: one sentence each."""

    tone: Tone
    icon: Icon
    what: str
    advice: str
    note: str
    close: Button
    countdown: Countdown


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a pad: a word or a picture."""

    text: str
    icon: Icon | None
    tap: Tap
    tone: Tone = Tone.QUIET


@dataclass(frozen=True, slots=True)
class NumberPadView:
    """A number to be typed: ``prompt`` speaks until the first digit; ``keys`` are three to a row, top to bottom."""

    title: str
    prompt: str
    typed: str
    hint: str
    note: str
    keys: tuple[Key, ...]
    cancel: Button
    confirm: Button
    countdown: Countdown


class AreaView:
    """The mark of a view that belongs to an area; see ``area``."""

    __slots__ = ()

    @property
    def in_short(self) -> str:
        """What ``kiosk present`` prints of it: one line, where an outcome of a scan can bring it."""
        return ""


View = IdleView | CheckInView | CheckOutView | QuestionView | NoticeView | NumberPadView | AreaView


@dataclass(frozen=True, slots=True)
class ScreenState:
    """The whole screen at one instant.

    Attributes:
        sound: to be played once, as this state is drawn first.
        intents: to be carried out once, by whoever received this state.
        scan_as: what the text of a scan becomes while this is shown; None: duty, as always.
    """

    screen: Screen
    view: View
    header: Header
    status_line: StatusLine
    sound: Sound | None = None
    intents: tuple[Intent, ...] = ()
    scan_as: Callable[[str], Intent] | None = None
