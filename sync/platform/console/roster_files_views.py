"""What the page of files shows of one that is looked at, as plain values in the reader's words.

Upstream: ``rostering.importing``, ``roster_terms``, ``wording``.
Downstream: ``roster_files_pages``, its template.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from babel.dates import format_skeleton

from sync.platform import roster_terms, wording
from sync.platform.console.reader import Reader
from sync.platform.rostering.hours import clock_time
from sync.platform.rostering.importing import Verdict, What
from sync.platform.rostering.lines import Fault, Whole
from sync.platform.store import Unit
from sync.platform.wording import marked

MOST_DAYS = 93  # of one file or sheet: a quarter of a year
YEARS = (2000, 2100)  # days outside are slips of the key
FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "span": marked("Choose a service point and days, at most a quarter of a year."),
        "none": marked("No file was chosen."),
        "changed": marked("The roster has changed meanwhile; nothing was written. Look at the lines once more."),
        Whole.NO_SHEET: marked(
            "This spreadsheet cannot be opened. Save it as XLSX, without a password, and try again."
        ),
        Whole.NO_CALENDAR: marked("This is neither a spreadsheet (XLSX) nor a calendar (iCalendar)."),
        Whole.TOO_LARGE: marked("The file is too large, or packs more than a roster can hold. Take 1 MB at most."),
        Whole.TOO_MANY: marked("The file has too many lines. Take 1000 at most, and several files for more."),
        Whole.NO_HEAD: marked("The names of the columns are missing. Take an exported file as a pattern."),
        Whole.EMPTY: marked("There is nothing in the file."),
    }
)
WORDS: Mapping[str, str] = MappingProxyType(
    {
        What.NEW: marked("New post"),
        What.CHANGED: marked("Number needed changes"),
        What.PLACED: marked("Volunteer is put there"),
        What.KNOWN: marked("Is so already"),
        What.WRONG: marked("Left out"),
    }
)
WITHOUT: Mapping[str, str] = MappingProxyType(  # of a line whose post is written, and its volunteer left out
    {
        What.NEW: marked("New post, without the volunteer"),
        What.CHANGED: marked("Number needed changes, without the volunteer"),
    }
)
SLIPS: Mapping[str, str] = MappingProxyType(
    {
        Fault.DAY: marked("The date cannot be read. Write it as 2026-12-05."),
        Fault.TIME: marked("The time cannot be read. Write it as 09:30; a whole day is none."),
        Fault.BACKWARDS: marked("It ends before it begins, or lasts longer than a day."),
        Fault.RECURS: marked("It repeats. Write each day as an entry of its own."),
        Fault.NEEDED: marked("The number needed is not a number from 1 to 500."),
        Fault.CONTRADICTS: marked("An earlier line asks for another number at the same post."),
        Fault.POINT: marked("This service point is none that you plan, or the post is another team's."),
        Fault.SERVICE: marked("This service kind is not known."),
        Fault.TEAM: marked("The volunteer is of a team that you do not plan."),
        Fault.TOO_LONG: marked("A text is too long."),
        Fault.NUMBER: marked("A name alone is not enough. Write the volunteer's number."),
        Fault.ROUNDED: marked("The spreadsheet has rounded this number. Make the column text and write it again."),
        Fault.NOBODY: marked("No volunteer is registered here under this number."),
    }
)


@dataclass(frozen=True, slots=True)
class LookedLine:
    """One line of a file, and what would become of it."""

    where: str
    day: str
    times: str
    point: str
    service: str
    volunteer: str
    what: str
    word: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was looked at: its lines, those that are not taken whole first, and how many do what."""

    lines: tuple[LookedLine, ...]
    wrong: int
    known: int
    new: int
    changed: int
    placed: int

    @property
    def doing(self) -> int:
        """How many lines would write anything."""
        return self.new + self.changed + self.placed


def looked_at(unit: Unit, verdicts: Sequence[Verdict], point: str, reader: Reader) -> Looked:
    """Return what the page shows of a file whose lines are of a point, by its id, where they name none."""
    numbers = {each.line.volunteer for each in verdicts if each.line.volunteer}
    names = unit.roster_people.names(numbers)
    known = unit.registry.service_point(point)
    own = known.name if known else point
    called = {each.id: each.name for each in unit.registry.service_points()}
    lines = [_line(each, names, reader, called.get(each.line.point, each.line.point) or own) for each in verdicts]
    ranked = sorted(lines, key=lambda line: not line.why)
    count = {what: sum(each.what is what for each in verdicts) for what in What}
    return Looked(
        tuple(ranked),
        wrong=sum(not each.is_whole for each in verdicts),
        known=count[What.KNOWN],
        new=count[What.NEW],
        changed=count[What.CHANGED],
        placed=count[What.PLACED],
    )


def mark_of(verdicts: Sequence[Verdict]) -> str:
    """Return what two walks through a file have in common only where they come out the same."""
    seen = [
        (each.line.where, each.what, each.fault, each.said, [violation.reason for violation in each.violations])
        for each in verdicts
    ]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:32]


def done_words(done: int, reader: Reader) -> str:
    """Return the sentence after a file was taken in."""
    return reader.ngettext(
        "Taken in: %(num)s line has changed the roster.", "Taken in: %(num)s lines have changed the roster.", done
    )


def is_near(first: date, last: date) -> bool:
    """Tell whether days are ones that a roster can have."""
    return YEARS[0] <= first.year and last.year <= YEARS[1]


def _line(verdict: Verdict, names: Mapping[str, str], reader: Reader, point: str) -> LookedLine:
    line = verdict.line
    is_timed = line.on is not None and line.fault is None
    why = [reader.word(SLIPS, verdict.fault)] if verdict.fault else []
    why += dict.fromkeys(reader.word(roster_terms.REASONS, each.reason) for each in verdict.violations)
    why += [reader.say(verdict.said)] if verdict.said else []
    name = names.get(line.volunteer, "")
    return LookedLine(
        where=line.where,
        day=format_skeleton("yMMMEd", line.on, locale=reader.language) if line.on else "",
        times=f"{clock_time(line.starts)}–{clock_time(line.ends)}" if is_timed else "",
        point=point,
        service=reader.word(wording.SERVICES, line.service),
        volunteer=f"{line.volunteer} {name}".strip(),
        what=verdict.what.value,
        word=reader.word(WORDS if verdict.is_whole or verdict.what is What.WRONG else WITHOUT, verdict.what),
        why=tuple(why),
    )
