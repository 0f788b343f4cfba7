"""``account``: who may sign in at the console.

Upstream: ``signin.enlisting``, ``passwords``, ``wiring``.
Downstream: ``__main__``.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from sync.platform import passwords
from sync.platform.accounts import table
from sync.platform.commands.wiring import (
    config_option,
    database_of,
    database_option,
    day_of,
    instant_of,
    office_of,
    settings_of,
)
from sync.platform.errors import PlatformError
from sync.platform.passwords import SALT_BYTES, Costs
from sync.platform.ports import Ports, unix_ms
from sync.platform.registry import Office
from sync.platform.signin.enlisting import Enlisting, generated
from sync.platform.signin.people import Account
from sync.platform.signin.rights import Holding, Role

TERM = timedelta(days=3 * 365)
ask_option = click.option("--ask", is_flag=True, help="Type the first password, twice; default: one is made and shown.")


@click.group()
def account() -> None:
    """账户: who may sign in at the console."""


@account.command()
@config_option
@database_option
@click.argument("name")
@click.option("--role", type=click.Choice([each.value for each in Role]), help="The account's own term.")
@click.option("--service-point", help="Id or name: where the role holds; keeper and auditor may leave it out.")
@click.option("--team", help="The captain's team.")
@click.option("--volunteer", help="志愿者编号: whose appointments give the account its rights.")
@click.option("--from", "begin", help="ISO 8601 with offset; default: now.")
@click.option("--until", "end", help="ISO 8601 with offset, excluded; default: three years after.")
@ask_option
@click.pass_obj
def add(ports: Ports, /, config: Path | None, database: str | None, **asked: Any) -> None:
    """Add an account; its password must be changed at the first sign-in."""
    password = _password(ports, asked)
    with office_of(settings_of(config, database=database), ports, create=True) as office:
        own = _term(office, asked) if asked["role"] else None
        made = _enlisting(office).add(asked["name"], password, volunteer=asked["volunteer"], own=own)
    _say(made, password, asked)


@account.command()
@config_option
@database_option
@click.argument("name")
@click.option("--role", type=click.Choice([each.value for each in Role]), required=True)
@click.option("--service-point", help="Id or name: where the role holds; keeper and auditor may leave it out.")
@click.option("--team", help="The captain's team.")
@click.option("--from", "begin", help="ISO 8601 with offset; default: now.")
@click.option("--until", "end", help="ISO 8601 with offset, excluded; default: three years after.")
@click.pass_obj
def term(ports: Ports, /, config: Path | None, database: str | None, **asked: Any) -> None:
    """Give an account another term of its own."""
    with office_of(settings_of(config, database=database), ports) as office:
        changed = _enlisting(office).set_term(asked["name"], _term(office, asked))
    click.echo(f"已设任期 Term set: {changed.name}")


@account.command()
@config_option
@database_option
@click.argument("name")
@ask_option
@click.pass_obj
def reset(ports: Ports, /, config: Path | None, database: str | None, **asked: Any) -> None:
    """Give a new password to who forgot it; every browser of the account is signed out."""
    password = _password(ports, asked)
    with office_of(settings_of(config, database=database), ports) as office:
        changed = _enlisting(office).reset(asked["name"], password)
    _say(changed, password, asked)


@account.command()
@config_option
@database_option
@click.argument("name")
@click.pass_obj
def close(ports: Ports, /, config: Path | None, database: str | None, name: str) -> None:
    """Close an account for good; it stays on record."""
    with office_of(settings_of(config, database=database), ports) as office:
        closed = _enlisting(office).close(name)
    click.echo(f"已注销 Closed: {closed.name}")


@account.command("list")
@config_option
@database_option
@click.pass_obj
def list_accounts(ports: Ports, /, config: Path | None, database: str | None) -> None:
    """List the accounts with their terms."""
    settings = settings_of(config, database=database)
    zone, now_ms = ZoneInfo(settings.time_zone), unix_ms(ports.clock())
    with database_of(settings, ports) as opened, opened.reading() as unit:
        rows = [
            (
                each.name,
                "注销 closed" if each.closed_ms else "",
                holding.role.value,
                holding.service_point or "全部 all",
                holding.team or "—",
                day_of(holding.from_ms, zone),
                day_of(holding.until_ms - 1, zone),
                "在任 in force" if holding.is_in_force(now_ms) else "—",
            )
            for each in unit.accounts.all()
            for holding in unit.accounts.holdings(each)
        ]
    head = ("账户 name", "状态 state", "职务 role", "服务点 place", "服务队 team", "自 from", "至 to", "任期 term")
    click.echo(table(head, rows))


def _enlisting(office: Office) -> Enlisting:
    def hashed(password: str) -> str:
        return passwords.hashed(password, office.ports.entropy(SALT_BYTES), Costs())

    return Enlisting(office.unit, office.ports, hashed)


def _term(office: Office, asked: dict[str, Any]) -> Holding:
    begin = instant_of(asked["begin"], "--from") or office.ports.clock().replace(microsecond=0)
    end = instant_of(asked["end"], "--until") or begin + TERM
    point = office.find_service_point(asked["service_point"]).id if asked["service_point"] else None
    return Holding(Role(asked["role"]), unix_ms(begin), unix_ms(end), point, asked["team"])


def _password(ports: Ports, asked: dict[str, Any]) -> str:
    if not asked["ask"]:
        return generated(ports)
    typed: str = click.prompt("密码 Password", hide_input=True, confirmation_prompt="再输一次 Again")
    if not passwords.is_good(typed, asked["name"]):
        raise PlatformError(f"That password is too easy: take at least {passwords.LEAST} characters, not the name.")
    return typed


def _say(made: Account, password: str, asked: dict[str, Any]) -> None:
    click.echo(f"账户 Account: {made.name}")
    if not asked["ask"]:
        click.echo(f"初始密码（只显示这一次） First password, shown this once: {password}")
