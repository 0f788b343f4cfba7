"""What volunteers bring to a roster and would like: profiles, usual time 服务时间, and the days unlike it.

Upstream: ``tables``, ``rosters`` (the log), ``rostering.model``.
Downstream: ``rostering.reading``, the set-up and the volunteers' pages, the commands.

Written in transactions of :data:`rosters.OWNER`; every change is in the roster's log. A deviation's reason of leave is
kept with it and never in the log, where it could not be taken back.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sync.platform.rostering.hours import clock_time, minutes_of
from sync.platform.rostering.model import Change, Deviation, Profile, Weekly
from sync.platform.store import bulk
from sync.platform.store.rosters import By, Rosters, plain
from sync.platform.store.tables import AvailabilityExceptionRow, AvailabilityRow, RosterProfileRow, VolunteerRow
from sync.protocol.vocabulary import LeaveReason


class RosterPeople:
    """The rows of one transaction that say what volunteers bring."""

    def __init__(self, session: Session, rosters: Rosters) -> None:
        self._session = session
        self._rosters = rosters

    def profile(self, volunteer: str) -> Profile:
        """Return a volunteer's profile; of one without, an empty one of version 0."""
        row = self._session.get(RosterProfileRow, volunteer)
        return Profile(volunteer) if row is None else _profile_of(row)

    def profiles(self, volunteers: Collection[str] | None = None) -> dict[str, Profile]:
        """Return the profiles of those of some volunteers, or of all, who have one."""
        rows = self._rows(RosterProfileRow, volunteers)
        return {row.volunteer: _profile_of(row) for row in rows}

    def put_profile(self, profile: Profile, by: By) -> Profile:
        """Write a profile that is new or has changed; return it with its version."""
        before = self.profile(profile.volunteer)
        if before.version and replace(profile, version=before.version) == before:
            return before
        put = replace(profile, version=before.version + 1)
        self._session.merge(_profile_row(put))
        was = plain(before) if before.version else None
        self._note("profile", put.volunteer, put.version, was, plain(put), by)
        return put

    def weekly(self, volunteers: Collection[str] | None = None) -> dict[str, tuple[Weekly, ...]]:
        """Return the usual time of those of some volunteers, or of all, who gave any; by weekday and time."""
        found: dict[str, list[Weekly]] = defaultdict(list)
        for row in self._rows(AvailabilityRow, volunteers):
            found[row.volunteer].append(Weekly(row.weekday, minutes_of(row.starts), minutes_of(row.ends)))
        return {number: tuple(sorted(each, key=_place_in_week)) for number, each in found.items()}

    def put_weekly(self, volunteer: str, weekly: Iterable[Weekly], by: By) -> None:
        """Write a volunteer's usual time anew."""
        before = self.weekly((volunteer,)).get(volunteer, ())
        after = tuple(sorted(weekly, key=_place_in_week))
        if before == after:
            return
        self._session.execute(delete(AvailabilityRow).where(AvailabilityRow.volunteer == volunteer))
        self._session.add_all(
            AvailabilityRow(
                volunteer=volunteer, weekday=one.weekday, starts=clock_time(one.starts), ends=clock_time(one.ends)
            )
            for one in after
        )
        self._session.flush()
        version = self._rosters.next_version("availability", volunteer)
        self._note("availability", volunteer, version, _listed(before), _listed(after), by)

    def deviations(
        self, from_ms: int, until_ms: int, volunteers: Collection[str] | None = None
    ) -> dict[str, tuple[Deviation, ...]]:
        """Return the deviations of some volunteers, or of all, that lie in part within [from, until), by begin."""
        found: dict[str, list[Deviation]] = defaultdict(list)
        row_of = AvailabilityExceptionRow
        for row in self._rows(row_of, volunteers, row_of.until_ms > from_ms, row_of.from_ms < until_ms):
            found[row.volunteer].append(_deviation_of(row))
        return {number: tuple(sorted(each, key=_begin)) for number, each in found.items()}

    def put_deviation(self, volunteer: str, deviation: Deviation, by: By) -> None:
        """Note a span unlike the pattern, or write it anew."""
        row = self._session.get(AvailabilityExceptionRow, deviation.id)
        before = None if row is None else _deviation_of(row)
        if before == deviation:
            return
        self._session.merge(
            AvailabilityExceptionRow(
                id=deviation.id,
                volunteer=volunteer,
                from_ms=deviation.from_ms,
                until_ms=deviation.until_ms,
                free=deviation.free,
                reason=None if deviation.reason is None else deviation.reason.value,
            )
        )
        self._note_deviation(volunteer, before, deviation, by)

    def drop_deviation(self, volunteer: str, id_: str, by: By) -> bool:
        """Take a deviation of a volunteer back; return whether there was one."""
        row = self._session.get(AvailabilityExceptionRow, id_)
        if row is None or row.volunteer != volunteer:
            return False
        before = _deviation_of(row)
        self._session.delete(row)
        self._note_deviation(volunteer, before, None, by)
        return True

    def with_time(self) -> set[str]:
        """Return who gave any time at which they can come."""
        given = select(AvailabilityRow.volunteer).union(
            select(AvailabilityExceptionRow.volunteer).where(AvailabilityExceptionRow.free)
        )
        return set(self._session.scalars(given))

    def registered(self, volunteers: Collection[str]) -> list[str]:
        """Return those of some volunteers who are registered, by number."""
        query = select(VolunteerRow.number).where(bulk.among(VolunteerRow.number, "volunteers"))
        return sorted(self._session.scalars(query, {"volunteers": volunteers}))

    def names(self, volunteers: Collection[str]) -> dict[str, str]:
        """Return the names of those of some volunteers who are registered, by number."""
        query = select(VolunteerRow.number, VolunteerRow.name)
        query = query.where(bulk.among(VolunteerRow.number, "volunteers"))
        found = self._session.execute(query, {"volunteers": volunteers})
        return {row.number: row.name for row in found}

    def _rows(self, row_of: Any, volunteers: Collection[str] | None, *conditions: Any) -> Iterable[Any]:
        query = select(row_of).where(*conditions)
        if volunteers is None:
            return self._session.scalars(query)
        return self._session.scalars(
            query.where(bulk.among(row_of.volunteer, "volunteers")), {"volunteers": volunteers}
        )

    def _note_deviation(self, volunteer: str, before: Deviation | None, after: Deviation | None, by: By) -> None:
        version = self._rosters.next_version("deviation", volunteer)
        self._note("deviation", volunteer, version, _told(before), _told(after), by)

    def _note(self, kind: str, volunteer: str, version: int, before: Any, after: Any, by: By) -> None:
        self._rosters.note(Change(by.at_ms, by.who, by.source, kind, volunteer, version, None, before, after))


