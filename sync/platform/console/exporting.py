"""The ledger as a file: XLSX or CSV of what a filter lets through, read and written a page at a time.

Upstream: ``store.ledger``, ``views``, ``export`` (XLSX), ``gate``.
Downstream: ``assembly``.

A CSV goes out while it is read, so its size has no bound but the ledger. An XLSX is a zip whose index comes last, so it
is made in a temporary file first; its rows are bounded by the format. Who exported what, and how many lines, is noted.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from sync.platform.console import ledger_file, queries
from sync.platform.console.forms import one
from sync.platform.console.frame import HEADERS, Frame
from sync.platform.console.gate import fields_of, visitor_of
from sync.platform.console.reader import Reader
from sync.platform.ports import Ports, unix_ms
from sync.platform.records import Entry, LedgerFilter
from sync.platform.signin.audit import Deed, Done
from sync.platform.signin.rights import Right
from sync.platform.store import Database

PAGE = "/ledger/export"
AT_ONCE = 500  # lines read in one transaction: nobody waits behind an export
BOM = "\ufeff"  # without it a spreadsheet takes UTF-8 for something else
CSV, XLSX = "csv", "xlsx"
TYPES = {CSV: "text/csv; charset=utf-8", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclass(frozen=True, slots=True)
class Exporting:
    """The deed over one database."""

    database: Database
    ports: Ports
    frame: Frame

    def router(self) -> APIRouter:
        """Return the route."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(PAGE, self.export, methods=["POST"], response_model=None)
        return router

    def export(self, request: Request) -> Response:
        """Send the lines that a filter lets through as a file."""
        reader, fields, visitor = self.frame.reader(request), fields_of(request), visitor_of(request)
        given = {name: values[0] for name, values in fields.items()}
        query, form = queries.read_query(given), one(fields, "as")
        if query.unreadable or form not in TYPES:
            return self.frame.page(request, "stale.html", HTTPStatus.CONFLICT)
        wanted = queries.filter_of(query, reader.zone, visitor.places(Right.EXPORT))
        now_ms = unix_ms(self.ports.clock())
        with self.database.reading() as unit:
            count = unit.ledger.page(wanted, 0, 0).sessions
        if form == XLSX and count > ledger_file.MOST_ROWS:
            form = CSV
        with self.database.writing("audit") as unit:
            unit.audit.note(
                Done(visitor.account.id, Deed.LEDGER_EXPORTED, form, str(count), query.point or None), now_ms
            )
        name = f"ledger-{reader.local_now(now_ms):%Y%m%d-%H%M}.{form}"
        named = {**HEADERS, "content-disposition": f'attachment; filename="{name}"', "x-lines": str(count)}
        if form == CSV:
            return StreamingResponse(self._csv(wanted, reader), HTTPStatus.OK, named, TYPES[CSV])
        path = self._xlsx(wanted, reader)
        return FileResponse(path, HTTPStatus.OK, named, TYPES[XLSX], BackgroundTask(path.unlink, missing_ok=True))

    def _entries(self, wanted: LedgerFilter) -> Iterator[Entry]:
        before: tuple[int, str] | None = None
        while True:
            with self.database.reading() as unit:
                found = unit.ledger.entries(wanted, before, AT_ONCE)
            yield from found
            if len(found) < AT_ONCE:
                return
            before = (found[-1].session.started.est_ms, found[-1].session.id)

    def _csv(self, wanted: LedgerFilter, reader: Reader) -> Iterator[bytes]:
        yield (BOM + _csv_line(ledger_file.head(reader))).encode()
        for entry in self._entries(wanted):
            cells = ledger_file.cells(entry, reader)
            yield _csv_line([ledger_file.harmless(str(cell)) for cell in cells]).encode()

    def _xlsx(self, wanted: LedgerFilter, reader: Reader) -> Path:
        with tempfile.NamedTemporaryFile(suffix=".xlsx", delete=False) as file:
            path = Path(file.name)
        ledger_file.write_xlsx(path, self._entries(wanted), reader)
        return path


def _csv_line(cells: Sequence[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()
