"""The ``kiosk`` command: run, demo, doctor, present, certificate, ledger, operator, enrol.

Upstream: ``kiosk.commands``, ``kiosk.settings``.
Downstream: a person, systemd.

Commands import what they need when they run, so that ``kiosk --help`` and ``kiosk present`` do not wait for a toolkit.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar
from zoneinfo import ZoneInfo

import click

from kiosk.settings import KioskSettings
from sync.configuration import ConfigurationError
from sync.protocol.vocabulary import (
    AmendmentReason,
    DecisionReason,
    Effect,
    EntryReason,
    KitItem,
    Matter,
    Quality,
    ServiceKind,
    VoidReason,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import StrEnum

    from kiosk.commands.operator import Answer, Credentials
    from kiosk.commands.operator_desk import Desk

T = TypeVar("T")
CONFIG = Path("/etc/wenming-kiosk/kiosk.toml")
FAULT = 1


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="KIOSK_CONFIG",
    help=f"A TOML file of settings; without it {CONFIG} where it exists. Variables KIOSK_… win over the file.",
)
@click.option("--verbose", is_flag=True, help="Log more, to standard error.")
@click.pass_context
def main(context: click.Context, config: Path | None, verbose: bool) -> None:  # noqa: FBT001 - click calls by name
    """志愿者值班终端: a touch kiosk that records volunteers' duty.

    Times and records of this device, offline for as long as it takes.
    """
    level = logging.DEBUG if verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if config is None and CONFIG.is_file():
        config = CONFIG
    context.obj = _Lazy(config)


class _Lazy:
    """The settings, read when a command asks: ``kiosk --help`` works with a broken file."""

    def __init__(self, config: Path | None) -> None:
        self._config = config

    def settings(self) -> KioskSettings:
        try:
            return KioskSettings.load(self._config)
        except ConfigurationError as error:
            _stop(f"settings:\n{error}")


@main.command()
@click.option("--loop", is_flag=True, help="A film begins again at its end.")
@click.option("--closable", is_flag=True, help="The window may be closed by hand, and shows the pointer.")
@click.option("--until-camera-ends", is_flag=True, help="End when a film is over and the last card has closed.")
@click.option(
    "--screenshots",
    type=click.Path(path_type=Path, file_okay=False),
    help="A picture of every screen passed; refused with a real camera.",
)
@click.pass_obj
def run(lazy: _Lazy, /, screenshots: Path | None, **asked: bool) -> None:
    """Open the kiosk's window and record duty until it is closed."""
    from kiosk.commands.run import RunOptions, run_kiosk

    settings = lazy.settings()
    _guarded(lambda: run_kiosk(settings, RunOptions(screenshots=screenshots, **asked)))


@main.command()
@click.option("--headless", is_flag=True, help="No display: play the scene on an own Xvfb, even where there is one.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-output"),
    show_default=True,
    help="Where the demo community, its ledgers and the screenshots go; a folder of an earlier demo is replaced.",
)
def demo(headless: bool, output: Path) -> None:  # noqa: FBT001 - click calls by name
    """Show the whole way: kiosk, agent and platform as three processes with a demo community."""
    from kiosk.commands.demo.play import play

    _guarded(lambda: sys.exit(play(output, headless=headless)))


@main.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--size", default="1280x800", show_default=True, help="Of the window, in pixels.")
@click.option("--high-contrast", is_flag=True, help="In the high-contrast theme.")
def gallery(out: Path, size: str, high_contrast: bool) -> None:  # noqa: FBT001 - click calls by name
    """Write a picture of every screen, of invented people, into the folder OUT."""
    from kiosk.commands.gallery import make_gallery

    try:
        width, height = (int(side) for side in size.split("x"))
    except ValueError as error:
        raise click.BadParameter("write it like 1280x800") from error
    _guarded(lambda: make_gallery(out, (width, height), high_contrast=high_contrast))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
