"""What stands in an exported ledger: its columns in the reader's words, and an XLSX of them.

Upstream: XlsxWriter, ``wording``, ``terms``.
Downstream: ``exporting``.

A cell that begins like a formula is text: whoever opens a CSV must not run what somebody wrote into a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from sync.platform import terms, wording
from sync.platform.console.reader import Reader
from sync.platform.console.views import apart_of, counted
from sync.platform.records import Entry
from sync.platform.wording import marked
from sync.protocol.sessions import COUNTING
from sync.protocol.vocabulary import Provenance

MOST_ROWS = 1_048_575  # of a sheet of XLSX, its head left out
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # OWASP, CSV injection
NS_PER_MINUTE = 60_000_000_000
COLUMNS: Sequence[tuple[str, int]] = (
    (marked("Record"), 38),
    (marked("Volunteer number"), 20),
    (marked("Name"), 14),
    (marked("Date"), 12),
    (marked("Start"), 17),
    (marked("End"), 17),
    (marked("Original minutes"), 10),
    (marked("Credited minutes"), 10),
    (marked("Rule"), 12),
    (marked("Service content"), 16),
    (marked("Tallies"), 20),
    (marked("Service point"), 24),
    (marked("Team"), 14),
    (marked("Provenance"), 24),
    (marked("State"), 12),
    (marked("Quality"), 10),
    (marked("Remarks"), 30),
)


def head(reader: Reader) -> list[str]:
    """Return the names of the columns."""
    return [reader.say(name) for name, _ in COLUMNS]


def cells(entry: Entry, reader: Reader) -> list[str | int]:
    """Return one record; times are local, minutes whole."""
    session = entry.session
    counts = session.state in COUNTING and apart_of(session) is None
    ended = session.ended if session.provenance is not Provenance.ONE_SCAN_AUTO else None
    return [
        session.id,
        session.volunteer,
        entry.name or "",
        reader.day_of(session.started.est_ms).isoformat(),
        reader.moment(session.started.est_ms),
        reader.moment(ended.est_ms) if ended else "",
        session.original_ns // NS_PER_MINUTE,
        session.credited_minutes if counts else 0,
        session.rule,
        reader.word(wording.SERVICES, session.service),
        "; ".join(counted(session.tallies, reader)),
        entry.service_point_name or session.service_point,
        session.team or "",
        reader.word(wording.PROVENANCES, session.provenance),
        reader.word(wording.STATES, session.state),
        reader.word(terms.QUALITIES, session.rating.quality) if session.rating else "",
        "; ".join(reader.word(wording.FLAGS, flag) for flag in sorted(session.flags)),
    ]


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULAS) else text


def write_xlsx(path: Path, entries: Iterable[Entry], reader: Reader) -> None:
    """Write the records as one sheet, row by row, in constant memory."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet, bold = book.add_worksheet(reader.say(marked("Service ledger"))), book.add_format({"bold": True})
        for column, (name, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, reader.say(name), bold)
        sheet.freeze_panes(1, 0)
        for row, entry in enumerate(entries, 1):
            for column, cell in enumerate(cells(entry, reader)):
                if isinstance(cell, int):
                    sheet.write_number(row, column, cell)
                else:
                    sheet.write_string(row, column, cell)
        sheet.autofilter(0, 0, 0, len(COLUMNS) - 1)
