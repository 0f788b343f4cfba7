"""``bundle``: takes what a device wrote to a stick, and writes the receipt that the stick brings back.

Upstream: ``bundling``, ``wiring``.
Downstream: ``__main__``.
"""

from __future__ import annotations

from pathlib import Path

import click

from sync.platform import keys, wording
from sync.platform.bundling import BundleReceiver, BundleTaken
from sync.platform.commands.wiring import config_option, database_of, database_option, settings_of
from sync.platform.ports import Ports
from sync.platform.receiving import Receiver
from sync.platform.rostering.answering import settle_quietly
from sync.protocol.bundle import RECEIPT_SUFFIX

INCOMPLETE = 2
TOLD_EVERY = 20


@click.command("bundle")
@config_option
@database_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--receipt",
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"The receipt to write; default: beside FILE, ending in {RECEIPT_SUFFIX}.",
)
@click.pass_context
def bundle(
    context: click.Context, /, config: Path | None, database: str | None, file: Path, receipt: Path | None
) -> None:
    """Take the records of a device from a stick, as if they had come by wire. Take the receipt back to the device."""
    settings, ports = settings_of(config, database=database), context.find_object(Ports)
    if ports is None:
        raise click.UsageError("no ports")
    key = keys.platform_key(settings.keys_dir, ports.entropy)
    answer = receipt or file.with_suffix(RECEIPT_SUFFIX)
    with database_of(settings, ports) as opened:
        sentences = wording.refusal_sentences(settings.language)
        receiver = Receiver(opened, ports.clock, sentences.__getitem__)
        taken = BundleReceiver(opened, receiver, key, _tell).take(file, answer)
        settle_quietly(opened, ports)
    click.echo(_summary(taken, answer))
    if not taken.is_whole or taken.refused:
        context.exit(INCOMPLETE)


def _tell(taken: BundleTaken) -> None:
    if taken.batches % TOLD_EVERY == 0:
        click.echo(f"… {sum(taken.outcomes.values())}", err=True)


def _summary(taken: BundleTaken, receipt: Path) -> str:
    counts = taken.outcomes
    lines = [
        f"设备 device: {taken.device}",
        f"已接收 accepted: {counts['accepted']}",
        f"已有 held already: {counts['duplicate']}",
        f"待核 in quarantine: {counts['quarantined']}",
        f"回执 receipt: {receipt}",
    ]
    if taken.refused:
        lines.append(f"有 {taken.refused} 批无法读取 batches that cannot be read; they stay with the device.")
    if not taken.is_whole:
        lines.append("文件不完整，已接收完整的部分 The file is cut off; its whole lines were taken. Export it again.")
    return "\n".join(lines)
