"""What the commands share: their options, settings and open database, instants as people write them, exit code 2.

Upstream: Click, ``settings``, ``store``.
Downstream: ``__main__``, the other commands.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from sync.configuration import ConfigurationError
from sync.platform import keys
from sync.platform.errors import KeyFileError, PlatformError
from sync.platform.ports import MS_PER_SECOND, Ports, unix_ms
from sync.platform.refolding import refold
from sync.platform.registry import Office
from sync.platform.settings import Settings
from sync.platform.signed_lists import sign_lists
from sync.platform.store import Database
from sync.platform.totalling import keep_totals
from sync.protocol.errors import ProtocolError

REGISTRY = "registry"  # whose rows the keeper's deeds write: one at a time

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="TOML file of settings; variables SYNC_PLATFORM_… stand over it.",
)
database_option = click.option("--database", help="SQLAlchemy URL, over the one in the settings.")
number_argument = click.argument("number", metavar="NUMBER")


class Commands(click.Group):
    """A group whose commands end with one sentence and exit code 2 where a person can put something right."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (ConfigurationError, PlatformError, ProtocolError) as error:
            click.echo(f"错误 Error: {error}", err=True)
            ctx.exit(2)


def settings_of(config: Path | None, **given: Any) -> Settings:
    """Return the settings of a file and the environment, with what was given on the command line over them."""
    chosen = {name: value for name, value in given.items() if value is not None}
    return Settings.load(config).model_copy(update=chosen)


@contextmanager
def database_of(settings: Settings, ports: Ports, *, create: bool = False) -> Iterator[Database]:
    """Open the database, bring it up to date, and give it an epoch if it has none."""
    opened = Database.open(settings.database, create=create)
    try:
        opened.migrate()
        with opened.writing(REGISTRY) as unit:
            if unit.registry.epoch() is None:
                unit.registry.begin_epoch(ports.ids())
        refold(opened, _say_progress)
        keep_totals(opened)
        if create:
            opened.tend_log(unix_ms(ports.clock()), settings.log_months)
        yield opened
    finally:
        opened.close()


@contextmanager
def office_of(settings: Settings, ports: Ports, *, create: bool = False) -> Iterator[Office]:
    """Yield the keeper's desk; what is done at it is committed when the block ends well.

    Lists that the deed has changed are signed anew with it, where the root key is at hand.
    """
    with database_of(settings, ports, create=create) as opened, opened.writing(REGISTRY) as unit:
        yield Office(unit, ports, settings.region)
        with suppress(KeyFileError):  # 'reference sign' does it on the machine that has the key
            sign_lists(unit, keys.load_key(settings.keys_dir, keys.ROOT), unix_ms(ports.clock()))


def _say_progress(sessions: int) -> None:
    click.echo(f"台账按新版本重新整理 Folding the ledger anew: {sessions}", err=True)


def instant_of(text: str | None, option: str) -> datetime | None:
    """Return the instant a person wrote, aware UTC in whole seconds; None where none was written.

    Raises:
        PlatformError: it is not ISO 8601, or has no offset.
    """
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise PlatformError(f"{option} {text!r} is not ISO 8601, such as 2027-06-30T00:00:00+08:00.") from error
    if instant.tzinfo is None:
        raise PlatformError(f"{option} {text!r} has no offset; write 2027-06-30T00:00:00+08:00.")
    return instant.astimezone(UTC).replace(microsecond=0)


def date_of(text: str, option: str) -> date:
    """Return the day a person wrote.

    Raises:
        PlatformError: it is not an ISO 8601 date.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise PlatformError(f"{option} {text!r} is not a day, such as 2027-06-30.") from error


def day_of(ms: int, zone: ZoneInfo) -> str:
    """Return the local day of an instant (UTC ms), ISO 8601."""
    return datetime.fromtimestamp(ms / MS_PER_SECOND, zone).date().isoformat()
