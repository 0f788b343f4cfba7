"""The platform's settings: ``platform.toml``, then ``SYNC_PLATFORM_…`` variables.

Upstream: ``sync.configuration``.
Downstream: the commands hand its values on as arguments.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, IPvAnyAddress
from pydantic_settings import SettingsConfigDict

from sync.configuration import UNPRINTED, Configuration

DATABASES = ("sqlite://", "sqlite+", "postgresql://", "postgresql+")
DEFAULT = ""  # what follows from data_dir


def _database_url(url: str) -> str:
    if url != DEFAULT and not url.startswith(DATABASES):
        raise ValueError("write sqlite:////folder/platform.sqlite or postgresql+psycopg://user@host/name")
    return url


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("write a zone of the IANA database, such as Asia/Shanghai") from error
    return name


class Settings(Configuration):
    """All settings of the platform.

    Attributes:
        data_dir: where the database and the keys are by default: the file's folder, else platform-data where one is.
            Relative paths stand beside the file.
        database: SQLAlchemy URL, which may hold a password; default is platform.sqlite in data_dir.
        host, port: where the server listens; port 0 takes a free one.
        log_months: whole months for which the log of answered batches is kept, at least 6 (网络安全法 21).
        workers: processes that answer; more than one needs PostgreSQL.
        keys_dir: folder of root.seed and issuer.seed; default is keys in data_dir.
        tls_cert, tls_key: the server's own certificate and key in PEM (the key's mode 0600); without them it speaks
            plain HTTP, to be put behind a proxy that does not.
        tls_ca: the authority of that certificate in PEM, which devices pin; without it they believe the system's.
        region: the region code of the certificates issued here (GB/T 2260).
        issuing_unit: 发证单位, as cards carry it; a card without it leaves the line out.
        emblem: the official picture's file (PNG or JPEG), if the station has it; it is printed, never drawn.
        public_url: where phones reach this platform, as https://host; default: as the console was asked for.
        language: of receipts, and of the console until a reader chooses the other.
        time_zone: local dates and times on pages, IANA name.
        console_remote: whether other machines may open the console; over HTTPS only.
        console_proxies: addresses of HTTPS proxies on other machines, whose forwarding headers are believed.
        feed_fresh_s: how old what devices are told by the changes feed may be, seconds.
        feed_tombstone_days: how long the feed remembers what is gone; a booth off the network for longer is told all
            anew.
    """

    model_config = SettingsConfigDict(env_prefix="SYNC_PLATFORM_")

    data_dir: Path = Path("platform-data")
    database: Annotated[str, AfterValidator(_database_url), UNPRINTED] = DEFAULT
    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8420
    log_months: Annotated[int, Field(ge=6, le=1200)] = 12  # 网络安全法 21: at least six
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    keys_dir: Path = Path()
    tls_cert: Path | None = None
    tls_key: Path | None = None
    tls_ca: Path | None = None
    region: Annotated[str, Field(pattern=r"^\d{6,12}$")] = "410302"
    issuing_unit: Annotated[str, Field(max_length=40)] = ""
    emblem: Path | None = None
    public_url: Annotated[str, Field(pattern=r"^(https?://[^/]+)?$")] = ""
    language: Literal["zh_CN", "en"] = "zh_CN"
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    console_remote: bool = False
    console_proxies: tuple[IPvAnyAddress, ...] = ()
    feed_fresh_s: Annotated[float, Field(ge=0, le=3600)] = 60.0
    feed_tombstone_days: Annotated[int, Field(ge=60, le=3650)] = 60

    @classmethod
    def load(cls, file: Path | None, **arguments: Any) -> Self:
        """Return the settings with their paths beside the file, and what follows from data_dir filled in.

        Raises:
            ConfigurationError: with all faults at once.
        """
        return super().load(file, **arguments).completed(file)

    def completed(self, file: Path | None) -> Self:
        """Return them with paths beside the file, or in the working folder where there is none."""
        folder = file.parent.absolute() if file else Path.cwd()
        own = file is not None and "data_dir" not in self.model_fields_set
        data_dir = folder if own else folder / self.data_dir
        keys_dir = folder / self.keys_dir if "keys_dir" in self.model_fields_set else data_dir / "keys"
        database = self.database or f"sqlite:///{data_dir / 'platform.sqlite'}"
        optional = ("emblem", "tls_cert", "tls_key", "tls_ca")
        beside = {name: folder / path for name in optional if (path := getattr(self, name)) is not None}
        placed = {"data_dir": data_dir, "keys_dir": keys_dir, "database": database, **beside}
        return self.model_copy(update=placed)
