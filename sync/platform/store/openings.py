"""When service points are open, the days unlike others, shift templates, and how a point is found.

Upstream: ``tables``, ``rosters`` (the log), ``rostering.model``.
Downstream: ``rostering.templates``, ``rostering.served``, the set-up pages, the commands, ``present``.

Written in transactions of :data:`rosters.OWNER`; every change is in the roster's log with what was before. What has no
version of its own counts it in the log.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from sync.platform.rostering.hours import MINUTES_A_DAY, clock_time, minutes_of
from sync.platform.rostering.model import EVERYWHERE, Change, Days, Opening, PlaceNote, SpecialDay, Template
from sync.platform.store.rosters import By, Rosters, plain
from sync.platform.store.tables import OpeningRow, PlaceNoteRow, ServicePointRow, SpecialDayRow, TemplateRow

WEEKDAYS = range(7)


class Openings:
    """The rows of one transaction that say when and for what service points need volunteers."""

    def __init__(self, session: Session, rosters: Rosters) -> None:
        self._session = session
        self._rosters = rosters

    def own_hours(self, point: str) -> tuple[Opening, ...]:
        """Return the opening hours that were set for a point, by weekday and time; empty: none were."""
        return self._set_hours((point,)).get(point, ())

    def hours(self, points: Collection[str] | None = None) -> dict[str, tuple[Opening, ...]]:
        """Return the opening hours of some points or all; where none were set, those of the point's own row."""
        found = self._set_hours(points)
        for row in self._session.scalars(_of_points(select(ServicePointRow), ServicePointRow.id, points)):
            if row.id not in found:
                found[row.id] = _as_registered(row)
        return found

    def put_hours(self, point: str, openings: Iterable[Opening], by: By) -> None:
        """Write the opening hours of a point anew."""
        before, after = self.own_hours(point), tuple(sorted(openings, key=_place_in_week))
        if before == after:
            return
        self._session.execute(delete(OpeningRow).where(OpeningRow.service_point == point))
        self._session.add_all(
            OpeningRow(
                service_point=point, weekday=one.weekday, opens=clock_time(one.opens), closes=clock_time(one.closes)
            )
            for one in after
        )
        self._session.flush()
        self._note("opening", point, point, _listed(before), _listed(after), by)

    def special_days(
        self, from_on: date, until_on: date, points: Collection[str] | None = None
    ) -> tuple[SpecialDay, ...]:
        """Return the special days of some points (those of everywhere too) or all, both days included, by day."""
        within = SpecialDayRow.on_day >= from_on.isoformat(), SpecialDayRow.on_day <= until_on.isoformat()
        asked = None if points is None else (*points, EVERYWHERE)
        query = _of_points(select(SpecialDayRow).where(*within), SpecialDayRow.service_point, asked)
        rows = self._session.scalars(query.order_by(SpecialDayRow.on_day, SpecialDayRow.service_point))
        return tuple(map(_special_of, rows))

    def put_special(self, day: SpecialDay, by: By) -> None:
        """Write a special day, over the one there was at this point."""
        row = self._session.get(SpecialDayRow, (day.point, day.on.isoformat()))
        before = None if row is None else _special_of(row)
        if before == day:
            return
        self._session.merge(
            SpecialDayRow(
                service_point=day.point,
                on_day=day.on.isoformat(),
                opens="" if day.opens is None else clock_time(day.opens),
                closes="" if day.closes is None else clock_time(day.closes),
                label=day.label,
            )
        )
        self._note(
            "special_day", _special_id(day), day.point, None if before is None else plain(before), plain(day), by
        )

    def drop_special(self, point: str, on: date, by: By) -> bool:
        """Take a special day away; return whether there was one."""
        row = self._session.get(SpecialDayRow, (point, on.isoformat()))
        if row is None:
            return False
        before = _special_of(row)
        self._session.delete(row)
        self._note("special_day", _special_id(before), point, plain(before), None, by)
        return True

    def template(self, id_: str) -> Template | None:
        """Return a template, an ended one too."""
        row = self._session.get(TemplateRow, id_)
        return None if row is None else _template_of(row)

    def templates(self, points: Collection[str] | None = None, *, ended: bool = False) -> tuple[Template, ...]:
        """Return the templates of some points or all, by point, time and name; ended ones on demand."""
        query = _of_points(select(TemplateRow), TemplateRow.service_point, points)
        if not ended:
            query = query.where(TemplateRow.ended.is_(False))
        rows = self._session.scalars(
            query.order_by(TemplateRow.service_point, TemplateRow.starts, TemplateRow.name, TemplateRow.id)
        )
        return tuple(map(_template_of, rows))

    def put_template(self, template: Template, by: By) -> Template:
        """Write a template that is new or has changed; return it with its version."""
        before = self.template(template.id)
        if before is not None and replace(template, version=before.version) == before:
            return before
        put = replace(template, version=before.version + 1 if before else 1)
        self._session.merge(_template_row(put))
        was = None if before is None else plain(before)
        self._rosters.note(
            Change(by.at_ms, by.who, by.source, "template", put.id, put.version, put.point, was, plain(put))
        )
        return put

    def place(self, point: str) -> PlaceNote:
        """Return how a point is found; of one without a note, empty words."""
        return self.places((point,)).get(point, PlaceNote(point))

    def places(self, points: Collection[str] | None = None) -> dict[str, PlaceNote]:
        """Return how those of some points or all are found of which it was noted."""
        rows = self._session.scalars(_of_points(select(PlaceNoteRow), PlaceNoteRow.service_point, points))
        return {
            row.service_point: PlaceNote(row.service_point, row.host_unit, row.address, row.version) for row in rows
        }

    def put_place(self, place: PlaceNote, by: By) -> PlaceNote:
        """Write how a point is found; return it with its version."""
        before = self.places((place.point,)).get(place.point)
        if before is not None and replace(place, version=before.version) == before:
            return before
        put = replace(place, version=before.version + 1 if before else 1)
        self._session.merge(
            PlaceNoteRow(service_point=put.point, host_unit=put.host_unit, address=put.address, version=put.version)
        )
        was = None if before is None else plain(before)
        self._rosters.note(
            Change(by.at_ms, by.who, by.source, "place", put.point, put.version, put.point, was, plain(put))
        )
        return put

    def _set_hours(self, points: Collection[str] | None) -> dict[str, tuple[Opening, ...]]:
        query = _of_points(select(OpeningRow), OpeningRow.service_point, points)
        found: dict[str, list[Opening]] = defaultdict(list)
        for row in self._session.scalars(query):
            found[row.service_point].append(Opening(row.weekday, minutes_of(row.opens), minutes_of(row.closes)))
        return {point: tuple(sorted(each, key=_place_in_week)) for point, each in found.items()}

    def _note(self, kind: str, subject: str, point: str, before: Any, after: Any, by: By) -> None:
        version = self._rosters.next_version(kind, subject)
        self._rosters.note(Change(by.at_ms, by.who, by.source, kind, subject, version, point, before, after))


