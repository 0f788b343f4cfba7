"""View states of the desk: one band, and a body of one of eight shapes; final strings and pictures, nothing to decide.

Upstream: ``kiosk.presenter.views`` (buttons, badges, keys, tones).
Downstream: ``kiosk.ui.screens.desk``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.presenter.views import AreaView

if TYPE_CHECKING:
    from kiosk.presenter.acts import Tap
    from kiosk.presenter.icons import Icon
    from kiosk.presenter.views import Badge, Key, Tone


@dataclass(frozen=True, slots=True)
class Action:
    """A button that may be out of reach: then ``tap`` is None, and ``why`` may say why."""

    text: str
    icon: Icon
    tone: Tone
    tap: Tap | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """The strip on top of every page of the desk; its four places never move."""

    back: Action
    title: str
    who: str
    time: str
    lock: Action
    language: Action


@dataclass(frozen=True, slots=True)
class MessageBody:
    """One thing said large, a few lines on it, and what can be done next.

    Attributes:
        bar: how much of a long work is done, or None where there is none.
        bar_text: the same in words.
    """

    tone: Tone
    icon: Icon
    headline: str
    lines: tuple[str, ...]
    buttons: tuple[Action, ...]
    bar: float | None = None
    bar_text: str = ""


@dataclass(frozen=True, slots=True)
class PadBody:
    """Digits to be typed; ``keys`` are three to a row, top to bottom."""

    title: str
    prompt: str
    typed: str
    hint: str
    keys: tuple[Key, ...]
    confirm: Action


@dataclass(frozen=True, slots=True)
class Choice:
    """One large tile: a picture, a name, a figure or a line beside it. ``tap`` None is only looked at."""

    icon: Icon
    name: str
    figure: str
    note: str
    tone: Tone
    chosen: bool
    tap: Tap | None


@dataclass(frozen=True, slots=True)
class ChoicesBody:
    """Tiles to choose from, ``columns`` side by side; ``question`` empty where the title says it all."""

    question: str
    choices: tuple[Choice, ...]
    columns: int
    buttons: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A heading that parts a list, with how many are under it."""

    name: str
    count: str
    chosen: bool
    tap: Tap


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list. ``mark`` None: it cannot be marked."""

    icon: Icon
    name: str
    detail: str
    aside: str
    badge: Badge | None
    marked: bool
    mark: Tap | None
    tap: Tap


@dataclass(frozen=True, slots=True)
class ListBody:
    """One sheet of a list. ``empty`` speaks where there are no rows; ``sheet`` tells which of how many this is."""

    segments: tuple[Segment, ...]
    rows: tuple[Row, ...]
    empty: str
    sheet: str
    earlier: Action
    later: Action
    buttons: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A name and its value; ``changed`` stands out."""

    name: str
    value: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A heading and lines under it."""

    title: str
    icon: Icon
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class SessionBody:
    """One record: what was recorded beside how it stands now, what to look at, what can be done."""

    name: str
    summary: str
    countdown: Badge | None
    said: str
    sheets: tuple[Sheet, Sheet]
    flags: tuple[Badge, ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Dial:
    """A value that is turned by steps, smaller ones inside, larger ones outside."""

    name: str
    value: str
    note: str
    less: tuple[Action, ...]
    more: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class DialsBody:
    """At most three dials, and what they come to."""

    dials: tuple[Dial, ...]
    result: Badge
    buttons: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class MarksBody:
    """Two rows of marks and one of counts on one sheet: a rating, or what is to be exported."""

    upper_name: str
    upper: tuple[Choice, ...]
    lower_name: str
    lower: tuple[Choice, ...]
    counted: str
    counts: tuple[Dial, ...]
    confirm: Action


@dataclass(frozen=True, slots=True)
class FactsBody:
    """How the machine is: a badge, its name, a sentence where there is trouble."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing about the machine."""

    icon: Icon
    name: str
    value: str
    note: str
    tone: Tone


Body = MessageBody | PadBody | ChoicesBody | ListBody | SessionBody | DialsBody | MarksBody | FactsBody


@dataclass(frozen=True, slots=True)
class DeskView(AreaView):
    """值班台: the band, what came of the last act, and the page."""

    band: Band
    word: Badge | None
    body: Body
