"""``run`` and ``once``: bring this device's records to the platform.

Upstream: ``errands``, ``fetching``, ``loop``, ``lock``, ``wiring``.
Downstream: ``__main__``.
"""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

import click

from sync.agent import loop
from sync.agent.commands.wiring import is_ready
from sync.agent.lock import TakenError, only_agent_of
from sync.agent.plan import Answer, Plan
from sync.agent.wording import NONE_WAITS, SENT, STILL_WAIT, TAKEN, both
from sync.mailbox.agent_side import AgentMailbox, MailboxError

if TYPE_CHECKING:
    from types import FrameType

    from sync.agent.commands.wiring import Wiring
    from sync.agent.relay import Try

NOT_SENT = NOT_ALONE = 2
READY_POLL_S = 0.5
GOES_ON = {Answer.RECEIPT, Answer.TOO_LARGE, Answer.UNFIT}


@click.command("run")
@click.pass_obj
def run_command(wiring: Wiring) -> None:
    """Send records whenever there are some, and take up what the platform tells, until stopped."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    mailbox = AgentMailbox(wiring.device_file)
    while not is_ready(mailbox):
        if stop.wait(READY_POLL_S):
            return
    try:
        with only_agent_of(wiring.device_file):
            _run(wiring, mailbox, stop)
    except TakenError:
        _not_alone(wiring)


@click.command()
@click.pass_obj
def once(wiring: Wiring) -> None:
    """Send all that waits, then stop. Exit code 2 when some could not be sent; they are kept."""
    mailbox = wiring.mailbox()
    try:
        with only_agent_of(wiring.device_file):
            _send_all(wiring, mailbox)
    except TakenError:
        _not_alone(wiring)
    except MailboxError as error:
        raise click.ClickException(str(error)) from error


def _run(wiring: Wiring, mailbox: AgentMailbox, stop: threading.Event) -> None:
    status = wiring.status_file(mailbox)
    errands, fetching = wiring.errands(mailbox, status), wiring.fetching(status)
    patience_s = max(wiring.settings.poll_s, errands.relay.backoff.first_s)
    most_s = errands.relay.backoff.most_s
    down = threading.Thread(
        target=loop.run, args=(fetching.step, stop.wait, fetching.show, most_s), name="fetching", daemon=True
    )
    down.start()
    loop.run(errands.step, stop.wait, errands.failed, patience_s)
    status.stop()


def _send_all(wiring: Wiring, mailbox: AgentMailbox) -> None:
    relay, plan, sent = wiring.relay(mailbox), Plan(), 0
    while True:
        before = mailbox.waiting()
        tried = relay.step(plan)
        plan = tried.plan
        if tried.answer is None:
            break
        left = mailbox.waiting()
        _stop_where_stuck(tried, left)
        sent += before - left
        click.echo(both(SENT, sent=sent, left=left))
    click.echo(both(NONE_WAITS))


def _stop_where_stuck(tried: Try, left: int) -> None:
    if tried.answer in GOES_ON and not tried.plan.wait_s:
        return
    sentence = tried.trouble
    click.echo(both(STILL_WAIT, left=left), err=True)
    if sentence:
        click.echo(f"{sentence.zh} {sentence}", err=True)
    sys.exit(NOT_SENT)


def _not_alone(wiring: Wiring) -> None:
    click.echo(both(TAKEN, file=wiring.device_file), err=True)
    sys.exit(NOT_ALONE)
