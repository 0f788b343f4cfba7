"""What ``serve`` does: one process, or several workers over one PostgreSQL, each with its own connections.

Upstream: ``app``, ``crew``, ``wiring``.
Downstream: ``__main__``.
"""

from __future__ import annotations

import socket
from collections.abc import Callable

import click

from sync.platform import app, keys
from sync.platform.cards.card import Look
from sync.platform.commands.trusting import trust_of
from sync.platform.commands.wiring import database_of
from sync.platform.console import Issuing, Reach, is_loopback
from sync.platform.crew import Crew
from sync.platform.errors import PlatformError
from sync.platform.ports import Ports
from sync.platform.settings import Settings
from sync.platform.store import Database
from sync.platform.tls import checked_tls


def serve(settings: Settings, ports: Ports) -> None:
    """Serve until SIGTERM or Ctrl-C, after the database was brought up to date.

    Raises:
        PlatformError: several workers over SQLite, an address that cannot be taken, a key or database of no use.
    """
    tls = checked_tls(settings.tls_cert, settings.tls_key)
    if settings.workers > 1 and Database.is_sqlite(settings.database):
        raise PlatformError(
            f"{settings.workers} workers need PostgreSQL: SQLite has one writer, so a second process would only wait"
            " for the first. Serve with one worker, or name a PostgreSQL with --database."
        )
    if not is_loopback(settings.host):
        click.echo(_exposure(settings), err=True)
    with database_of(settings, ports, create=True) as opened, app.listen(settings.host, settings.port) as listener:
        if settings.workers == 1:
            app.serve_on(_app_of(opened, settings, ports), listener, _say_address, tls)
            return
        opened.close()  # every worker has connections of its own

        def work(ready: Callable[[str], None], gone: Callable[[Callable[[], None]], None]) -> None:
            _work(settings, ports, listener, ready, gone)

        Crew(settings.workers, work, _say_address).run()


def _work(
    settings: Settings,
    ports: Ports,
    listener: socket.socket,
    ready: Callable[[str], None],
    gone: Callable[[Callable[[], None]], None],
) -> None:
    database = Database.open(settings.database, create=False)
    tls = checked_tls(settings.tls_cert, settings.tls_key)
    app.serve_on(_app_of(database, settings, ports), listener, ready, tls, gone)
    database.close()


def _app_of(database: Database, settings: Settings, ports: Ports) -> app.Application:
    reach = Reach.ANYWHERE if settings.console_remote else Reach.THIS_MACHINE
    proxies = tuple(str(each) for each in settings.console_proxies)
    look = app.Appearance(settings.language, settings.time_zone, reach, proxies)
    issuing = Issuing(
        settings.region,
        lambda: keys.load_key(settings.keys_dir, keys.ISSUER),
        Look(settings.issuing_unit, settings.emblem),
        settings.public_url,
        settings.data_dir / "upward",
    )
    return app.build_app(database, ports, look, issuing, trust_of(settings, ports))


def _say_address(url: str) -> None:
    click.echo(f"控制台 Console: {url}")


def _exposure(settings: Settings) -> str:
    if settings.console_remote:
        return f"注意 Note: devices reach {settings.host}; the console opens from other machines over HTTPS alone."
    return (
        f"注意 Note: devices can reach {settings.host}; the console opens only on this machine through 127.0.0.1"
        " (console_remote = true in platform.toml opens it to others, over HTTPS)."
    )
