"""Settings: file, then environment; every fault is listed with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.configuration import ConfigurationError
from sync.platform.settings import Settings


def written(folder: Path, text: str) -> Path:
    path = folder / "platform.toml"
    path.write_text(text, "utf-8")
    return path


def test_defaults_stand_beside_the_file(tmp_path: Path) -> None:
    settings = Settings.load(written(tmp_path, ""))
    assert settings.database == f"sqlite:///{tmp_path}/platform.sqlite"
    assert settings.keys_dir == tmp_path / "keys"
    assert (settings.host, settings.language, settings.time_zone) == ("127.0.0.1", "zh_CN", "Asia/Shanghai")
    assert not settings.console_remote


def test_without_a_file_they_stand_in_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings.load(None).database == f"sqlite:///{tmp_path}/platform-data/platform.sqlite"


def test_relative_folders_stand_beside_the_file(tmp_path: Path) -> None:
    settings = Settings.load(written(tmp_path, 'data_dir = "data"\nkeys_dir = "secret"\n'))
    assert settings.database == f"sqlite:///{tmp_path}/data/platform.sqlite"
    assert settings.keys_dir == tmp_path / "secret"


def test_the_emblem_stands_beside_the_file(tmp_path: Path) -> None:
    assert Settings.load(written(tmp_path, 'emblem = "emblem.png"')).emblem == tmp_path / "emblem.png"


def test_a_variable_stands_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNC_PLATFORM_PORT", "9000")
    assert Settings.load(written(tmp_path, "port = 8000")).port == 9000


def test_every_fault_is_listed_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNC_PLATFORM_PORT", "eighty")
    monkeypatch.setenv("SYNC_PLATFORM_COLOUR", "red")
    text = 'language = "fr"\ntime_zone = "Luoyang"\nregion = "x"\nhots = "here"\ndatabase = "mysql://u:secret@h/d"\n'
    path = written(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        Settings.load(path)
    faults = caught.value.faults
    assert len(faults) == 7
    for place in ("language", "time_zone", "region", "hots", "database"):
        assert any(fault.startswith(f"{path}: {place}: ") for fault in faults), place
    assert any(fault.startswith("environment variable SYNC_PLATFORM_PORT: ") for fault in faults)
    assert any(
        fault.startswith("environment variable SYNC_PLATFORM_COLOUR: there is no such setting") for fault in faults
    )
    assert "secret" not in str(caught.value)


def test_a_file_that_is_missing_or_not_toml_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Settings.load(tmp_path / "nothing.toml")
    with pytest.raises(ConfigurationError, match="not TOML"):
        Settings.load(written(tmp_path, "port = "))
