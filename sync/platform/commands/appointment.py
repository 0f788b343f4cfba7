"""``appointment``: who is an operator of which service point, from when until when.

Upstream: ``appointments``, ``wiring``.
Downstream: ``__main__``.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from sync.platform.accounts import table
from sync.platform.appointments import Role, appoint, end_appointment
from sync.platform.commands.wiring import (
    config_option,
    database_of,
    database_option,
    day_of,
    instant_of,
    office_of,
    settings_of,
)
from sync.platform.ports import Ports, unix_ms
from sync.protocol.reference import Appointment

TERM = timedelta(days=3 * 365)


@click.group()
def appointment() -> None:
    """任命."""


@appointment.command()
@config_option
@database_option
@click.option("--number", required=True, help="志愿者编号 of a registered volunteer.")
@click.option("--role", type=click.Choice([each.value for each in Role]), required=True)
@click.option("--service-point", required=True, help="Id or name of a registered service point.")
@click.option("--team", help="The captain's team.")
@click.option("--from", "begin", help="ISO 8601 with offset; default: now.")
@click.option("--to", "end", help="ISO 8601 with offset, excluded; default: three years after.")
@click.pass_obj
def add(ports: Ports, /, config: Path | None, database: str | None, **asked: str) -> None:
    """Appoint a volunteer."""
    begin = instant_of(asked["begin"], "--from") or ports.clock().replace(microsecond=0)
    end = instant_of(asked["end"], "--to") or begin + TERM
    given = Appointment(asked["number"], "", asked["role"], unix_ms(begin), unix_ms(end), asked["team"])
    with office_of(settings_of(config, database=database), ports) as office:
        term = appoint(office, office.find_service_point(asked["service_point"]), given)
    click.echo(term.id)


@appointment.command()
@config_option
@database_option
@click.argument("id_", metavar="ID")
@click.pass_obj
def end(ports: Ports, /, config: Path | None, database: str | None, id_: str) -> None:
    """End an appointment now."""
    with office_of(settings_of(config, database=database), ports) as office:
        end_appointment(office, id_)
    click.echo(f"已结束 Ended: {id_}")


@appointment.command("list")
@config_option
@database_option
@click.pass_obj
def list_terms(ports: Ports, /, config: Path | None, database: str | None) -> None:
    """List all appointments with their terms."""
    settings = settings_of(config, database=database)
    zone = ZoneInfo(settings.time_zone)
    with database_of(settings, ports) as opened, opened.reading() as unit:
        terms = unit.places.terms()
    rows = [
        (
            term.id,
            term.appointment.volunteer,
            term.appointment.display_name,
            term.appointment.role,
            term.appointment.team or "—",
            term.service_point_name,
            day_of(term.appointment.from_ms, zone),
            day_of(term.appointment.until_ms - 1, zone),
        )
        for term in terms
    ]
    head = ("id", "编号 number", "姓名 name", "职务 role", "服务队 team", "服务点 place", "自 from", "至 to")
    click.echo(table(head, rows))
