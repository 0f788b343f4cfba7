"""One line of a file that people bring: a post, and at most one volunteer who is to serve there. Pure.

Upstream: ``hours``.
Downstream: ``sheets`` and ``calendars`` read them, ``importing`` takes them in.

What is wrong with a line is a word of a closed list that stands in the line; what is wrong with a whole file is raised.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sync.platform.errors import PlatformError

MOST_LINES = 1000  # of a file: more than a quarter of a year of a busy point; what holds up nobody else for long
MOST_TEXT = 120  # characters of a word that is taken in
MOST_NEEDED = 500  # at one post; more is a slip of the key


class Fault(StrEnum):
    """Why a line cannot be taken in, beside what the rules say of a volunteer."""

    DAY = "day"  # none, or none that can be read
    TIME = "time"
    BACKWARDS = "backwards"  # ends before it begins, or lasts longer than a day
    RECURS = "recurs"  # an event that repeats
    NEEDED = "needed"
    CONTRADICTS = "contradicts"  # an earlier line about the same post says otherwise
    POINT = "point"  # none that this account plans
    SERVICE = "service"
    TEAM = "team"  # the volunteer is of a team that this account does not plan
    TOO_LONG = "too_long"  # a text
    NUMBER = "number"  # a name without a number
    ROUNDED = "rounded"  # a number that a spreadsheet has rounded
    NOBODY = "nobody"  # no volunteer is registered under the number


class Whole(StrEnum):
    """Why a file cannot be read at all."""

    NO_SHEET = "no_sheet"
    NO_CALENDAR = "no_calendar"
    TOO_LARGE = "too_large"  # in bytes, packed or unpacked
    TOO_MANY = "too_many"  # lines
    NO_HEAD = "no_head"  # the names of the columns are missing
    EMPTY = "empty"


class UnreadableError(PlatformError):
    """A file that cannot be read; ``why`` says it in a word with a sentence in the catalogues."""

    def __init__(self, why: Whole) -> None:
        super().__init__(f"The file cannot be taken in: {why.value}.")
        self.why = why


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says; texts as they stand there, empty where nothing does.

    Attributes:
        where: of people who look for it in their file: the row, or the event's place.
        starts, ends: minutes of the day; one that ends no later than it starts ends on the next.
        needed: None: the line does not say.
        fault: why the rest is not to be relied on, or None.
    """

    where: str
    on: date | None = None
    starts: int = 0
    ends: int = 0
    point: str = ""
    service: str = ""
    needed: int | None = None
    team: str = ""
    skill: str = ""
    training: str = ""
    volunteer: str = ""
    fault: Fault | None = None


def read_needed(text: str) -> int | None:
    """Return a number of volunteers, None where nothing is said.

    Raises:
        ValueError: it is not a number from 1 to :data:`MOST_NEEDED`.
    """
    if not text:
        return None
    needed = int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(MOST_NEEDED)) + 1 else 0
    if not 1 <= needed <= MOST_NEEDED:
        raise ValueError(f"{text!r} is no number of volunteers")
    return needed
