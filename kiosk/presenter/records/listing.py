"""The list of own sessions in words, a page at a time; and the request for the card before it.

Upstream: ``kiosk.presenter.wording``, ``kiosk.usecases.record_ports`` (rows).
Downstream: ``pages``; the other pages take the rail and the words of a state from here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.presenter.acts import TapClose
from kiosk.presenter.icons import Icon, service_icon
from kiosk.presenter.records.acts import Tab, TapRecord, TapTab, TapTurn
from kiosk.presenter.records.views import AskCardView, Rail, RecordLine, RecordListView, TabButton
from kiosk.presenter.views import Badge, Button, Tone
from kiosk.timekeeping.moment import instant_of
from sync.protocol.vocabulary import Matter, SessionState

if TYPE_CHECKING:
    import datetime as dt

    from kiosk.presenter.views import Countdown
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.record_outcomes import OwnRecords
    from kiosk.usecases.record_ports import RecordRow

LINES = 4  # to a page: large enough for a finger and for old eyes
_TABS = {Tab.LIST: Icon.HISTORY, Tab.HOURS: Icon.AWARD, Tab.PLAN: Icon.CALENDAR}
_STATES = {
    SessionState.OPEN: (Icon.KEEP, Tone.CALM),
    SessionState.CLOSED: (Icon.CLOCK, Tone.CALM),
    SessionState.PROVISIONAL: (Icon.HELP, Tone.WARN),
    SessionState.CONFIRMED: (Icon.DONE, Tone.GOOD),
    SessionState.AMENDED: (Icon.DONE, Tone.GOOD),
    SessionState.VOID: (Icon.FORBIDDEN, Tone.QUIET),
}


def ask_card_view(voice: Voice, countdown: Countdown, *, again: bool) -> AskCardView:
    """Ask for the card; ``again``: the last one is too long ago for what was asked."""
    phrases = voice.phrases
    return AskCardView(
        title=phrases.say("records.title"),
        what=phrases.say("records.ask_again" if again else "records.ask"),
        advice=phrases.say("records.ask_advice"),
        note=phrases.say("records.ask_note"),
        cancel=Button(phrases.say("records.cancel"), Icon.CANCEL, TapClose()),
        countdown=countdown,
    )


def page_within(page: int, records: OwnRecords) -> int:
    """Return the nearest page there is."""
    return max(0, min(page, _pages(records) - 1))


def disputed(records: OwnRecords, session: str) -> OwnRecords:
    """Return the records with an objection to one session."""
    rows = (
        replace(row, matters=row.matters | {Matter.OBJECTION}) if row.session == session else row
        for row in records.rows
    )
    return replace(records, rows=tuple(rows))


def list_view(records: OwnRecords, page: int, voice: Voice, countdown: Countdown) -> RecordListView:
    """Put one page of the list into words."""
    phrases, pages = voice.phrases, _pages(records)
    rows = records.rows[page * LINES : (page + 1) * LINES]
    later, earlier = phrases.say("records.later"), phrases.say("records.earlier")
    return RecordListView(
        rail=rail(records, Tab.LIST, voice, countdown),
        lines=tuple(_line(row, records.at, voice) for row in rows),
        empty="" if rows else phrases.say("records.empty"),
        page=phrases.say("records.page", page=page + 1, pages=pages) if rows else "",
        later=Button(later, Icon.GO_BACK, TapTurn(page - 1)) if page else None,
        earlier=Button(earlier, Icon.GO_ON, TapTurn(page + 1)) if page + 1 < pages else None,
    )


def rail(records: OwnRecords, chosen: Tab, voice: Voice, countdown: Countdown) -> Rail:
    """Return the ways between the pages."""
    phrases = voice.phrases
    tabs = (TabButton(phrases.of("records_tab", tab), icon, tab is chosen, TapTab(tab)) for tab, icon in _TABS.items())
    close = Button(phrases.say("records.close"), Icon.CANCEL, TapClose())
    return Rail(records.scan.name, tuple(tabs), close, countdown)


def state_badge(state: SessionState, voice: Voice, *, disputed: bool, counts_nothing: bool) -> Badge:
    """Return a session's state as its volunteer understands it."""
    phrases = voice.phrases
    if disputed:
        return Badge(Icon.HELP, phrases.say("records.disputed"), Tone.WARN)
    if counts_nothing:
        return Badge(Icon.CLOCK, phrases.say("records.counts_nothing"), Tone.QUIET)
    icon, tone = _STATES[state]
    return Badge(icon, phrases.of("record_state", state), tone)


def day_of(on: dt.date, today: dt.date, voice: Voice) -> str:
    """Return a date in words, with its year where it is another than today's."""
    if on.year == today.year:
        return voice.date(on)
    return voice.phrases.say("date.of_year", date=voice.date(on), year=on.year)


def local_day(at: dt.datetime, voice: Voice) -> dt.date:
    """Return the local date of an instant."""
    return at.astimezone(voice.zone).date()


def times_of(begin: dt.datetime, end: dt.datetime | None, voice: Voice) -> str:
    """Return from when to when; an open end is said, not shown as one."""
    if end is None:
        return voice.phrases.say("records.since", begin=voice.time(begin))
    return voice.phrases.say("records.from_to", begin=voice.time(begin), end=voice.time(end))


def _pages(records: OwnRecords) -> int:
    return max(1, -(-len(records.rows) // LINES))


def _line(row: RecordRow, at: dt.datetime, voice: Voice) -> RecordLine:
    phrases = voice.phrases
    begin, end = instant_of(row.started_ms), None if row.ended_ms is None else instant_of(row.ended_ms)
    ended = None if row.state is SessionState.PROVISIONAL and Matter.END_UNKNOWN in row.matters else end
    known = [phrases.of("provenance", row.provenance)]
    if row.quality is not None:
        known.append(phrases.say("records.rated", quality=phrases.of("quality", row.quality)))
    return RecordLine(
        day=phrases.say(
            "header.date",
            date=day_of(row.started_on, local_day(at, voice), voice),
            weekday=voice.weekday(row.started_on),
        ),
        service=phrases.name_of("service", row.service),
        icon=service_icon(row.service),
        times=times_of(begin, ended, voice),
        known=phrases.say("records.between").join(known),
        credited=_credited(row, voice),
        state=state_badge(
            row.state, voice, disputed=Matter.OBJECTION in row.matters, counts_nothing=row.paid or row.drill
        ),
        tap=TapRecord(row.session),
    )


def _credited(row: RecordRow, voice: Voice) -> str:
    if row.state is SessionState.OPEN:
        return voice.phrases.say("records.running")
    return voice.duration(row.credited_minutes)
