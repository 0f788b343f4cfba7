"""``openapi`` writes the wire as documents; ``conformance`` runs every promise of it against a platform.

Upstream: ``api.document``, ``conformance``.
Downstream: ``__main__``.
"""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def openapi(folder: Path) -> None:
    """Write the wire as openapi.json, schema.json and vectors.json into FOLDER."""
    from sync.platform.api import document  # noqa: PLC0415 - no other command needs it

    folder.mkdir(parents=True, exist_ok=True)
    for name, made in document.files().items():
        (folder / name).write_bytes(made)


@click.command()
@click.argument("url")
@click.option("--code", required=True, help="A one-time code of that platform; it becomes the test device's.")
@click.option("--second-code", help="For another device, which somebody revokes when the suite asks for it.")
@click.option(
    "--ca", type=click.Path(exists=True, dir_okay=False), help="Authority of its TLS, PEM; else the system's."
)
@click.option("--json", "as_json", is_flag=True, help="Findings as JSON.")
@click.pass_context
def conformance(
    context: click.Context, url: str, code: str, second_code: str | None, ca: str | None, *, as_json: bool
) -> None:
    """Try every promise of docs/PROTOCOL.md against the platform at URL, whoever wrote it.

    Exit codes: 0 every promise that was tried is kept, 1 one is broken. It leaves behind one device and its notes.
    """
    from sync.platform.conformance import Asked, Outcome, report, run  # noqa: PLC0415 - no other command needs it

    findings = list(run(url, Asked(code, second_code, _have_revoked, ca), context.obj))
    click.echo(report.as_json(findings) if as_json else report.as_table(findings), nl=False)
    context.exit(1 if any(each.outcome is Outcome.BROKEN for each in findings) else 0)


def _have_revoked(device: str) -> None:
    """Ask a person to revoke a device, and wait until that is done."""
    click.echo(f"请在平台上停用设备 Now revoke the device: {device}", err=True)
    click.pause("停用后按任意键 Press any key when it is done …", err=True)
