"""What the device holds of people, and how it forgets: values and port.

Upstream: nothing.
Downstream: ``forget_absent``, ``kiosk doctor --privacy``; ``kiosk.store.memory`` implements the port.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Holding(StrEnum):
    """Kinds of personal data on a device."""

    NAMES = "names"  # beside check-ins
    NAMES_ON_THEIR_WAY = "names_on_their_way"  # in records that wait for the platform, or were just acknowledged
    DIRECTORY = "directory"  # names and numbers in the reference data
    STANDINGS = "standings"  # hours, star, minor, suspended, by number
    PINS = "pins"  # of operators, as Argon2id
    CODES = "codes"  # phones' codes that were shown here
    RECORDS = "records"  # the ledger, by number
    EXPORT = "export"  # files of an export that did not reach its stick
    DAMAGED = "damaged"  # damaged device files that a recovery moved aside, names and all


@dataclass(frozen=True, slots=True)
class Held:
    """How much of one kind there is; ``oldest_ms`` is UTC ms by the device's record, None where nothing dates it."""

    holding: Holding
    count: int
    oldest_ms: int | None = None


class Memory(Protocol):
    """What the device's file knows of people."""

    def forget(self, absent_ms: int, operators: frozenset[str], most: int) -> int:
        """Erase what is known by name of up to ``most`` people, and of operators without appointment.

        Args:
            absent_ms: not seen for so long by the platform's time, and every record of theirs acknowledged.
            operators: volunteer numbers that hold an appointment.
            most: people in one transaction.

        Returns:
            How many people were forgotten.

        Raises:
            RecordingError: the file cannot be written now; nothing was erased.
        """
        ...
