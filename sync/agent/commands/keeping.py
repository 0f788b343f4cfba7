"""``enrol``, ``rotate-key`` and ``again``: what a person does for the device, seldom.

Upstream: ``enrolling``, ``rotating``, ``wiring``.
Downstream: ``__main__``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sync.agent.enrolling import Enroller, address_and_code
from sync.agent.enrolment_file import EnrolmentError
from sync.agent.plan import Answer, Plan
from sync.agent.wording import both, marked
from sync.mailbox.agent_side import MailboxError

if TYPE_CHECKING:
    from sync.agent.commands.wiring import Wiring

FAILED = 2
ENROLLED = marked("this machine is device {device} now: {file}")
ROTATED = marked("the device signs with a new key now; restart the kiosk so that it does too")
WAIT_AGAIN = marked("{count} records wait to be sent again")


@click.command()
@click.argument("url")
@click.argument("code", required=False)
@click.option("--replace", is_flag=True, help="Take the place of the enrolment file that is there.")
@click.option(
    "--ca",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The certificate authority (PEM) of the platform's TLS, where the system does not know it.",
)
@click.pass_obj
def enrol(wiring: Wiring, url: str, code: str | None, replace: bool, ca: Path | None) -> None:  # noqa: FBT001 - click's
    """Make this machine a device of the platform at URL with a one-time CODE; or give the link of its QR alone."""
    address, given = address_and_code(url, code)
    file = wiring.enrolment_file
    file.path.parent.mkdir(parents=True, exist_ok=True)
    ca_pem = None if ca is None else ca.read_text(encoding="ascii", errors="replace")
    enroller = Enroller(file, wiring.limits, wiring.outside.now, wiring.outside.new_seed, ca_pem)
    try:
        enrolment = enroller.enrol(address, given, replace=replace)
    except EnrolmentError as error:
        raise click.ClickException(str(error)) from error
    click.echo(both(ENROLLED, device=enrolment.device, file=file.path))


@click.command("rotate-key")
@click.pass_obj
def rotate_key(wiring: Wiring) -> None:
    """Change the device's key; broken off anywhere, it is gone on with by the next call or by the running agent."""
    wiring.enrolment()
    tried = wiring.rotator().step(Plan(), _platform_ms(wiring))
    if tried.answer is not Answer.RECEIPT:
        trouble = tried.trouble
        click.echo(f"{trouble.zh} {trouble}" if trouble else "", err=True)
        sys.exit(FAILED)
    click.echo(both(ROTATED))


@click.command()
@click.argument("event_ids", metavar="EVENT…", nargs=-1)
@click.pass_obj
def again(wiring: Wiring, event_ids: tuple[str, ...]) -> None:
    """Send records again that were set aside: those named, or all."""
    mailbox = wiring.mailbox()
    try:
        count = mailbox.try_parked_again(event_ids or None)
    except MailboxError as error:
        raise click.ClickException(str(error)) from error
    click.echo(both(WAIT_AGAIN, count=count))


def _platform_ms(wiring: Wiring) -> int | None:
    """Return the platform's time of its last answer, where there was one."""
    try:
        return wiring.mailbox().overview().link.last_contact_ms
    except (click.ClickException, MailboxError):
        return None