def _place_in_week(one: Weekly) -> tuple[int, int]:
    return one.weekday, one.starts


def _begin(one: Deviation) -> tuple[int, str]:
    return one.from_ms, one.id


def _listed(weekly: Iterable[Weekly]) -> dict[str, Any] | None:
    spans = [plain(one) for one in weekly]
    return {"weekly": spans} if spans else None


def _told(deviation: Deviation | None) -> dict[str, Any] | None:
    return None if deviation is None else plain(replace(deviation, reason=None))


def _profile_of(row: RosterProfileRow) -> Profile:
    return Profile(
        volunteer=row.volunteer,
        team=row.team,
        skills=frozenset(json.loads(row.skills)),
        points=tuple(json.loads(row.points)),
        mates=frozenset(json.loads(row.mates)),
        most_a_week=row.most_a_week,
        guide=row.guide,
        newcomer=row.newcomer,
        version=row.version,
    )


def _profile_row(one: Profile) -> RosterProfileRow:
    return RosterProfileRow(
        volunteer=one.volunteer,
        team=one.team,
        skills=json.dumps(sorted(one.skills), ensure_ascii=False),
        points=json.dumps(one.points),
        mates=json.dumps(sorted(one.mates)),
        most_a_week=one.most_a_week,
        guide=one.guide,
        newcomer=one.newcomer,
        version=one.version,
    )


def _deviation_of(row: AvailabilityExceptionRow) -> Deviation:
    reason = None if row.reason is None else LeaveReason(row.reason)
    return Deviation(row.id, row.from_ms, row.until_ms, row.free, reason)
