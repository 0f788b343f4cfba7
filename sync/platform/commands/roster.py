"""``roster``: opening hours, special days, templates and their posts, what volunteers bring, and who changed what.

Upstream: ``rostering``, ``roster_spans``, ``wiring``.
Downstream: ``__main__``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from sync.platform.accounts import table
from sync.platform.commands.roster_spans import shown, span_of_day, spans_of, weekdays_of
from sync.platform.commands.wiring import (
    config_option,
    database_of,
    database_option,
    date_of,
    number_argument,
    settings_of,
)
from sync.platform.ports import Ports, unix_ms
from sync.platform.registry import Office
from sync.platform.rostering import setting_up
from sync.platform.rostering.changing import Planner
from sync.platform.rostering.hours import LAND, clock_time
from sync.platform.rostering.model import (
    EVERYWHERE,
    Change,
    Days,
    Opening,
    PlaceNote,
    Profile,
    SpecialDay,
    Template,
    Weekly,
)
from sync.platform.rostering.occasions import occasions
from sync.platform.rostering.templates import drawn_of, make_posts
from sync.platform.store import rosters
from sync.platform.store.rosters import By

COMMAND = "command"  # who and by which way, in the log
point_argument = click.argument("point", metavar="POINT")
from_option = click.option("--from", "from_on", required=True, help="First day, such as 2026-12-01.")
until_option = click.option("--until", "until_on", required=True, help="Last day.")


@dataclass(frozen=True, slots=True)
class Desk:
    """The keeper's desk for rosters, in one transaction of theirs."""

    office: Office
    ids: Any
    by: By

    def point(self, wanted: str) -> str:
        """Return the id of a service point by its id or name."""
        return self.office.find_service_point(wanted).id


@contextmanager
def _desk(config: Path | None, database: str | None, ports: Ports) -> Iterator[Desk]:
    settings = settings_of(config, database=database)
    with database_of(settings, ports) as opened, opened.writing(rosters.OWNER) as unit:
        yield Desk(Office(unit, ports, settings.region), ports.ids, By(COMMAND, unix_ms(ports.clock()), COMMAND))


@click.group()
def roster() -> None:
    """排班: when points are open, what is needed there, and what volunteers bring."""


@roster.command()
@config_option
@database_option
@point_argument
@click.argument("spans", nargs=-1, metavar="[DAYS=TIMES]...")
@click.pass_obj
def hours(ports: Ports, /, config: Path | None, database: str | None, point: str, spans: tuple[str, ...]) -> None:
    """Show opening hours 开放时间, or set them anew: mon-fri=08:00-12:00,14:00-18:00 sat=09:00-12:00."""
    asked = [Opening(*span) for span in spans_of(spans)]
    with _desk(config, database, ports) as desk:
        id_ = desk.point(point)
        if asked:
            setting_up.set_hours(desk.office.unit, id_, asked, desk.by)
        held = desk.office.unit.openings.hours((id_,))[id_]
    click.echo(shown((one.weekday, one.opens, one.closes) for one in held))


@roster.command()
@config_option
@database_option
@point_argument
@click.option("--host-unit", default="", help="The unit at whose place it stands 依托单位.")
@click.option("--address", default="", help="How people get there.")
@click.pass_obj
def place(ports: Ports, /, config: Path | None, database: str | None, point: str, **asked: str) -> None:
    """Note how a service point is found."""
    with _desk(config, database, ports) as desk:
        note = PlaceNote(desk.point(point), asked["host_unit"], asked["address"])
        setting_up.set_place(desk.office.unit, note, desk.by)
    click.echo(f"已记录 Noted: {point}")


@roster.command()
@config_option
@database_option
@point_argument
@click.argument("day")
@click.option("--label", default="", help="What the day is, such as 重阳节.")
@click.option("--hours", "span", help="Such as 09:00-12:00; default: closed.")
@click.option("--remove", is_flag=True, help="It is a day as any other again.")
@click.pass_obj
def special(ports: Ports, /, config: Path | None, database: str | None, **asked: Any) -> None:
    """Set a special day 特殊日 of a point; POINT may be '*', for all of them."""
    on = date_of(asked["day"], "DAY")
    opens, closes = span_of_day(asked["span"]) if asked["span"] else (None, None)
    with _desk(config, database, ports) as desk:
        id_ = EVERYWHERE if asked["point"] == EVERYWHERE else desk.point(asked["point"])
        if asked["remove"]:
            desk.office.unit.openings.drop_special(id_, on, desk.by)
        else:
            setting_up.set_special(desk.office.unit, SpecialDay(id_, on, opens, closes, asked["label"]), desk.by)
    click.echo(f"已设定 Set: {asked['point']} {on}")


