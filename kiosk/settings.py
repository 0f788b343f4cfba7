"""The kiosk's settings: ``kiosk.toml``, then ``KIOSK_…`` variables; below the wiring nothing reads configuration.

Upstream: ``sync.configuration``.
Downstream: ``composition``, ``commands``.

``[duty] closes_at`` in the file is ``KIOSK_DUTY__CLOSES_AT`` in the environment.
"""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from kiosk.certificate.legacy import LegacyFormat, checked_number, web_address
from kiosk.domain.admission import Accepts
from kiosk.domain.policy import DutyPolicy
from kiosk.usecases.present_certificate import CertificateRules
from sync.configuration import Configuration

HOME = Path("~/.local/share/wenming-kiosk")
Seconds = Annotated[int, Field(ge=0, le=86_400)]
Minutes = Annotated[int, Field(ge=0, le=24 * 60)]
SHORTEST_NUMBER = 4  # digits, the check digit among them
RESERVED_FORMATS = frozenset({"lyz1", "typed"})
_DEFAULT = DutyPolicy()


class _Table(BaseModel):
    """One table of the file; unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DeviceSettings(_Table):
    """``[device]``: the SQLite file with all records, and the enrolment file (mode 0600)."""

    file: Path = HOME / "device.sqlite"
    enrolment: Path = HOME / "enrolment.json"


class StationSettings(_Table):
    """``[station]``: what holds for the place. ``emblem``: the official picture's file, if the station has it."""

    zone: str = "Asia/Shanghai"
    emblem: Path | None = None

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("not a time zone of the tz database, say Asia/Shanghai") from error
        return value


class CameraSettings(_Table):
    """``[camera]``: a device number, a video file, a folder of pictures or an address; pixels, and frames a second."""

    source: str = Field(default="0", min_length=1)
    width: int = Field(default=1920, ge=160, le=7680)
    height: int = Field(default=1080, ge=120, le=4320)
    fps: float = Field(default=15.0, gt=0, le=60)
    loop: bool = False


class ReaderSettings(_Table):
    """``[reader]``: readers that type (``wedge``), and one on a ``serial`` line, say ``/dev/ttyUSB0``, at ``baud``."""

    wedge: bool = True
    serial: str = Field(default="", max_length=200)
    baud: int = Field(default=9600, ge=300, le=4_000_000)


class LegacySettings(_Table):
    """``[[certificates.legacy]]``: an older format that this station reads besides, by the name its records will have.

    ``web_address``: the number stands behind ``prefix``; ``checked_number``: it has ``length`` digits, the last its
    check digit. Both only where the number is in the directory.
    """

    name: str = Field(pattern="^[a-z][a-z0-9_-]{0,31}$")
    kind: Literal["web_address", "checked_number"]
    prefix: str = Field(default="", max_length=200)
    length: int = Field(default=0, ge=0, le=20)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.kind == "web_address" and not self.prefix.startswith(("http://", "https://")):
            raise ValueError('a web_address needs its prefix, say "https://old.example/v?id="')
        if self.kind == "checked_number" and self.length < SHORTEST_NUMBER:
            raise ValueError(f"a checked_number needs its length, from {SHORTEST_NUMBER} digits")
        if self.name in RESERVED_FORMATS:
            raise ValueError("this name means something else in the records")
        return self

    def legacy_format(self) -> LegacyFormat:
        """Return the same format as the plug-in's value."""
        if self.kind == "web_address":
            return web_address(self.name, self.prefix)
        return checked_number(self.name, self.length)


class CertificateSettings(_Table):
    """``[certificates]``: which are enough here (``card``, ``card_and_captain``, ``dynamic``), and older formats."""

    accepts: Accepts = Accepts.CARD
    legacy: tuple[LegacySettings, ...] = ()

    def rules(self) -> CertificateRules:
        """Return the same rules as the use case's value."""
        return CertificateRules(self.accepts, tuple(each.legacy_format() for each in self.legacy))


