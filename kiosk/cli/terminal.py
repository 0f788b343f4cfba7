"""What passes between a command and the person at the terminal: a text, a secret, an answer, a fault.

Upstream: click; standard input.
Downstream: the rooms of ``kiosk.cli``.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.commands.operator import Answer, Credentials

T = TypeVar("T")
FAULT = 1


def text_given(text: str | None) -> str | None:
    """Return an argument, or standard input where it is "-"."""
    return sys.stdin.buffer.read().decode("utf-8", "replace").strip("\r\n") if text == "-" else text


def credentials() -> Credentials:
    """Ask for certificate and PIN, or read them from standard input; a command line would show them to all."""
    import getpass

    from kiosk.commands.operator import Credentials

    if sys.stdin.isatty():
        return Credentials(getpass.getpass("certificate: "), getpass.getpass("PIN: "))
    given = [*sys.stdin.buffer.read().decode("utf-8", "replace").splitlines(), "", ""]
    return Credentials(given[0], given[1])


def say(answer: Answer) -> NoReturn:
    """Say how a deed went, and end the program so."""
    click.echo(answer.sentence, err=answer.code != 0)
    sys.exit(answer.code)


def guarded(work: Callable[[], T]) -> T:
    """Turn what a person can mend into one sentence."""
    from kiosk.usecases.errors import StoreError

    try:
        return work()
    except StoreError as error:
        stop(str(error))


def stop(sentence: str) -> NoReturn:
    """Say why the kiosk itself is not ready, and end the program."""
    click.echo(f"kiosk: {sentence}", err=True)
    sys.exit(FAULT)
