"""``kiosk operator``: the operators of this station and their PINs; the acts of the desk stand in ``desk``.

Upstream: ``kiosk.commands.operator``, ``kiosk.cli.desk``.
Downstream: ``kiosk.__main__``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from kiosk.cli.choices import one_of
from kiosk.cli.desk import ACTS
from kiosk.cli.terminal import credentials, guarded, say
from sync.protocol.vocabulary import EntryReason, ServiceKind

if TYPE_CHECKING:
    from kiosk.cli.lazy_settings import LazySettings


@click.group()
def operator() -> None:
    """The operators of this station: their PINs, and the acts of the desk.

    Certificate and PIN are asked for, or read as two lines of standard input. Exit code: 0 done, 3 refused, 4 not
    recorded, 1 the kiosk itself is not ready.
    """


@operator.command("list")
@click.option("--waiting", is_flag=True, help="Instead, the entered hours that wait for a second person.")
@click.pass_obj
def list_operators(lazy: LazySettings, waiting: bool) -> None:  # noqa: FBT001 - click calls by name
    """List the appointments of this station, one JSON object a line."""
    from kiosk.commands import operator as desk

    settings = lazy.settings()
    for line in guarded(lambda: desk.waiting(settings) if waiting else desk.listing(settings)):
        click.echo(json.dumps(line, ensure_ascii=False))


@operator.command("sign-in")
@click.pass_obj
def sign_in(lazy: LazySettings) -> None:
    """Try a certificate and a PIN."""
    from kiosk.commands import operator as desk

    settings, who = lazy.settings(), credentials()
    say(guarded(lambda: desk.sign_in(settings, who)))


@operator.command("set-pin")
@click.pass_obj
def set_pin(lazy: LazySettings) -> None:
    """Choose a first PIN, or the first after a reset."""
    from kiosk.commands import operator as desk

    settings, who = lazy.settings(), credentials()
    say(guarded(lambda: desk.set_pin(settings, who)))


@operator.command()
@click.argument("number")
@click.option("--as-head", is_flag=True, help="In the name of a head who signs in; else as the keeper of this machine.")
@click.pass_obj
def reset(lazy: LazySettings, number: str, as_head: bool) -> None:  # noqa: FBT001 - click calls by name
    """Clear the PIN and the tries of the operator with this volunteer NUMBER."""
    from kiosk.commands import operator as desk

    settings, who = lazy.settings(), credentials() if as_head else None
    say(guarded(lambda: desk.reset(settings, number, who)))


@operator.command("enter-hours")
@click.option("--volunteer", required=True, help="The volunteer number.")
@click.option("--service", required=True, type=one_of(ServiceKind))
@click.option("--starts", required=True, type=click.DateTime(), help="Local time.")
@click.option("--ends", required=True, type=click.DateTime(), help="Local time.")
@click.option("--reason", required=True, type=one_of(EntryReason))
@click.option("--team", help="The team it counts for; a captain enters for the own team alone.")
@click.pass_obj
def enter_hours(lazy: LazySettings, /, **stated: Any) -> None:
    """Enter hours that no scan recorded; they count when another operator confirms them."""
    from kiosk.commands import operator as desk

    settings, who = lazy.settings(), credentials()
    say(guarded(lambda: desk.enter_hours(settings, who, desk.Stated(**stated))))


for act in ACTS:
    operator.add_command(act)
