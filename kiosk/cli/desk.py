"""``kiosk operator queue|show|confirm|amend|…``: the acts of 值班台 by hand.

Upstream: ``kiosk.commands.operator_desk``.
Downstream: ``kiosk.cli.operator``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kiosk.cli.choices import one_of
from kiosk.cli.terminal import credentials, guarded, say
from sync.protocol.vocabulary import AmendmentReason, DecisionReason, Effect, KitItem, Matter, Quality, VoidReason

if TYPE_CHECKING:
    from kiosk.cli.lazy_settings import LazySettings
    from kiosk.commands.operator import Answer
    from kiosk.commands.operator_desk import Desk

T = TypeVar("T")
_STARTS = click.option("--starts", type=click.DateTime(), help="The true start, local time.")
_ENDS = click.option("--ends", type=click.DateTime(), help="The true end, local time.")
_SERVICE = click.option("--service", help="The true service kind.")


@click.command()
@click.option("--matter", type=one_of(Matter), help="Only what waits for this.")
@click.option("--page", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def queue(lazy: LazySettings, matter: str | None, page: int, as_json: bool) -> None:  # noqa: FBT001 - click calls by name
    """Show what waits for a person within the operator's reach, the oldest first, with the working days left."""
    from rich.console import Console

    from kiosk.commands import operator_desk

    desk = _desk(lazy)
    shown = _shown(guarded(lambda: desk.queue(matter, page - 1)))
    if as_json:
        click.echo(json.dumps(operator_desk.as_json(shown), ensure_ascii=False))
    else:
        Console().print(operator_desk.table(shown, desk.settings))


@click.command("show")
@click.argument("session")
@click.pass_obj
def show_session(lazy: LazySettings, session: str) -> None:
    """Show SESSION whole, as JSON: recorded and judged, all that was said of it, what may be done and why not."""
    from kiosk.commands import operator_desk

    desk = _desk(lazy)
    shown = _shown(guarded(lambda: desk.show(session)))
    click.echo(json.dumps(operator_desk.as_json(shown), ensure_ascii=False, indent=2))


@click.command()
@click.argument("sessions", metavar="SESSION…", nargs=-1, required=True)
@click.option("--of", help="The event that is confirmed, where several wait (see: kiosk operator show SESSION).")
@click.option("--beyond-shift", is_flag=True, help="The time after the end of the shift counts too.")
@click.pass_obj
def confirm(lazy: LazySettings, sessions: tuple[str, ...], of: str | None, beyond_shift: bool) -> None:  # noqa: FBT001 - as above
    """Stand for what waits of each SESSION: a scanned or stated end, entered hours, a correction, a withdrawal."""
    if len(sessions) > 1 and (of is not None or beyond_shift):
        raise click.UsageError("--of and --beyond-shift are about one SESSION")
    desk = _desk(lazy)
    say(guarded(lambda: desk.confirm(sessions, of, beyond_shift=beyond_shift)))


@click.command()
@click.argument("session")
@click.option("--reason", required=True, type=one_of(AmendmentReason))
@_STARTS
@_ENDS
@_SERVICE
@click.pass_obj
def amend(lazy: LazySettings, /, session: str, **typed: Any) -> None:
    """Put a correction beside SESSION; it holds when another operator confirms it."""
    from kiosk.commands.operator_desk import Correction

    desk = _desk(lazy)
    say(guarded(lambda: desk.amend(session, Correction(**typed))))


@click.command()
@click.argument("session")
@click.option("--reason", required=True, type=one_of(VoidReason))
@click.pass_obj
def void(lazy: LazySettings, session: str, reason: str) -> None:
    """Withdraw SESSION; what counts already is withdrawn when another operator confirms it."""
    desk = _desk(lazy)
    say(guarded(lambda: desk.void(session, reason)))