def _of_points(query: Any, column: Any, points: Collection[str] | None) -> Any:
    narrowed: ColumnElement[bool] | None = None if points is None else column.in_(sorted(points))
    return query if narrowed is None else query.where(narrowed)


def _place_in_week(one: Opening) -> tuple[int, int]:
    return one.weekday, one.opens


def _listed(openings: Sequence[Opening]) -> dict[str, Any] | None:
    return {"openings": [plain(one) for one in openings]} if openings else None


def _as_registered(row: ServicePointRow) -> tuple[Opening, ...]:
    opens = minutes_of(row.opens) if row.opens else 0
    closes = minutes_of(row.closes) if row.closes else MINUTES_A_DAY
    return tuple(Opening(weekday, opens, closes) for weekday in WEEKDAYS)


def _special_id(day: SpecialDay) -> str:
    return f"{day.point}:{day.on.isoformat()}"


def _special_of(row: SpecialDayRow) -> SpecialDay:
    opens, closes = (minutes_of(text) if text else None for text in (row.opens, row.closes))
    return SpecialDay(row.service_point, date.fromisoformat(row.on_day), opens, closes, row.label)


def _template_of(row: TemplateRow) -> Template:
    return Template(
        id=row.id,
        point=row.service_point,
        name=row.name,
        service=row.service,
        weekdays=tuple(json.loads(row.weekdays)),
        starts=minutes_of(row.starts),
        ends=minutes_of(row.ends),
        needed=row.needed,
        days=Days(row.days),
        team=row.team,
        skill=row.skill,
        training=row.training,
        from_on=None if row.from_on is None else date.fromisoformat(row.from_on),
        until_on=None if row.until_on is None else date.fromisoformat(row.until_on),
        ended=row.ended,
        version=row.version,
    )


def _template_row(one: Template) -> TemplateRow:
    return TemplateRow(
        id=one.id,
        service_point=one.point,
        name=one.name,
        service=one.service,
        team=one.team,
        skill=one.skill,
        training=one.training,
        weekdays=json.dumps(sorted(one.weekdays)),
        days=one.days.value,
        starts=clock_time(one.starts),
        ends=clock_time(one.ends),
        needed=one.needed,
        from_on=None if one.from_on is None else one.from_on.isoformat(),
        until_on=None if one.until_on is None else one.until_on.isoformat(),
        ended=one.ended,
        version=one.version,
    )
