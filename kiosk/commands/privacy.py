"""``kiosk doctor --privacy``: what personal data this device holds, how much, since when, why, until when.

Upstream: ``kiosk.store.memory``.
Downstream: ``kiosk.cli``.

Never the data itself: the list may be read by anybody (个保法 17, 19).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from kiosk.composition import RandomIds, open_catalogues
from kiosk.presenter.phrases import Language, Phrases
from kiosk.store.device_file import left_aside, read_device_file
from kiosk.store.memory import DeviceMemory
from kiosk.timekeeping.moment import instant_of
from kiosk.usecases.privacy_ports import Held, Holding

if TYPE_CHECKING:
    from kiosk.settings import KioskSettings


@dataclass(frozen=True, slots=True)
class Inventory:
    """One kind of personal data: how much there is, the oldest (local date), why it is held and until when."""

    holding: str
    what: str
    count: int
    oldest: str | None
    why: str
    until: str
    stops_duty: bool = False

    def line(self) -> str:
        """Return it as one line of text."""
        return f"{self.what}  {self.count}  {self.oldest or '—'}  {self.why}  {self.until}"

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {name: value for name, value in asdict(self).items() if name != "stops_duty"}


def inventory(settings: KioskSettings) -> list[Inventory]:
    """Return every kind of personal data, those that are not there too.

    Raises:
        RecordingError: the device's file is not there or cannot be read.
    """
    zone, file = ZoneInfo(settings.station.zone), settings.device.file.expanduser()
    ledger = read_device_file(file, zone=zone, ids=RandomIds())
    found = {each.holding: each for each in DeviceMemory(ledger.engine).held()}
    found[Holding.EXPORT] = _files(Holding.EXPORT, sorted(file.with_name(f"{file.name}-export").glob("*")))
    found[Holding.DAMAGED] = _files(Holding.DAMAGED, left_aside(file))
    ledger.engine.dispose()
    words, days = Phrases(open_catalogues()[Language.CHINESE]), settings.privacy.forget_after_days
    return [_line(found.get(each, Held(each, 0)), words, zone, days) for each in Holding]


def _files(holding: Holding, files: list[Path]) -> Held:
    oldest = min((file.stat().st_mtime for file in files), default=None)
    return Held(holding, len(files), None if oldest is None else int(oldest * 1000))


def _line(held: Held, words: Phrases, zone: ZoneInfo, days: int) -> Inventory:
    oldest = None if held.oldest_ms is None else instant_of(held.oldest_ms).astimezone(zone).date().isoformat()
    named = held.holding is Holding.NAMES
    until = "never" if named and not days else "until"
    return Inventory(
        holding=held.holding.value,
        what=words.of("privacy", held.holding.value, "what"),
        count=held.count,
        oldest=oldest,
        why=words.of("privacy", held.holding.value, "why"),
        until=words.of("privacy", held.holding.value, until, days=days),
    )