@roster.command()
@config_option
@database_option
@from_option
@until_option
@click.pass_obj
def specials(ports: Ports, /, config: Path | None, database: str | None, from_on: str, until_on: str) -> None:
    """List special days, and the known ones that are not set yet."""
    span = date_of(from_on, "--from"), date_of(until_on, "--until")
    with database_of(settings_of(config, database=database), ports) as opened, opened.reading() as unit:
        held = unit.openings.special_days(*span)
    rows = [(str(day.on), day.point, day.label, _open_hours(day)) for day in held]
    known = {day.on for day in held}
    rows += [(str(one.on), "—", one.label, "可设 known") for one in occasions(*span) if one.on not in known]
    click.echo(table(("日期 day", "服务点 place", "名称 label", "开放 open"), sorted(rows)))


@roster.group()
def template() -> None:
    """班次模板: weekly patterns from which posts are made."""


@template.command("add")
@config_option
@database_option
@point_argument
@click.argument("name")
@click.option("--service", required=True, help="Id of the service kind, such as directions.")
@click.option("--hours", "span", required=True, help="Such as 09:00-12:00.")
@click.option("--weekdays", default="", help="Such as mon-fri or sat,sun.")
@click.option("--days", default=Days.WEEKLY.value, show_default=True, type=click.Choice([each.value for each in Days]))
@click.option("--needed", default=1, show_default=True, help="How many volunteers.")
@click.option("--team", help="The team it is meant for.")
@click.option("--skill", help="What it asks for.")
@click.option("--training", help="The training it asks for.")
@click.option("--from", "from_on", help="First day.")
@click.option("--until", "until_on", help="Last day.")
@click.pass_obj
def add_template(ports: Ports, /, config: Path | None, database: str | None, **asked: Any) -> None:
    """Add a template."""
    starts, ends = span_of_day(asked["span"])
    with _desk(config, database, ports) as desk:
        made = Template(
            id=desk.ids(),
            point=desk.point(asked["point"]),
            name=asked["name"],
            service=asked["service"],
            weekdays=weekdays_of(asked["weekdays"]),
            starts=starts,
            ends=ends,
            needed=asked["needed"],
            days=Days(asked["days"]),
            team=asked["team"],
            skill=asked["skill"],
            training=asked["training"],
            from_on=_day(asked["from_on"], "--from"),
            until_on=_day(asked["until_on"], "--until"),
        )
        setting_up.set_template(desk.office.unit, made, desk.by)
    click.echo(made.id)


@template.command("list")
@config_option
@database_option
@click.pass_obj
def list_templates(ports: Ports, /, config: Path | None, database: str | None) -> None:
    """List the templates of all service points."""
    with database_of(settings_of(config, database=database), ports) as opened, opened.reading() as unit:
        rows = [
            (
                *(one.id, one.point, one.name, one.service, one.days.value),
                shown((weekday, one.starts, one.ends) for weekday in one.weekdays)
                or f"{clock_time(one.starts)}-{clock_time(one.ends)}",
                *(str(one.needed), one.team or "—"),
            )
            for one in unit.openings.templates()
        ]
    head = ("id", "服务点 place", "名称 name", "服务 service", "日子 days", "时间 hours", "人数 needed", "服务队 team")
    click.echo(table(head, rows))


@template.command("end")
@config_option
@database_option
@click.argument("id_", metavar="ID")
@click.pass_obj
def end_template(ports: Ports, /, config: Path | None, database: str | None, id_: str) -> None:
    """End a template; the posts it made stay."""
    with _desk(config, database, ports) as desk:
        setting_up.end_template(desk.office.unit, id_, desk.by)
    click.echo(f"已结束 Ended: {id_}")


@roster.command()
@config_option
@database_option
@point_argument
@from_option
@until_option
@click.pass_obj
def make(ports: Ports, /, config: Path | None, database: str | None, point: str, from_on: str, until_on: str) -> None:
    """Make the posts of the templates of a point; one that stands is not made again."""
    span = date_of(from_on, "--from"), date_of(until_on, "--until")
    with _desk(config, database, ports) as desk:
        id_, unit = desk.point(point), desk.office.unit
        made = make_posts(Planner(unit, desk.ids, desk.by), (id_,), *span)
        shut = drawn_of(unit, (id_,), *span).shut
    click.echo(f"已生成 Made: {made}")
    for on in sorted({post.on for post in shut}):
        click.echo(f"不在开放时间，未生成 Not within opening hours, not made: {on}")


@roster.group()
def profile() -> None:
    """志愿者的排班资料: what a volunteer brings and would like."""


