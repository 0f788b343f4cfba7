"""The agent's settings: ``agent.toml``, then ``SYNC_AGENT_…`` variables.

Upstream: ``sync.configuration``.
Downstream: ``__main__``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from sync.configuration import Configuration

Seconds = Annotated[float, Field(gt=0, le=3600)]


class AgentSettings(Configuration):
    """Where the device's file is and how patient the agent is.

    Attributes:
        device_file: the SQLite file that the kiosk makes.
        enrolment: the enrolment file; it must be readable by its owner only.
        platform_url: overrides the address in the enrolment file.
        poll_s: how often the outbox is looked at while nothing waits, seconds.
        connect_s, read_s, whole_s: to connect, between two bytes, for a whole call, seconds.
        backoff_first_s, backoff_most_s: the first and the last ceiling of the wait after a failure, seconds.
        fetch_s: how often it is asked what is new, seconds, at most 15 minutes.
        rotate_key_days: how old the device's key may grow; not given: it stays until it is changed by hand.
    """

    model_config = SettingsConfigDict(env_prefix="SYNC_AGENT_")

    device_file: Path = Path("~/.local/share/wenming-kiosk/device.sqlite")
    enrolment: Path = Path("~/.local/share/wenming-kiosk/enrolment.json")
    platform_url: str | None = Field(default=None, pattern=r"^https?://[^/]+")
    poll_s: Seconds = 2.0
    connect_s: Seconds = 10.0
    read_s: Seconds = 20.0
    whole_s: Seconds = 60.0
    backoff_first_s: Seconds = 2.0
    backoff_most_s: Seconds = 300.0
    fetch_s: Annotated[float, Field(gt=0, le=900)] = 300.0
    rotate_key_days: Annotated[int, Field(ge=1, le=3650)] | None = None
