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
    """Write the wire as openapi.json and schema.json into FOLDER."""
    from sync.platform.api import document  # noqa: PLC0415 - no other command needs it

    folder.mkdir(parents=True, exist_ok=True)
    for name, made in (("openapi.json", document.openapi()), ("schema.json", document.schema())):
        (folder / name).write_bytes(document.as_file(made))