@profile.command("set")
@config_option
@database_option
@number_argument
@click.option("--team", help="服务队; empty: none.")
@click.option("--skill", "skills", multiple=True, help="All of them, each anew.")
@click.option(
    "--prefers", "points", multiple=True, help="Service points, the dearest first; nobody is asked elsewhere."
)
@click.option("--mate", "mates", multiple=True, help="Numbers of volunteers to serve with.")
@click.option("--most-a-week", type=int, help="Posts a week at most.")
@click.option("--guide/--no-guide", default=None, help="骨干: can stand beside a newcomer.")
@click.pass_obj
def set_profile(ports: Ports, /, config: Path | None, database: str | None, number: str, **asked: Any) -> None:
    """Write what is given anew; what is not given stays."""
    with _desk(config, database, ports) as desk:
        held = desk.office.unit.roster_people.profile(number)
        given = {name: asked[name] for name in ("team", "most_a_week", "guide") if asked[name] is not None}
        given |= {name: frozenset(asked[name]) for name in ("skills", "mates") if asked[name]}
        if asked["points"]:
            given["points"] = tuple(desk.point(each) for each in asked["points"])
        setting_up.set_profile(desk.office.unit, replace(held, **given), desk.by)
        click.echo(_profile_shown(desk.office, number))


@profile.command("show")
@config_option
@database_option
@number_argument
@click.pass_obj
def show_profile(ports: Ports, /, config: Path | None, database: str | None, number: str) -> None:
    """Show what a volunteer brings, would like, and when they can come."""
    with _desk(config, database, ports) as desk:
        click.echo(_profile_shown(desk.office, number))


@roster.command()
@config_option
@database_option
@number_argument
@click.argument("spans", nargs=-1, metavar="[DAYS=TIMES]...")
@click.option("--never", is_flag=True, help="At no time.")
@click.pass_obj
def availability(ports: Ports, /, config: Path | None, database: str | None, number: str, **asked: Any) -> None:
    """Show when a volunteer can come 服务时间, or set it anew: mon-fri=18:00-20:00 sat,sun=08:00-12:00."""
    weekly = [Weekly(*span) for span in spans_of(asked["spans"])]
    with _desk(config, database, ports) as desk:
        if weekly or asked["never"]:
            setting_up.set_weekly(desk.office.unit, number, weekly, desk.by)
        click.echo(_profile_shown(desk.office, number))


@roster.command()
@config_option
@database_option
@click.option("--service-point", help="Of this one alone, by id or name.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@click.pass_obj
def log(ports: Ports, /, config: Path | None, database: str | None, service_point: str | None, limit: int) -> None:
    """Show who changed what, the latest first."""
    with _desk(config, database, ports) as desk:
        point = desk.point(service_point) if service_point else None
        changes = desk.office.unit.rosters.latest_changes(point, limit)
    rows = [
        (_when(each), each.by, each.source, each.kind, each.subject, str(each.version), _what(each)) for each in changes
    ]
    head = ("时间 when", "谁 who", "途径 way", "什么 what", "编号 id", "版本 version", "变化 change")
    click.echo(table(head, rows))


def _profile_shown(office: Office, number: str) -> str:
    people = office.unit.roster_people
    held: Profile = people.profile(number)
    weekly = people.weekly((number,)).get(number, ())
    lines = [
        f"编号 number: {number}",
        f"服务队 team: {held.team or '—'}",
        f"技能 skills: {', '.join(sorted(held.skills)) or '—'}",
        f"服务点 points: {', '.join(held.points) or '不限 anywhere'}",
        f"同伴 mates: {', '.join(sorted(held.mates)) or '—'}",
        f"每周最多 most a week: {held.most_a_week}",
        f"骨干 guide: {'是 yes' if held.guide else '否 no'}",
        f"服务时间 can come: {shown((one.weekday, one.starts, one.ends) for one in weekly) or '—'}",
    ]
    return "\n".join(lines)


def _what(change: Change) -> str:
    before, after = dict(change.before or {}), dict(change.after or {})
    if not (before and after):
        return "新 new" if after else "删 gone"
    names = [name for name in after if after[name] != before.get(name) and name not in rosters.STAMPS]
    return "; ".join(f"{name}: {before.get(name)} → {after[name]}" for name in names)


def _when(change: Change) -> str:
    return datetime.fromtimestamp(change.at_ms / 1000, UTC).astimezone(LAND).strftime("%Y-%m-%d %H:%M:%S")


def _day(text: str | None, option: str) -> date | None:
    return date_of(text, option) if text else None


def _open_hours(day: SpecialDay) -> str:
    if day.opens is None or day.closes is None:
        return "关 closed"
    return f"{clock_time(day.opens)}-{clock_time(day.closes)}"
