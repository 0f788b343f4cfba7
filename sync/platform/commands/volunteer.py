"""``volunteer``: what is decided of a volunteer: suspended, a minor, trained, paid, a star.

Upstream: ``standings``, ``telling``, ``wiring``.
Downstream: ``__main__``.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from sync.platform import standings
from sync.platform.commands.wiring import (
    config_option,
    database_option,
    date_of,
    day_of,
    number_argument,
    office_of,
    settings_of,
)
from sync.platform.ports import Ports
from sync.platform.registry import Office
from sync.platform.telling import LAND, adult_from
from sync.platform.transfer.reckoning import confirmed_minutes


@click.group()
def volunteer() -> None:
    """志愿者: what devices are told of them."""


@volunteer.command()
@config_option
@database_option
@number_argument
@click.option("--lift", is_flag=True, help="Let the volunteer serve again.")
@click.pass_obj
def suspend(ports: Ports, /, config: Path | None, database: str | None, number: str, lift: bool) -> None:  # noqa: FBT001 - Click's flag
    """Keep a volunteer from duty 暂停, once devices know."""
    with office_of(settings_of(config, database=database), ports) as office:
        standings.decide(office, number, suspended=not lift)
        click.echo(_shown(office, number))


@volunteer.command()
@config_option
@database_option
@number_argument
@click.option("--born", required=True, help="Day of birth, such as 2010-05-31; it never leaves the platform.")
@click.option("--consent/--no-consent", default=False, show_default=True, help="A guardian has agreed 监护人同意.")
@click.pass_obj
def minor(ports: Ports, /, config: Path | None, database: str | None, number: str, born: str, consent: bool) -> None:  # noqa: FBT001 - Click's options
    """Note a birth date 未成年人; a minor serves by day, and with a guardian's consent."""
    born_on = date_of(born, "--born")
    with office_of(settings_of(config, database=database), ports) as office:
        standings.decide(office, number, born_on=born_on, guardian_consent=consent)
        click.echo(_shown(office, number))


@volunteer.command()
@config_option
@database_option
@number_argument
@click.option("--off", is_flag=True, help="No longer.")
@click.pass_obj
def paid(ports: Ports, /, config: Path | None, database: str | None, number: str, off: bool) -> None:  # noqa: FBT001 - Click's flag
    """Note a social worker 社工, whose duty is paid work and counts nothing."""
    with office_of(settings_of(config, database=database), ports) as office:
        standings.decide(office, number, paid=not off)
        click.echo(_shown(office, number))


@volunteer.command()
@config_option
@database_option
@number_argument
@click.argument("level", type=click.IntRange(0, standings.STARS))
@click.pass_obj
def star(ports: Ports, /, config: Path | None, database: str | None, number: str, level: int) -> None:
    """Note the star 星级 that the community awarded; 0: none."""
    with office_of(settings_of(config, database=database), ports) as office:
        standings.decide(office, number, star=level)
        click.echo(_shown(office, number))


@volunteer.command()
@config_option
@database_option
@number_argument
@click.argument("name")
@click.option("--until", help="Its last day, such as 2027-12-31; default: for good.")
@click.option("--withdraw", is_flag=True, help="Take it back.")
@click.pass_obj
def training(ports: Ports, /, config: Path | None, database: str | None, number: str, **asked: str) -> None:
    """Note a training 培训 that a volunteer holds."""
    with office_of(settings_of(config, database=database), ports) as office:
        if asked["withdraw"]:
            standings.withdraw_training(office, number, asked["name"])
        else:
            last_day = date_of(asked["until"], "--until") if asked["until"] else None
            standings.train(office, number, asked["name"], last_day)
        click.echo(_shown(office, number))


@volunteer.command()
@config_option
@database_option
@number_argument
@click.pass_obj
def show(ports: Ports, /, config: Path | None, database: str | None, number: str) -> None:
    """Show what is decided of a volunteer."""
    with office_of(settings_of(config, database=database), ports) as office:
        click.echo(_shown(office, number))


def _shown(office: Office, number: str) -> str:
    decided, zone = standings.decide(office, number), LAND
    held = office.unit.standings.trainings((number,)).get(number, {})
    trainings = [f"{name}{_until(lapses_ms, zone)}" for name, lapses_ms in held.items()]
    minutes = confirmed_minutes(office.unit, (number,)).get(number, 0)
    moved = minutes - office.unit.ledger.confirmed_minutes((number,)).get(number, 0)
    lines = [
        f"编号 number: {number}",
        f"已确认 confirmed: {minutes} 分钟 min{f' (转入 transferred in: {moved})' if moved else ''}",
        f"星级 star: {decided.star}",
        f"暂停 suspended: {_yes(decided.suspended)}",
        f"出生 born: {decided.born_on or '—'}{_majority(decided.born_on, office.ports.clock())}",
        f"监护人同意 guardian's consent: {_yes(decided.guardian_consent)}",
        f"有偿 paid: {_yes(decided.paid)}",
        f"培训 trainings: {', '.join(trainings) or '—'}",
    ]
    return "\n".join(lines)


def _yes(is_so: object) -> str:
    return "是 yes" if is_so else "否 no"


def _until(lapses_ms: int | None, zone: ZoneInfo) -> str:
    return "" if lapses_ms is None else f" (至 until {day_of(lapses_ms - 1, zone)})"


def _majority(born_on: date | None, now: datetime) -> str:
    if born_on is None or adult_from(born_on) <= now.astimezone(LAND).date():
        return ""
    return f" (成年 adult from {adult_from(born_on)})"