@click.option("--privacy", is_flag=True, help="Instead: what personal data this device holds, why, and until when.")
@click.pass_obj
def doctor(lazy: _Lazy, as_json: bool, privacy: bool) -> None:  # noqa: FBT001 - click calls by name
    """Check hardware, libraries, display, clock, disk and network, one line each with what to do."""
    settings = lazy.settings()
    if privacy:
        from kiosk.commands.privacy import inventory

        findings: list[Any] = _guarded(lambda: inventory(settings))
    else:
        from kiosk.commands.doctor import examine

        findings = list(examine(settings))
    if as_json:
        click.echo(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(finding.line())
    sys.exit(FAULT if any(finding.stops_duty for finding in findings) else 0)


@main.command()
@click.argument("text", required=False)
@click.option("--typed", help="Instead of TEXT: a volunteer number with its check digit, for a code that is spoilt.")
@click.option("--witness", help="The captain's own code, shown after it where the station asks for the captain.")
@click.option(
    "--service", type=click.Choice([kind.value for kind in ServiceKind]), help="Else the rostered or usual one."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def present(lazy: _Lazy, /, text: str | None, as_json: bool, **shown: str | None) -> None:  # noqa: FBT001 - as above
    """Present TEXT as if the camera had read it ("-" reads it from standard input).

    Exit code: 0 accepted, 3 refused, 4 good but not recorded, 5 the captain must confirm, 1 the kiosk is not ready.
    """
    from kiosk.commands.present import Showing
    from kiosk.commands.present import present as present_text

    if (text is None) == (shown["typed"] is None):
        raise click.UsageError("give TEXT, or --typed with a number")
    settings = lazy.settings()
    came = _guarded(lambda: present_text(settings, Showing(text=_read(text), **shown)))
    click.echo(json.dumps(came.as_json(), ensure_ascii=False) if as_json else came.sentence)
    sys.exit(came.exit_code)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def enrol(lazy: _Lazy, file: Path) -> None:
    """Make this machine the device of the enrolment FILE."""
    from kiosk.commands.enrol import enrol as enrol_device

    settings = lazy.settings()
    click.echo(_guarded(lambda: enrol_device(settings, file)))


@main.group()
def reference() -> None:
    """What the platform tells this device: trusted keys, revocations, roster, appointments."""


@reference.command("apply")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def apply_reference(lazy: _Lazy, file: Path) -> None:
    """Apply a FILE of `python -m sync.platform reference publish`; an older one changes nothing."""
    from kiosk.commands.reference import apply_file

    settings = lazy.settings()
    click.echo(_guarded(lambda: apply_file(settings, file)))


@main.group()
def certificate() -> None:
    """Certificates, for support staff."""


@certificate.command()
@click.argument("text")
@click.option("--trust", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Whom to trust: FILE.")
@click.option("--at", required=True, help="The instant to check for, with its zone: 2027-01-15T08:00:00+08:00.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def check(text: str, trust: Path, at: str, as_json: bool) -> None:  # noqa: FBT001 - click calls by name
    """Check TEXT ("-": standard input) against a trust list, signed or plain, reference data or an enrolment file.

    Exit code: 0 accepted, 3 refused, 1 the file or the instant cannot be used.
    """
    from kiosk.commands.certificate import check as check_text

    verdict = _guarded(lambda: check_text(_read(text) or "", trust, at))
    click.echo(json.dumps(verdict.as_json(), ensure_ascii=False) if as_json else verdict.line())
    sys.exit(verdict.exit_code)


@main.command()
@click.argument("files", metavar="PICTURE|FOLDER|VIDEO…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a frame.")
def decode(files: tuple[Path, ...], as_json: bool) -> None:  # noqa: FBT001 - click calls by name
    """Read codes as the booth's scanner does, one line a frame.

    Every picture stands alone and gets every rescue; a video runs through the booth's pipeline by its own time.
    Exit code: 0 every file could be opened, 1 one could not.
    """
    from kiosk.commands import decode as reading
    from kiosk.scan.offline import NotRead

    well = True
    shown = reading.as_json if as_json else reading.as_line
    for read in _guarded(lambda: reading.decode(files)):
        if isinstance(read, NotRead):
            well = False
            click.echo(f"kiosk: {read.path}: {read.reason}", err=True)
        else:
            click.echo(shown(read))
    sys.exit(0 if well else FAULT)


@main.group()
def ledger() -> None:
    """The records of this device."""


@ledger.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object: sessions and events.")
@click.pass_obj
def show(lazy: _Lazy, as_json: bool) -> None:  # noqa: FBT001 - click calls by name
    """Show every session of this device's file."""
    from rich.console import Console

    from kiosk.commands import ledger as listing

    settings = lazy.settings()
    read = _guarded(lambda: listing.read(settings))
    if as_json:
        click.echo(json.dumps(read, ensure_ascii=False))
    else:
        Console().print(listing.table(settings, read))


@ledger.command()
@click.argument("target", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--format", "formats", default="xlsx,csv,pdf,chain", show_default=True, help="Which of them, apart by commas."
)
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="The first local date; else from the start.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="The last local date; else to the end.")
@click.pass_obj
def export(lazy: _Lazy, /, target: Path, formats: str, first: datetime | None, last: datetime | None) -> None:
    """Bring the ledger to the folder TARGET, say a stick: tables, a printable 台账 a month, the chain for `verify`.

    Asked again after the stick was pulled, it goes on where it was. Exit code: 0 all files stand, 4 they do not.
    """
    from kiosk.commands import export as exporting
    from kiosk.commands import progress

    settings = lazy.settings()
    try:
        wanted = exporting.Wanted.of(target, formats, first, last)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    with progress.shown() as phase:
        answer = _guarded(lambda: exporting.export(settings, wanted, phase))
    click.echo(answer.sentence, err=answer.code != 0)
    sys.exit(answer.code)


@ledger.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--key", help="The device's public key, 64 hex digits, or its enrolment file; else this kiosk's own.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def verify(lazy: _Lazy, file: Path | None, key: str | None, as_json: bool) -> None:  # noqa: FBT001 - click calls by name
    """Name the first record that was changed, removed, reordered, inserted or cut off, and what is still good.

    FILE is a device's file, a copy of it or a ledger.jsonl of an export; without it, this kiosk's own. Nothing is
    changed. Exit code: 0 nothing was tampered with, 1 something was, or FILE cannot be read.
    """
    from kiosk.commands import progress
    from kiosk.commands import verify as checking

    settings = lazy.settings()
    zone = ZoneInfo(settings.station.zone)
    with progress.shown() as phase:
        verdict = _guarded(lambda: checking.verify(settings, file, key, phase))
    if as_json:
        click.echo(json.dumps(verdict.as_json(zone), ensure_ascii=False))
    else:
        for line in verdict.lines(zone):
            click.echo(line)
    sys.exit(verdict.exit_code)


def _read(text: str | None) -> str | None:
    """Return an argument, or standard input where it is "-"."""
    return sys.stdin.buffer.read().decode("utf-8", "replace").strip("\r\n") if text == "-" else text


def _one_of(words: type[StrEnum]) -> click.Choice[str]:
    return click.Choice([word.value for word in words])


@main.group()
def operator() -> None:
    """The operators of this station: their PINs, and the acts of the desk.

    Certificate and PIN are asked for, or read as two lines of standard input. Exit code: 0 done, 3 refused, 4 not
    recorded, 1 the kiosk itself is not ready.
    """


@operator.command("list")
@click.option("--waiting", is_flag=True, help="Instead, the entered hours that wait for a second person.")
@click.pass_obj
def list_operators(lazy: _Lazy, waiting: bool) -> None:  # noqa: FBT001 - click calls by name
    """List the appointments of this station, one JSON object a line."""
    from kiosk.commands import operator as desk

    settings = lazy.settings()
    for line in _guarded(lambda: desk.waiting(settings) if waiting else desk.listing(settings)):
        click.echo(json.dumps(line, ensure_ascii=False))


@operator.command("sign-in")
@click.pass_obj
def sign_in(lazy: _Lazy) -> None:
    """Try a certificate and a PIN."""
    from kiosk.commands import operator as desk

    settings, who = lazy.settings(), _credentials()
    _say(_guarded(lambda: desk.sign_in(settings, who)))


@operator.command("set-pin")
@click.pass_obj
def set_pin(lazy: _Lazy) -> None:
    """Choose a first PIN, or the first after a reset."""
    from kiosk.commands import operator as desk

    settings, who = lazy.settings(), _credentials()
    _say(_guarded(lambda: desk.set_pin(settings, who)))


@operator.command()
@click.argument("number")
@click.option("--as-head", is_flag=True, help="In the name of a head who signs in; else as the keeper of this machine.")
@click.pass_obj
def reset(lazy: _Lazy, number: str, as_head: bool) -> None:  # noqa: FBT001 - click calls by name
    """Clear the PIN and the tries of the operator with this volunteer NUMBER."""
    from kiosk.commands import operator as desk

    settings, who = lazy.settings(), _credentials() if as_head else None
    _say(_guarded(lambda: desk.reset(settings, number, who)))


@operator.command("enter-hours")
@click.option("--volunteer", required=True, help="The volunteer number.")
@click.option("--service", required=True, type=click.Choice([kind.value for kind in ServiceKind]))
@click.option("--starts", required=True, type=click.DateTime(), help="Local time.")
@click.option("--ends", required=True, type=click.DateTime(), help="Local time.")
@click.option("--reason", required=True, type=click.Choice([reason.value for reason in EntryReason]))
@click.option("--team", help="The team it counts for; a captain enters for the own team alone.")
@click.pass_obj
def enter_hours(lazy: _Lazy, /, **stated: Any) -> None:
    """Enter hours that no scan recorded; they count when another operator confirms them."""
    from kiosk.commands import operator as desk

    settings, who = lazy.settings(), _credentials()
    _say(_guarded(lambda: desk.enter_hours(settings, who, desk.Stated(**stated))))


@operator.command()
@click.option("--matter", type=_one_of(Matter), help="Only what waits for this.")
@click.option("--page", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def queue(lazy: _Lazy, matter: str | None, page: int, as_json: bool) -> None:  # noqa: FBT001 - click calls by name
    """Show what waits for a person within the operator's reach, the oldest first, with the working days left."""
    from rich.console import Console

    from kiosk.commands import operator_desk

    desk = _desk(lazy)
    shown = _shown(_guarded(lambda: desk.queue(matter, page - 1)))
    if as_json:
        click.echo(json.dumps(operator_desk.as_json(shown), ensure_ascii=False))
    else:
        Console().print(operator_desk.table(shown, desk.settings))


@operator.command("show")
@click.argument("session")
@click.pass_obj
def show_session(lazy: _Lazy, session: str) -> None:
    """Show SESSION whole, as JSON: recorded and judged, all that was said of it, what may be done and why not."""
    from kiosk.commands import operator_desk

    desk = _desk(lazy)
    shown = _shown(_guarded(lambda: desk.show(session)))
    click.echo(json.dumps(operator_desk.as_json(shown), ensure_ascii=False, indent=2))


@operator.command()
@click.argument("sessions", metavar="SESSION…", nargs=-1, required=True)
@click.option("--of", help="The event that is confirmed, where several wait (see: kiosk operator show SESSION).")
@click.option("--beyond-shift", is_flag=True, help="The time after the end of the shift counts too.")
@click.pass_obj
def confirm(lazy: _Lazy, sessions: tuple[str, ...], of: str | None, beyond_shift: bool) -> None:  # noqa: FBT001 - as above
    """Stand for what waits of each SESSION: a scanned or stated end, entered hours, a correction, a withdrawal."""
    if len(sessions) > 1 and (of is not None or beyond_shift):
        raise click.UsageError("--of and --beyond-shift are about one SESSION")
    desk = _desk(lazy)
    _say(_guarded(lambda: desk.confirm(sessions, of, beyond_shift=beyond_shift)))


_STARTS = click.option("--starts", type=click.DateTime(), help="The true start, local time.")
_ENDS = click.option("--ends", type=click.DateTime(), help="The true end, local time.")
_SERVICE = click.option("--service", help="The true service kind.")


@operator.command()
@click.argument("session")
@click.option("--reason", required=True, type=_one_of(AmendmentReason))
@_STARTS
@_ENDS
@_SERVICE
@click.pass_obj
def amend(lazy: _Lazy, /, session: str, **typed: Any) -> None:
    """Put a correction beside SESSION; it holds when another operator confirms it."""
    from kiosk.commands.operator_desk import Correction

    desk = _desk(lazy)
    _say(_guarded(lambda: desk.amend(session, Correction(**typed))))


@operator.command()
@click.argument("session")
@click.option("--reason", required=True, type=_one_of(VoidReason))
@click.pass_obj
def void(lazy: _Lazy, session: str, reason: str) -> None:
    """Withdraw SESSION; what counts already is withdrawn when another operator confirms it."""
    desk = _desk(lazy)
    _say(_guarded(lambda: desk.void(session, reason)))


@operator.command()
@click.argument("session")
@click.option("--reason", required=True, type=_one_of(DecisionReason), help="Why it is decided so.")
@_STARTS
@_ENDS
@_SERVICE
@click.option("--void", "withdraw", type=_one_of(VoidReason), help="Upheld by withdrawing the record.")
@click.pass_obj
def decide(lazy: _Lazy, /, session: str, reason: str, withdraw: str | None, **typed: Any) -> None:
    """Decide on the volunteer's objection to SESSION: upheld with what is given here, else dismissed.

    A correction that answers the volunteer holds at once.
    """
    from kiosk.commands.operator_desk import Correction

    correction = Correction(AmendmentReason.OTHER, **typed)
    if withdraw is not None and not correction.is_empty:
        raise click.UsageError("a record is either corrected or withdrawn")
    desk = _desk(lazy)
    _say(_guarded(lambda: desk.decide(session, reason, None if correction.is_empty else correction, withdraw)))


@operator.command()
@click.argument("session")
@click.option("--reason", required=True, type=_one_of(DecisionReason))
@click.option("--of", help="The event that is turned down, where several wait.")
@click.pass_obj
def dismiss(lazy: _Lazy, session: str, reason: str, of: str | None) -> None:
    """Turn down a correction or a withdrawal of SESSION that waits for a second person."""
    desk = _desk(lazy)
    _say(_guarded(lambda: desk.dismiss(session, reason, of)))


@operator.command()
@click.argument("sessions", metavar="SESSION…", nargs=-1, required=True)
@click.option("--quality", required=True, type=_one_of(Quality))
@click.option("--effect", "effects", multiple=True, type=_one_of(Effect), help="As often as it applies.")
@click.option("--count", "counts", multiple=True, type=(str, int), help="A word and a number: --count tea 12.")
@click.pass_obj
def rate(lazy: _Lazy, /, sessions: tuple[str, ...], quality: str, **said: Any) -> None:
    """Rate the quality and effect of each SESSION alike; a later rating takes the place of an earlier one."""
    desk = _desk(lazy)
    _say(_guarded(lambda: desk.rate(sessions, quality, said["effects"], dict(said["counts"]))))


@operator.command()
@click.argument("direction", type=click.Choice(["out", "back"]))
@click.argument("volunteer")
@click.argument("item", type=_one_of(KitItem))
@click.option("--count", type=int, default=1, show_default=True)
@click.pass_obj
def kit(lazy: _Lazy, direction: str, volunteer: str, item: str, count: int) -> None:
    """Hand caps or armbands out to VOLUNTEER, or take them back."""
    desk = _desk(lazy)
    _say(_guarded(lambda: desk.kit(volunteer, item, count, returned=direction == "back")))


@operator.command()
@click.argument("deed", type=click.Choice(["open", "close"]))
@click.option("--service", help="To open: what the team does.")
@click.option("--team", help="To open: the team's name.")
@click.pass_obj
def group(lazy: _Lazy, deed: str, service: str | None, team: str | None) -> None:
    """Open a group for a visiting team, whose members then scan one after another, or close it."""
    if deed == "open" and service is None:
        raise click.UsageError("a group is opened with its --service")
    desk = _desk(lazy)
    _say(_guarded(lambda: desk.close_group() if service is None or deed == "close" else desk.open_group(service, team)))


@operator.command()
@click.argument("deed", type=click.Choice(["start", "end"]))
@click.pass_obj
def drill(lazy: _Lazy, deed: str) -> None:
    """Begin to practise, or end it: what is scanned meanwhile enters no total."""
    desk = _desk(lazy)
    _say(_guarded(lambda: desk.drill(on=deed == "start")))


def _desk(lazy: _Lazy) -> Desk:
    from kiosk.commands.operator_desk import Desk

    return Desk(lazy.settings(), _credentials())


def _shown(read: T | Answer) -> T:
    from kiosk.commands.operator import Answer

    if isinstance(read, Answer):
        _say(read)
    return read


def _credentials() -> Credentials:
    """Ask for certificate and PIN, or read them from standard input; a command line would show them to all."""
    import getpass

    from kiosk.commands.operator import Credentials

    if sys.stdin.isatty():
        return Credentials(getpass.getpass("certificate: "), getpass.getpass("PIN: "))
    given = [*sys.stdin.buffer.read().decode("utf-8", "replace").splitlines(), "", ""]
    return Credentials(given[0], given[1])


def _say(answer: Answer) -> NoReturn:
    click.echo(answer.sentence, err=answer.code != 0)
    sys.exit(answer.code)


def _guarded(work: Callable[[], T]) -> T:
    """Turn what a person can mend into one sentence."""
    from kiosk.usecases.errors import StoreError

    try:
        return work()
    except StoreError as error:
        _stop(str(error))


def _stop(sentence: str) -> NoReturn:
    click.echo(f"kiosk: {sentence}", err=True)
    sys.exit(FAULT)


if __name__ == "__main__":
    main(prog_name="kiosk")
