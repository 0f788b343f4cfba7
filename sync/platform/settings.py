"""The platform's settings: a TOML file, then ``SYNC_PLATFORM_…`` variables, validated whole, each fault with its place.

Upstream: pydantic-settings; the environment is read here and nowhere else.
Downstream: the commands hand its values on as arguments.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from sync.platform.errors import SettingsError

PREFIX = "SYNC_PLATFORM_"
DATABASES = ("sqlite://", "sqlite+", "postgresql://", "postgresql+")
DEFAULT = ""  # what follows from data_dir
SECRET = frozenset({"database"})  # a URL may hold a password, and faults are printed


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


class Settings(BaseSettings):
    """All settings of the platform.

    Attributes:
        data_dir: where the database and the keys are by default: the file's folder, else platform-data where one is.
            Relative paths stand beside the file.
        database: SQLAlchemy URL; default is platform.sqlite in data_dir.
        host, port: where the server listens; port 0 takes a free one.
        keys_dir: folder of root.seed and issuer.seed; default is keys in data_dir.
        region: the region code of the certificates issued here (GB/T 2260).
        language: of receipts, and of the console until a reader chooses the other.
        time_zone: local dates and times on pages, IANA name.
        console_remote: whether other machines may open the console, which has no sign-in yet.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data_dir: Path = Path("platform-data")
    database: Annotated[str, AfterValidator(_database_url)] = DEFAULT
    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8420
    keys_dir: Path = Path()
    region: Annotated[str, Field(pattern=r"^\d{6,12}$")] = "410302"
    language: Literal["zh_CN", "en"] = "zh_CN"
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    console_remote: bool = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Variables stand over the file's values, which arrive as arguments; nothing else is read."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


def load_settings(path: Path | None = None) -> Settings:
    """Return the settings of a TOML file (or of the defaults) and the environment.

    Raises:
        SettingsError: listing every fault with its place: file and key, or variable.
    """
    written = _read(path)
    faults = _unknown_variables()
    settings = None
    try:
        settings = Settings(**written)
    except ValidationError as error:
        faults += tuple(_fault(dict(fault), path) for fault in error.errors())
    if settings is None or faults:
        raise SettingsError(faults)
    return _complete(settings, path)


def _read(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError((f"{path}: cannot be read: {error.strerror}. Name another file with --config.",)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError((f"{path}: not TOML: {error}. Put that line right.",)) from error


def _unknown_variables() -> tuple[str, ...]:
    given = sorted(name for name in os.environ if name.upper().startswith(PREFIX))
    unknown = (name for name in given if name.upper().removeprefix(PREFIX).lower() not in Settings.model_fields)
    return tuple(f"variable {name}: no such setting. Unset it; there are: {_names()}." for name in unknown)


def _fault(fault: dict[str, Any], path: Path | None) -> str:
    key = ".".join(str(part) for part in fault["loc"])
    variable = next((name for name in os.environ if name.upper() == f"{PREFIX}{key}".upper()), None)
    place = f"variable {variable}" if variable else f"{path or 'settings'}: {key}"
    if fault["type"] == "extra_forbidden":
        return f"{place}: no such setting. Take it out; there are: {_names()}."
    given = "" if key in SECRET else f" Given: {fault['input']!r}."
    return f"{place}: {fault['msg']}.{given}"


def _names() -> str:
    return ", ".join(Settings.model_fields)


def _complete(settings: Settings, path: Path | None) -> Settings:
    """Place relative paths beside the file, and fill in what follows from data_dir."""
    folder = path.parent.absolute() if path else Path.cwd()
    own = path is not None and "data_dir" not in settings.model_fields_set
    data_dir = folder if own else folder / settings.data_dir
    keys_dir = folder / settings.keys_dir if "keys_dir" in settings.model_fields_set else data_dir / "keys"
    database = settings.database or f"sqlite:///{data_dir / 'platform.sqlite'}"
    return settings.model_copy(update={"data_dir": data_dir, "keys_dir": keys_dir, "database": database})
