"""What the idle screen shows of the station: who is on duty, today's roster, open posts, this month's hours.

Upstream: ``kiosk.domain.roster``, ``roster_here``, the ports.
Downstream: ``kiosk.composition`` reads it after every scan and every minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from kiosk.domain.roster import TOLD, Presence, ends_at, starts_at, was_there
from kiosk.timekeeping.moment import instant_of
from kiosk.usecases.board import Board, OnDuty, PlannedShift, WantedPost
from kiosk.usecases.read_group import group_of
from kiosk.usecases.roster_here import presence_of
from sync.protocol.sessions import DRILL
from sync.protocol.vocabulary import AssignmentState, SessionState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

    from kiosk.timekeeping.moment import Moment
    from kiosk.usecases.ports import Clock, Ledger, Mailbox, RecordedSession, ReferenceShelf
    from sync.protocol.reference import RosteredShift
    from sync.protocol.roster import OpenPost

SERVING, SERVED, PLANNED, ASKED = "serving", "served", "planned", "asked"
DAY = timedelta(days=1)
EARLIEST = timedelta(hours=3)  # a session that began longer before a shift of the night was not its beginning
WANTED_AHEAD = timedelta(days=7)  # so a weekday's name says which day
MOST_WANTED = 6  # as many as have their turn on the idle screen within a minute


@dataclass(frozen=True, slots=True)
class ReadBoard:
    """Reads the board; ``zone`` is the station's."""

    clock: Clock
    ledger: Ledger
    shelf: ReferenceShelf
    mailbox: Mailbox
    zone: tzinfo

    def __call__(self) -> Board:
        """Return the board of this moment.

        Raises:
            RecordingError: the file cannot be read now.
            NotEnrolledError: the device has no reference data yet.
        """
        moment, reference, link = self.clock.now(), self.shelf.current().data, self.mailbox.link()
        local = moment.at.astimezone(self.zone)
        midnight = datetime.combine(local.date(), time(0), self.zone)
        shifts = _of_day(reference.roster, midnight)
        with self.ledger.reading() as reading:
            serving = _in_earnest(reading.open_sessions())
            stays = [*_in_earnest(reading.sessions_since(_first_asked(shifts, midnight))), *serving]
            on_duty = tuple(_on_duty(recorded, moment) for recorded in serving)
            minutes_by_day = reading.minutes_by_day(local.date())
            provisional_count, drill = reading.provisional_count(), reading.drill_on()
            opened = reading.current_group()
            group = None if opened is None else group_of(reading, opened)
        return Board(
            now=moment.at,
            calibrated=moment.calibrated,
            station_name=reference.service_point.name,
            on_duty=on_duty,
            roster=tuple(_planned(shift, stays, moment) for shift in shifts),
            notices=tuple(reference.notices),
            minutes_by_day=minutes_by_day,
            provisional_count=provisional_count,
            waiting_to_upload=link.waiting,
            last_contact=link.last_contact,
            drill=drill,
            group=group,
            wanted=_wanted(reference.open_posts, moment.at),
        )


def _in_earnest(sessions: Sequence[RecordedSession]) -> list[RecordedSession]:
    """Leave out what was recorded in a drill."""
    return [recorded for recorded in sessions if DRILL not in recorded.session.flags]


def _on_duty(recorded: RecordedSession, moment: Moment) -> OnDuty:
    session = recorded.session
    since = moment.instant_when(recorded.check_in.stamp, session.started.est_ms)
    return OnDuty(session.id, recorded.name, session.service, since)


def _of_day(roster: Iterable[RosteredShift], midnight: datetime) -> list[RosteredShift]:
    """Return the shifts of the local day that begins at ``midnight``, those over midnight on both days."""
    shifts = [
        shift
        for shift in roster
        if shift.state in TOLD and starts_at(shift) < midnight + DAY and ends_at(shift) > midnight
    ]
    return sorted(shifts, key=lambda shift: (shift.starts_ms, shift.id))


def _first_asked(shifts: Iterable[RosteredShift], midnight: datetime) -> datetime:
    """Return since when a session can belong to one of these shifts: midnight, but for a shift of the night."""
    begun = [starts_at(shift) - EARLIEST for shift in shifts if starts_at(shift) < midnight]
    return min([midnight, *begun])


def _planned(shift: RosteredShift, stays: Iterable[RecordedSession], moment: Moment) -> PlannedShift:
    mine = [each for each in stays if each.session.volunteer == shift.volunteer]
    state = _state(shift, mine, moment)
    return PlannedShift(shift.display_name, shift.service, starts_at(shift), ends_at(shift), state)


def _state(shift: RosteredShift, mine: Sequence[RecordedSession], moment: Moment) -> str:
    """Return how a shift stands: by the sessions that name it, or during which it ran."""
    states = {each.session.state for each in mine if _belongs(each, shift, moment)} - {SessionState.VOID}
    if SessionState.OPEN in states:
        return SERVING
    if states:
        return SERVED
    return ASKED if shift.state is AssignmentState.OFFERED else PLANNED


def _belongs(recorded: RecordedSession, shift: RosteredShift, moment: Moment) -> bool:
    session = recorded.session
    named = session.shift is not None and session.shift.id == shift.id
    presence = presence_of(recorded, moment)
    lasts = Presence(presence.began, presence.ended or moment.at)
    return named or was_there(shift, (lasts,))


def _wanted(posts: Iterable[OpenPost], now: datetime) -> tuple[WantedPost, ...]:
    """Return the open posts of the next days that have not begun, earliest first."""
    ahead = [post for post in posts if now < instant_of(post.starts_ms) <= now + WANTED_AHEAD]
    ahead.sort(key=lambda post: (post.starts_ms, post.id))
    return tuple(
        WantedPost(post.service, instant_of(post.starts_ms), instant_of(post.ends_ms), post.wanted)
        for post in ahead[:MOST_WANTED]
    )
