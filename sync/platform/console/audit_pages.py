"""The log of what people did, for those who look after it: by day, person and deed.

Upstream: ``store.audit``, ``gate``.
Downstream: ``assembly``.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync.platform import wording
from sync.platform.console import queries
from sync.platform.console.frame import Frame
from sync.platform.console.gate import visitor_of
from sync.platform.signin.audit import AuditFilter, AuditLine, Deed
from sync.platform.signin.people import account_name
from sync.platform.signin.rights import Right, points_in
from sync.platform.store import Database, Unit
from sync.platform.wording import marked

PAGE = "/audit"
LINES = 100
OF_ACCOUNTS = frozenset(
    {Deed.ACCOUNT_ADDED, Deed.ACCOUNT_CLOSED, Deed.ACCOUNT_TERM_SET, Deed.PASSWORD_RESET, Deed.PASSWORD_CHANGED}
) | {Deed.SIGNED_IN, Deed.SIGN_IN_REFUSED, Deed.SIGNED_OUT, Deed.SIGNED_OUT_EVERYWHERE}
OF_DEVICES = frozenset({Deed.DEVICE_REVOKED, Deed.ALARM_ACKNOWLEDGED})
COMMAND_LINE = marked("At the machine itself")


@dataclass(frozen=True, slots=True)
class AuditPages:
    """The page over one database."""

    database: Database
    frame: Frame

    def router(self) -> APIRouter:
        """Return the route."""
        router = APIRouter(default_response_class=Response)
        router.add_api_route(PAGE, self.log, methods=["GET"], response_model=None)
        return router

    def log(self, request: Request) -> Response:
        """The deeds that were asked for, latest first."""
        reader, asked = self.frame.reader(request), request.query_params
        day, word = queries.read_day(asked.get("day", "")), asked.get("deed", "")
        who = account_name(asked.get("who", ""))
        begin, end = queries.day_bounds(day, reader.zone) if day else (None, None)
        deed = Deed(word) if word in set(Deed) else None
        points = points_in(visitor_of(request).places(Right.AUDIT))
        with self.database.reading() as unit:
            wanted = AuditFilter(begin, end, who, deed, points)
            found = unit.audit.lines(wanted, queries.read_number(request, "before"), LINES + 1)
            subjects = {each.id: _subject(unit, each) for each in found[:LINES]}
        kept = {"day": day.isoformat() if day else "", "deed": word, "who": who or ""}
        more = f"{PAGE}?" + urlencode({**kept, "before": found[LINES - 1].id}) if len(found) > LINES else ""
        lines = [
            (
                reader.second(each.at_ms),
                each.who or ("" if each.done.deed is Deed.SIGN_IN_REFUSED else reader.say(COMMAND_LINE)),
                reader.word(wording.DEEDS, each.done.deed),
                subjects[each.id],
                each.done.detail,
            )
            for each in found[:LINES]
        ]
        deeds = [(each.value, reader.word(wording.DEEDS, each)) for each in Deed]
        return self.frame.page(request, "audit.html", lines=lines, deeds=deeds, more=more, asked=kept)


def _subject(unit: Unit, line: AuditLine) -> str:
    subject = line.done.subject
    if line.done.deed in OF_ACCOUNTS:
        account = unit.accounts.find(subject) if subject else None
        return account.name if account else ""
    if line.done.deed in OF_DEVICES:
        device = unit.devices.find(subject)
        return device.name if device else subject
    return subject