class DutySettings(_Table):
    """``[duty]``: the limits of ``kiosk.domain.policy.DutyPolicy``; ``closes_at = "never"`` for no closing time."""

    just_started_s: Seconds = _DEFAULT.just_started_s
    undo_s: Seconds = _DEFAULT.undo_s
    card_s: Seconds = _DEFAULT.card_s
    refusal_s: Seconds = _DEFAULT.refusal_s
    confirm_s: Seconds = _DEFAULT.confirm_s
    holdoff_s: Seconds = _DEFAULT.holdoff_s
    cap_min: Annotated[int, Field(ge=1, le=24 * 60)] = _DEFAULT.cap_min
    closes_at: time | Literal["never"] = time(22, 0)
    grace_min: Minutes = _DEFAULT.grace_min
    early_min: Minutes = _DEFAULT.early_min
    on_time_min: Minutes = _DEFAULT.on_time_min
    records_fresh_s: Seconds = _DEFAULT.records_fresh_s
    face_after_scan_s: Seconds = _DEFAULT.face_after_scan_s
    face_apart_s: Seconds = _DEFAULT.face_apart_s
    face_burst: Annotated[int, Field(ge=1, le=1000)] = _DEFAULT.face_burst
    face_burst_s: Seconds = _DEFAULT.face_burst_s
    minors_from: time = _DEFAULT.minors_from
    minors_until: time = _DEFAULT.minors_until
    minors_grace_min: Minutes = _DEFAULT.minors_grace_min
    answer_s: Seconds = _DEFAULT.answer_s
    group_idle_min: Annotated[int, Field(ge=1, le=24 * 60)] = _DEFAULT.group_idle_min
    drill_min: Annotated[int, Field(ge=1, le=24 * 60)] = _DEFAULT.drill_min

    @field_validator("minors_from", "minors_until")
    @classmethod
    def _has_no_zone(cls, value: time) -> time:
        if value.tzinfo is not None:
            raise ValueError('write a local time, say "20:00"')
        return value

    @model_validator(mode="after")
    def _minors_have_a_day(self) -> Self:
        if self.minors_from >= self.minors_until:
            raise ValueError("minors_from must be before minors_until")
        return self

    @field_validator("closes_at", mode="before")
    @classmethod
    def _is_local(cls, value: object) -> object:
        try:
            local = time.fromisoformat(value) if isinstance(value, str) and value != "never" else value
        except ValueError:
            local = None
        if local != "never" and not (isinstance(local, time) and local.tzinfo is None):
            raise ValueError('write a local time, say "22:00", or "never"')
        return local

    def policy(self) -> DutyPolicy:
        """Return the same limits as the domain's value."""
        closes_at = self.closes_at if isinstance(self.closes_at, time) else None
        return DutyPolicy(**{**self.model_dump(), "closes_at": closes_at})


class PrivacySettings(_Table):
    """``[privacy]``: after how many days without a duty a person's name is removed from this device; 0: never."""

    forget_after_days: int = Field(default=365, ge=0, le=36_500)


class ScreenSettings(_Table):
    """``[screen]``: window size in pixels, its density, and how it stands."""

    width: int = Field(default=1280, ge=480, le=7680)
    height: int = Field(default=800, ge=480, le=7680)
    fullscreen: bool = False
    pixels_per_mm: float = Field(default=4.2, ge=1, le=40)
    high_contrast: bool = False


class SoundSettings(_Table):
    """``[sound]``: volume from 0 (silent) to 1."""

    volume: float = Field(default=0.8, ge=0, le=1)


class KioskSettings(Configuration):
    """All settings of one kiosk, by table."""

    model_config = SettingsConfigDict(env_prefix="KIOSK_")

    device: DeviceSettings = DeviceSettings()
    station: StationSettings = StationSettings()
    camera: CameraSettings = CameraSettings()
    reader: ReaderSettings = ReaderSettings()
    certificates: CertificateSettings = CertificateSettings()
    duty: DutySettings = DutySettings()
    privacy: PrivacySettings = PrivacySettings()
    screen: ScreenSettings = ScreenSettings()
    sound: SoundSettings = SoundSettings()
