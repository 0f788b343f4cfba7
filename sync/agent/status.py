"""What the agent does, as a small JSON file beside the device's file, for ``status`` and whoever watches the booth.

Upstream: ``errands``, ``fetching``, ``sync.mailbox``.
Downstream: ``commands``.

It is replaced whole, about once a second while something moves; it holds no name and no number of anybody.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from sync.agent.errands import Progress
from sync.agent.wording import STATES, Trouble, alarm, told
from sync.mailbox.agent_side import MailboxError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from sync.agent.plan import Deed
    from sync.mailbox.agent_side import AgentMailbox

EVERY_S = 1.0
NS_PER_S = 1_000_000_000


class Words(msgspec.Struct, frozen=True):
    """A sentence in both languages."""

    zh: str
    en: str


class Status(msgspec.Struct, frozen=True, omit_defaults=False):
    """What is shown.

    Attributes:
        written_at: the machine's wall clock, which may say anything.
        state: ``idle``, ``sending``, ``waiting``, ``trouble``, ``refused`` or ``stopped``; ``words`` say it.
        deed: what is being done right now, or None.
        waiting, parked: events.
        sent: of the present backlog; ``rate`` events a second; ``left_s`` the seconds until it is gone, where known.
        wait_s: seconds until the next look.
        last_contact_ms: the platform's time of its last answer, UTC ms.
        trouble, download: what is wrong on the way up and on the way down.
        alarms: what a person must look at.
    """

    written_at: str
    state: str
    words: Words
    deed: str | None = None
    waiting: int = 0
    parked: int = 0
    sent: int = 0
    rate: float | None = None
    left_s: float | None = None
    wait_s: float = 0.0
    last_contact_ms: int | None = None
    trouble: Words | None = None
    download: Words | None = None
    alarms: list[Words] = []


@dataclass(slots=True)
class StatusFile:
    """Keeps the file up to date.

    Attributes:
        path: where it is.
        mailbox: what waits.
        now: the wall clock, for people.
        boottime_ns: paces the writing.
    """

    path: Path
    mailbox: AgentMailbox
    now: Callable[[], datetime]
    boottime_ns: Callable[[], int]
    _progress: Progress = field(default_factory=Progress, init=False)
    _download: Trouble | None = field(default=None, init=False)
    _written: tuple[str, Deed | None, float] | None = field(default=None, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def show(self, progress: Progress) -> None:
        """Take what the way up does."""
        with self._lock:
            self._progress = progress
            self._write()

    def show_download(self, wrong: Trouble | None) -> None:
        """Take what is wrong on the way down."""
        with self._lock:
            self._download = wrong

    def stop(self) -> None:
        """Say that the agent has stopped."""
        with self._lock:
            self._write("stopped")

    def _write(self, state: str | None = None) -> None:
        """Write it where the state or the deed is another, or a second went by; a full disk is no fault of ours."""
        word, now_s = state or state_of(self._progress), self.boottime_ns() / NS_PER_S
        before, deed = self._written, self._progress.deed
        is_same = before is not None and before[0] == word and deed in {None, before[1]}
        if before is not None and is_same and 0 <= now_s - before[2] < EVERY_S:
            return
        with suppress(OSError, MailboxError):
            fresh = self.path.with_name(f"{self.path.name}.new")
            fresh.write_bytes(msgspec.json.encode(self._status(word)))
            fresh.replace(self.path)
        self._written = word, deed or (before[1] if before else None), now_s

    def _status(self, word: str) -> Status:
        overview, progress = self.mailbox.overview(), self._progress
        counts, drain = overview.counts, progress.drain
        if word == "idle" and counts.waiting:
            word = "waiting"
        return Status(
            written_at=self.now().isoformat(timespec="seconds"),
            state=word,
            words=words(told(STATES[word])),
            deed=progress.deed.value if progress.deed else None,
            waiting=counts.waiting,
            parked=counts.parked,
            sent=drain.moved,
            rate=drain.rate,
            left_s=drain.left_s(counts.waiting),
            wait_s=progress.wait_s,
            last_contact_ms=overview.link.last_contact_ms,
            trouble=words(progress.trouble) if progress.trouble else None,
            download=words(self._download) if self._download else None,
            alarms=[words(alarm(each)) for each in overview.link.alarms],
        )


def state_of(progress: Progress) -> str:
    """Return the word for what the agent does."""
    if progress.refused:
        return "refused"
    if progress.trouble is not None:
        return "trouble"
    return "sending" if progress.deed is not None or progress.drain.moved else "idle"


def words(sentence: Trouble) -> Words:
    """Return a sentence in both languages."""
    return Words(sentence.zh, str(sentence))


def read_status(path: Path) -> Status | None:
    """Return what an agent last wrote, or None where none did."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Status)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def status_file_of(device_file: Path) -> Path:
    """Return where the status of a device file's agent is."""
    return device_file.with_name(f"{device_file.name}-agent.json")
