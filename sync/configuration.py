"""Settings from a TOML file, then the environment: checked whole, with every fault named by its place.

Upstream: pydantic-settings.
Downstream: ``kiosk.settings``, ``sync.agent.settings``, ``sync.platform.settings``.
"""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydantic_core import ErrorDetails
    from pydantic_settings import PydanticBaseSettingsSource


UNPRINTED: Final = "unprinted"  # marks a field, as Annotated[str, UNPRINTED], whose value no fault may print
NAMES_THE_FILE = "_config"  # variables such as KIOSK_CONFIG belong to the command line


class ConfigurationError(Exception):
    """Some settings are wrong.

    Attributes:
        faults: one sentence each: where, what is wrong, what stands there.
    """

    def __init__(self, faults: list[str]) -> None:
        """Keep every fault; the message lists them one a line."""
        super().__init__("\n".join(faults))
        self.faults = faults


class Configuration(BaseSettings):
    """Base of the three programs' settings; a field's environment variable wins over the file.

    Nested fields are written ``[table] key`` in the file and ``PREFIX_TABLE__KEY`` in the environment.
    """

    model_config = SettingsConfigDict(env_nested_delimiter="__", extra="forbid", frozen=True)
    toml: ClassVar[Path | None] = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take arguments of the command line first, then the environment, then the file."""
        if cls.toml is None:
            return init_settings, env_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, cls.toml)

    @classmethod
    def load(cls, file: Path | None, **arguments: Any) -> Self:
        """Return the settings of ``file`` (None: the environment alone), overridden by ``arguments``.

        Raises:
            ConfigurationError: with all faults at once.
        """
        bound: type[Self] = type(cls.__name__, (cls,), {"toml": file, "__module__": cls.__module__})
        if file is not None:
            _check_readable(file)
        environment = EnvSettingsSource(bound)
        faults = list(_faults_of_variables(environment))
        try:
            settings = bound(**arguments)
        except ValidationError as error:
            faults += [_fault(each, file, environment) for each in error.errors()]
            raise ConfigurationError(faults) from error
        except SettingsError as error:
            raise ConfigurationError(faults or [str(error)]) from error
        if faults:
            raise ConfigurationError(faults)
        return settings


def _check_readable(file: Path) -> None:
    try:
        tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError([f"{file}: cannot be read ({error.strerror})"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError([f"{file}: not TOML: {error}"]) from error


def _faults_of_variables(environment: EnvSettingsSource) -> Iterator[str]:
    """Name variables with our prefix that no setting has, and whole tables that are not JSON."""
    fields = environment.settings_cls.model_fields
    prefix = str(environment.env_prefix).lower()
    for name, value in environment.env_vars.items():
        key = name.removeprefix(prefix).partition("__")[0]
        if not name.startswith(prefix) or name.endswith(NAMES_THE_FILE):
            continue
        if key not in fields:
            yield f"environment variable {name.upper()}: {_unknown(environment)}"
        elif name == prefix + key and environment.field_is_complex(fields[key]) and not _is_json(value):
            yield f"environment variable {name.upper()}: not JSON{_found(value, key, environment)}"


def _is_json(value: str | None) -> bool:
    try:
        json.loads(value or "")
    except ValueError:
        return False
    return True


def _fault(error: ErrorDetails, file: Path | None, environment: EnvSettingsSource) -> str:
    place = [str(part) for part in error["loc"]]
    variable = (str(environment.env_prefix) + "__".join(place)).upper()
    given = environment.env_vars.get(variable.lower())
    if given is not None:
        where = f"environment variable {variable}"
    elif file is not None:
        where = f"{file}: " + " ".join(_in_file(place))
    else:
        where = f"{'.'.join(place)} (environment variable {variable})"
    if error["type"] == "missing":
        return f"{where}: {error['msg']}"
    if error["type"] == "extra_forbidden" and not place[1:]:
        return f"{where}: {_unknown(environment)}"
    return f"{where}: {error['msg']}{_found(error['input'], place[0], environment)}"


def _unknown(environment: EnvSettingsSource) -> str:
    return f"there is no such setting; there are: {', '.join(environment.settings_cls.model_fields)}"


def _found(value: object, key: str, environment: EnvSettingsSource) -> str:
    """Say what stands there, but for a secret: faults are printed and logged."""
    field = environment.settings_cls.model_fields.get(key)
    return "" if field is not None and UNPRINTED in field.metadata else f" (found: {value!r})"


def _in_file(place: list[str]) -> Iterator[str]:
    if place[:-1]:
        yield f"[{'.'.join(place[:-1])}]"
    yield from place[-1:]
