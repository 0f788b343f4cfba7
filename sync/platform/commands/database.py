"""``migrate``, ``backup``, ``restore``, ``epoch``, ``totals``: what keeps the database itself.

Upstream: ``keeping``, ``wiring``.
Downstream: ``__main__``.
"""

from __future__ import annotations

from pathlib import Path

import click

from sync.platform import keeping
from sync.platform.commands.wiring import config_option, database_of, database_option, settings_of
from sync.platform.ports import Ports

file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.command()
@config_option
@database_option
@click.pass_obj
def migrate(ports: Ports, /, config: Path | None, database: str | None) -> None:
    """Bring the database up to date before the new version serves; 'serve' does the same at its start."""
    with database_of(settings_of(config, database=database), ports, create=True):
        click.echo("数据库已是最新版本 The database is up to date.")


@click.command()
@config_option
@database_option
@file_argument
def backup(config: Path | None, database: str | None, file: Path) -> None:
    """Copy a SQLite database to a new FILE (mode 0600) while the platform goes on; keys are not in it."""
    settings = settings_of(config, database=database)
    keeping.back_up(settings.database, file)
    click.echo(f"已备份 Backed up: {file}")
    click.echo(f"密钥不在其中，请另行保存 The keys are not in it, keep them too: {settings.keys_dir}", err=True)


@click.command()
@config_option
@database_option
@file_argument
@click.pass_obj
def restore(ports: Ports, /, config: Path | None, database: str | None, file: Path) -> None:
    """Put the backup FILE in the place of a SQLite database; the platform must be stopped."""
    restored = keeping.restore(settings_of(config, database=database).database, file, ports.ids)
    if restored.kept is not None:
        click.echo(f"原数据库保留在 What stood there is kept in: {restored.kept}")
    _say_epoch(restored.epoch)


@click.group()
def epoch() -> None:
    """The database's epoch: a new one makes every device bring back what the platform lacks."""


@epoch.command("new")
@config_option
@database_option
@click.pass_obj
def new_epoch(ports: Ports, /, config: Path | None, database: str | None) -> None:
    """Begin a new epoch, after PostgreSQL was restored by its own programs."""
    with database_of(settings_of(config, database=database), ports) as opened:
        _say_epoch(keeping.begin_epoch(opened, ports.ids))


@click.group()
def totals() -> None:
    """The totals by month and volunteer that are kept with the ledger."""


@totals.command("rebuild")
@config_option
@database_option
@click.pass_obj
def rebuild_totals(ports: Ports, /, config: Path | None, database: str | None) -> None:
    """Count all totals anew from the sessions; devices that bring something meanwhile are told to come again."""
    with database_of(settings_of(config, database=database), ports) as opened:
        overlapping = opened.recount()
    click.echo(f"合计已重新计算 Totals counted anew; 时间重叠的志愿者 volunteers with overlapping time: {overlapping}")


def _say_epoch(begun: str) -> None:
    click.echo(f"新时期 New epoch: {begun}")
    click.echo("各设备将自行补传所缺记录 Devices will bring back what is missing by themselves.")
