"""``python -m sync.agent``: the agent's command; clocks, ids, chance and randomness come in here.

Upstream: ``settings``, ``commands``.
Downstream: a person, systemd.
"""

from __future__ import annotations

import logging
import random
import secrets
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import click

from sync.agent.asking import World
from sync.agent.commands.keeping import again, enrol, rotate_key
from sync.agent.commands.sending import once, run_command
from sync.agent.commands.showing import status_command
from sync.agent.commands.stick import export, import_command
from sync.agent.commands.wiring import Outside, Wiring
from sync.agent.settings import AgentSettings
from sync.configuration import ConfigurationError

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
SEED_BYTES = 32


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=click.Path(path_type=Path), envvar="SYNC_AGENT_CONFIG", help="A TOML file of settings.")
@click.pass_context
def main(context: click.Context, config: Path | None) -> None:
    """Bring this device's records to the platform; nothing lost, nothing doubled."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        context.obj = Wiring(AgentSettings.load(config), _outside())
    except ConfigurationError as error:
        raise click.ClickException(f"settings:\n{error}") from error


def _outside() -> Outside:
    world = World(
        new_id=lambda: str(uuid.uuid4()),
        boot_id=BOOT_ID.read_text(encoding="ascii").strip(),
        boottime_ns=lambda: time.clock_gettime_ns(time.CLOCK_BOOTTIME),
        chance=random.random,
    )
    return Outside(world, lambda: datetime.now(UTC), lambda: secrets.token_bytes(SEED_BYTES))


for command in (run_command, once, status_command, export, import_command, again, enrol, rotate_key):
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="python -m sync.agent")
