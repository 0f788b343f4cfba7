"""``kiosk reference apply FILE``: newer reference data, brought by a person where no network brings it.

Upstream: ``python -m sync.platform reference publish`` writes the file; ``kiosk.composition``.
Downstream: ``kiosk.cli``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kiosk.composition import open_station
from kiosk.usecases.errors import StoreError
from sync.protocol.errors import ProtocolError
from sync.protocol.signing.documents import SignedDocument

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.settings import KioskSettings

MOST_BYTES = 16 * 1024 * 1024


class BroughtDataError(StoreError):
    """The file cannot be applied; the sentence says why, and nothing changed."""


def apply_file(settings: KioskSettings, file: Path) -> str:
    """Apply the signed reference data of a file; return one sentence on what stands now.

    A running kiosk of the same device takes it up within a minute.

    Raises:
        BroughtDataError: not readable, not signed by this device's root key, or of another device; nothing changed.
        NotEnrolledError, RecordingError: see :func:`kiosk.composition.open_station`.
    """
    document = _read(file)
    station = open_station(settings)
    try:
        newer = station.apply_reference(document)
        version = station.device.shelf.current().data.version
    except ProtocolError as error:
        raise BroughtDataError(f"{file}: {error}; nothing was changed") from error
    finally:
        station.close()
    return f"version {version} stands now" if newer else f"version {version} stands; the file is not newer"


def _read(file: Path) -> SignedDocument:
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise BroughtDataError(f"{file}: {error.strerror}") from error
    if len(data) > MOST_BYTES:
        raise BroughtDataError(f"{file}: larger than {MOST_BYTES} bytes, which no reference data is")
    try:
        return msgspec.json.decode(data, type=SignedDocument)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BroughtDataError(f"{file}: not a file of reference publish: {error}") from error
