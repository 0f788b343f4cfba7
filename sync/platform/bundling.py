"""Takes a bundle that a device wrote to a stick, batch by batch as from the wire, and writes the receipts for it.

Upstream: ``receiving``, ``store``, ``sync.protocol.bundle``.
Downstream: ``commands.bundle``.

Every batch is a transaction of its own; broken off anywhere, the same file is taken again, and what was taken before is
a duplicate. Of a file that is cut off, the whole lines are taken. Each line proves itself by the device's signature.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from sync.platform.errors import PlatformError
from sync.platform.receiving import Receiver
from sync.platform.records import Device
from sync.platform.store import Database
from sync.protocol.bundle import MOST_LINE_BYTES, BundlePart, ReceiptPart, in_order, line_of, read_bundle_line
from sync.protocol.errors import CutOffError, ForeignError, StickError
from sync.protocol.problems import Problem
from sync.protocol.signing.keys import SigningKey
from sync.protocol.vocabulary import EventOutcome

PART = ".part"


@dataclass(slots=True)
class BundleTaken:
    """What came of a bundle.

    Attributes:
        device: whose it is, empty before the first line.
        batches: that were taken; ``refused`` were no batches of this device.
        outcomes: events by outcome.
        is_whole: the file ended with its last line.
    """

    device: str = ""
    batches: int = 0
    refused: int = 0
    outcomes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(EventOutcome, 0))
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class BundleReceiver:
    """Takes bundles.

    Attributes:
        database, receiver: as for the wire.
        key: the platform's own, which signs the receipts.
        told: called after each batch.
    """

    database: Database
    receiver: Receiver
    key: SigningKey
    told: Callable[[BundleTaken], None] = lambda _taken: None

    def take(self, file: Path, receipt: Path) -> BundleTaken:
        """Take a bundle and write its receipts; the receipt file appears whole.

        Raises:
            PlatformError: it cannot be read or written, or is no bundle of a device that may upload.
        """
        part = receipt.with_name(f"{receipt.name}{PART}")
        try:
            with file.open("rb") as opened, part.open("wb") as answer:
                taken = self._take_all(opened, answer)
                answer.flush()
                os.fsync(answer.fileno())
            part.replace(receipt)
        except OSError as error:
            raise PlatformError(f"{error.filename or file}: {error.strerror}.") from error
        except ForeignError as error:
            raise PlatformError(
                f"{file}: 不是本平台的设备所签，或已被改动 {error}; what stood before it was taken."
            ) from error
        except StickError as error:
            raise PlatformError(f"{file}: 不是设备导出的 U 盘文件 not a device's bundle: {error}.") from error
        finally:
            part.unlink(missing_ok=True)
        return taken

    def _take_all(self, opened: BinaryIO, answer: BinaryIO) -> BundleTaken:
        taken, devices, bundle, n = BundleTaken(), _Devices(self.database), "", 0
        try:
            for part in in_order(read_bundle_line(line, devices.public_of) for line in _lines(opened)):
                device, bundle = devices.of(part), part.bundle
                taken.device = device.id
                outcome = self.receiver.receive(device, part.body_bytes())
                if isinstance(outcome, Problem):
                    taken.refused += 1
                    continue
                n += 1
                answer.write(line_of(ReceiptPart(bundle, device.id, n, outcome), self.key))
                taken.batches += 1
                for each in outcome.events:
                    taken.outcomes[each.outcome] += 1
                self.told(taken)
            taken.is_whole = True
        except CutOffError:
            if not taken.device:
                raise
        if taken.device:
            answer.write(line_of(ReceiptPart(bundle, taken.device, n + 1), self.key))
        return taken


class _Devices:
    """The devices whose keys sign the lines of one file."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._found: dict[str, tuple[Device, bytes]] = {}

    def public_of(self, key_id: str) -> bytes | None:
        """Return a key that a device has or had: what it signed in its time stays signed."""
        if key_id not in self._found:
            with self._database.reading() as unit:
                key = unit.device_keys.find(key_id)
            if key is None:
                return None
            self._found[key_id] = key.device, key.public
        return self._found[key_id][1]

    def of(self, part: BundlePart) -> Device:
        device = self._found[part.key_id][0]
        if device.id != part.device:
            raise ForeignError("the bundle names another device than the one that signed it")
        if device.revoked_ms is not None:
            raise PlatformError(
                f"设备已停用 The device {device.id} may no longer upload. Keep the file; nothing in it is lost."
            )
        return device


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(MOST_LINE_BYTES):
        yield line
