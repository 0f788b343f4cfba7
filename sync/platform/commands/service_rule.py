"""``service-rule``: what a service kind asks for at a service point, and what is counted there.

Upstream: ``standings``, ``wiring``.
Downstream: ``__main__``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sync.platform import standings
from sync.platform.accounts import table
from sync.platform.commands.wiring import config_option, database_of, database_option, office_of, settings_of
from sync.platform.ports import Ports
from sync.protocol.reference import ServiceRule
from sync.protocol.vocabulary import TallyKind

point_option = click.option("--service-point", required=True, help="Id or name of a registered service point.")
service_option = click.option("--service", required=True, help="Id of the service kind, such as legal_advice.")


@click.group("service-rule")
def service_rule() -> None:
    """服务项目的规定."""


@service_rule.command("set")
@config_option
@database_option
@point_option
@service_option
@click.option("--training", help="The training it asks for.")
@click.option("--strict", is_flag=True, help="Without it the service kind cannot be chosen; else there is a warning.")
@click.option("--tally", "tallies", multiple=True, type=click.Choice([each.value for each in TallyKind]))
@click.pass_obj
def set_rule(ports: Ports, /, config: Path | None, database: str | None, **asked: Any) -> None:
    """Set the rule of a service kind, over the one there was."""
    rule = ServiceRule(asked["service"], asked["training"], asked["strict"], list(dict.fromkeys(asked["tallies"])))
    with office_of(settings_of(config, database=database), ports) as office:
        point = office.find_service_point(asked["service_point"])
        standings.put_rule(office, point, rule)
    click.echo(f"已设定 Set: {point.name}, {rule.service}")


@service_rule.command()
@config_option
@database_option
@point_option
@service_option
@click.pass_obj
def remove(ports: Ports, /, config: Path | None, database: str | None, **asked: str) -> None:
    """Take the rule of a service kind away."""
    with office_of(settings_of(config, database=database), ports) as office:
        point = office.find_service_point(asked["service_point"])
        standings.drop_rule(office, point, asked["service"])
    click.echo(f"已取消 Removed: {point.name}, {asked['service']}")


@service_rule.command("list")
@config_option
@database_option
@click.pass_obj
def list_rules(ports: Ports, /, config: Path | None, database: str | None) -> None:
    """List the rules of all service points."""
    settings = settings_of(config, database=database)
    with database_of(settings, ports) as opened, opened.reading() as unit:
        rows = [
            (point.name, rule.service, rule.training or "—", "是 yes" if rule.strict else "否 no", *_tallies(rule))
            for point in unit.registry.service_points()
            for rule in unit.standings.rules(point.id)
        ]
    click.echo(table(("服务点 place", "服务 service", "培训 training", "必须 strict", "计数 tallies"), rows))


def _tallies(rule: ServiceRule) -> tuple[str]:
    return (" ".join(rule.tallies) or "全部 all",)