@click.command()
@click.argument("session")
@click.option("--reason", required=True, type=one_of(DecisionReason), help="Why it is decided so.")
@_STARTS
@_ENDS
@_SERVICE
@click.option("--void", "withdraw", type=one_of(VoidReason), help="Upheld by withdrawing the record.")
@click.pass_obj
def decide(lazy: LazySettings, /, session: str, reason: str, withdraw: str | None, **typed: Any) -> None:
    """Decide on the volunteer's objection to SESSION: upheld with what is given here, else dismissed.

    A correction that answers the volunteer holds at once.
    """
    from kiosk.commands.operator_desk import Correction

    correction = Correction(AmendmentReason.OTHER, **typed)
    if withdraw is not None and not correction.is_empty:
        raise click.UsageError("a record is either corrected or withdrawn")
    desk = _desk(lazy)
    say(guarded(lambda: desk.decide(session, reason, None if correction.is_empty else correction, withdraw)))


@click.command()
@click.argument("session")
@click.option("--reason", required=True, type=one_of(DecisionReason))
@click.option("--of", help="The event that is turned down, where several wait.")
@click.pass_obj
def dismiss(lazy: LazySettings, session: str, reason: str, of: str | None) -> None:
    """Turn down a correction or a withdrawal of SESSION that waits for a second person."""
    desk = _desk(lazy)
    say(guarded(lambda: desk.dismiss(session, reason, of)))


@click.command()
@click.argument("sessions", metavar="SESSION…", nargs=-1, required=True)
@click.option("--quality", required=True, type=one_of(Quality))
@click.option("--effect", "effects", multiple=True, type=one_of(Effect), help="As often as it applies.")
@click.option("--count", "counts", multiple=True, type=(str, int), help="A word and a number: --count tea 12.")
@click.pass_obj
def rate(lazy: LazySettings, /, sessions: tuple[str, ...], quality: str, **said: Any) -> None:
    """Rate the quality and effect of each SESSION alike; a later rating takes the place of an earlier one."""
    desk = _desk(lazy)
    say(guarded(lambda: desk.rate(sessions, quality, said["effects"], dict(said["counts"]))))


@click.command()
@click.argument("direction", type=click.Choice(["out", "back"]))
@click.argument("volunteer")
@click.argument("item", type=one_of(KitItem))
@click.option("--count", type=int, default=1, show_default=True)
@click.pass_obj
def kit(lazy: LazySettings, direction: str, volunteer: str, item: str, count: int) -> None:
    """Hand caps or armbands out to VOLUNTEER, or take them back."""
    desk = _desk(lazy)
    say(guarded(lambda: desk.kit(volunteer, item, count, returned=direction == "back")))


@click.command()
@click.argument("deed", type=click.Choice(["open", "close"]))
@click.option("--service", help="To open: what the team does.")
@click.option("--team", help="To open: the team's name.")
@click.pass_obj
def group(lazy: LazySettings, deed: str, service: str | None, team: str | None) -> None:
    """Open a group for a visiting team, whose members then scan one after another, or close it."""
    if deed == "open" and service is None:
        raise click.UsageError("a group is opened with its --service")
    desk = _desk(lazy)
    say(guarded(lambda: desk.close_group() if service is None or deed == "close" else desk.open_group(service, team)))


@click.command()
@click.argument("deed", type=click.Choice(["start", "end"]))
@click.pass_obj
def drill(lazy: LazySettings, deed: str) -> None:
    """Begin to practise, or end it: what is scanned meanwhile enters no total."""
    desk = _desk(lazy)
    say(guarded(lambda: desk.drill(on=deed == "start")))


def _desk(lazy: LazySettings) -> Desk:
    from kiosk.commands.operator_desk import Desk

    return Desk(lazy.settings(), credentials())


def _shown(read: T | Answer) -> T:
    from kiosk.commands.operator import Answer

    if isinstance(read, Answer):
        say(read)
    return read


ACTS = (queue, show_session, confirm, amend, void, decide, dismiss, rate, kit, group, drill)
