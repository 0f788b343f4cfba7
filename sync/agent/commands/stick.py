"""``export`` and ``import-receipt``: records on a stick where there is no network for weeks.

Upstream: ``bundling``, ``wiring``.
Downstream: ``__main__``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sync.agent.bundling import CANNOT_READ, CANNOT_WRITE, NOTHING_WAITS, UNCHANGED, Exporter, import_receipt
from sync.agent.wording import both, marked, told
from sync.mailbox.agent_side import MailboxError
from sync.protocol.errors import StickError

if TYPE_CHECKING:
    from sync.agent.commands.wiring import Wiring

ON_STICK = marked("{count} records are on the stick: {file}")
SETTLED = marked("{count} records are acknowledged, {parked} set aside")


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.pass_obj
def export(wiring: Wiring, folder: Path) -> None:
    """Write the records that wait to FOLDER as one signed file; they go on waiting until a receipt comes."""
    mailbox, enrolment = wiring.mailbox(), wiring.enrolment()
    exporter = Exporter(mailbox, enrolment, wiring.outside.world.new_id, lambda done: click.echo(f"… {done}", err=True))
    try:
        written = exporter.export(folder)
    except OSError as error:
        raise click.ClickException(both(CANNOT_WRITE, folder=folder, detail=error.strerror)) from error
    except MailboxError as error:
        raise click.ClickException(str(error)) from error
    said = both(NOTHING_WAITS) if written.file is None else both(ON_STICK, count=written.events, file=written.file)
    click.echo(said)


@click.command("import-receipt")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def import_command(wiring: Wiring, file: Path) -> None:
    """Bring the platform's receipt back from a stick."""
    mailbox, enrolment = wiring.mailbox(), wiring.enrolment()
    try:
        settled = import_receipt(mailbox, enrolment, file)
    except StickError as error:
        why = told(str(error))
        chinese, english = told(UNCHANGED, file=file, detail=why.zh).zh, told(UNCHANGED, file=file, detail=why)
        raise click.ClickException(f"{chinese} {english}") from error
    except OSError as error:
        raise click.ClickException(both(CANNOT_READ, file=file, detail=error.strerror)) from error
    except MailboxError as error:
        raise click.ClickException(str(error)) from error
    click.echo(both(SETTLED, count=settled.acknowledged, parked=settled.parked))
