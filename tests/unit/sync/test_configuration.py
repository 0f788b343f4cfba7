"""Every fault of the settings is listed at once, each with its place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import SettingsConfigDict

from sync.configuration import UNPRINTED, Configuration, ConfigurationError

UNKNOWN = "there is no such setting; there are: name, seconds, must, screen, database"


class Screen(BaseModel):
    model_config = ConfigDict(extra="forbid")

    width: Annotated[int, Field(ge=480)] = 1280
    title: str = "x"


class Example(Configuration):
    model_config = SettingsConfigDict(env_prefix="LYZTEST_")

    name: str = "default"
    seconds: Annotated[float, Field(gt=0)] = 2.0
    must: int
    screen: Screen = Screen()
    database: Annotated[str, Field(pattern="^sqlite:"), UNPRINTED] = "sqlite:"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that holds none of our variables, and afterwards is as it was."""
    for name in [name for name in os.environ if name.startswith("LYZTEST_")]:  # noqa: TID251 - the very thing tested
        monkeypatch.delenv(name)
    return monkeypatch


def toml(folder: Path, text: str) -> Path:
    file = folder / "example.toml"
    file.write_text(text, encoding="utf-8")
    return file


def faults(file: Path | None = None) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        Example.load(file)
    assert str(caught.value) == "\n".join(caught.value.faults)
    return caught.value.faults


def test_the_environment_wins_over_the_file_and_arguments_over_both(
    tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    file = toml(tmp_path, 'name = "file"\nmust = 1\nseconds = 7\n[screen]\nwidth = 600\ntitle = "file"')
    environment.setenv("LYZTEST_NAME", "environment")
    environment.setenv("LYZTEST_SCREEN__TITLE", "环境")
    environment.setenv("LYZTEST_MUST", "2")
    loaded = Example.load(file, must=3)
    assert (loaded.name, loaded.seconds, loaded.must) == ("environment", 7, 3)
    assert (loaded.screen.width, loaded.screen.title) == (600, "环境")


def test_without_a_file_the_defaults_stand() -> None:
    assert Example.load(None, must=1).name == "default"


def test_every_fault_is_listed_with_its_place(tmp_path: Path, environment: pytest.MonkeyPatch) -> None:
    file = toml(tmp_path, 'must = "many"\nsecods = 3\n[screen]\nwidth = 20\ntilte = "x"')
    environment.setenv("LYZTEST_SECONDS", "-1")
    environment.setenv("LYZTEST_SCREN", "x")
    environment.setenv("LYZTEST_SCREEN__HEIGHT", "9")
    found = faults(file)
    for part in (
        f"{file}: must: ",
        f"{file}: secods: {UNKNOWN}",
        f"{file}: [screen] width: ",
        f"{file}: [screen] tilte: ",
        "environment variable LYZTEST_SECONDS: ",
        "environment variable LYZTEST_SCREN: there is no such setting",
        "environment variable LYZTEST_SCREEN__HEIGHT: ",
    ):
        assert [fault for fault in found if fault.startswith(part)], (part, found)
    assert len(found) == 7
    assert any("found: 'many'" in fault for fault in found)


def test_what_is_missing_is_named_without_a_value() -> None:
    assert faults() == ["must (environment variable LYZTEST_MUST): Field required"]


def test_an_unknown_variable_alone_is_a_fault(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("LYZTEST_MUST", "1")
    environment.setenv("LYZTEST_NMAE", "x")
    assert faults() == [f"environment variable LYZTEST_NMAE: {UNKNOWN}"]


def test_the_variable_that_names_the_file_is_none_of_the_settings(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("LYZTEST_CONFIG", "/somewhere.toml")
    assert Example.load(None, must=1).must == 1


def test_a_secret_is_printed_by_no_fault(tmp_path: Path, environment: pytest.MonkeyPatch) -> None:
    (fault,) = faults(toml(tmp_path, 'must = 1\ndatabase = "mysql://u:hunter2@h/d"'))
    assert fault.startswith(f"{tmp_path / 'example.toml'}: database: ")
    environment.setenv("LYZTEST_MUST", "1")
    environment.setenv("LYZTEST_DATABASE", "mysql://u:hunter2@h/d")
    assert "hunter2" not in "".join(faults())


def test_a_table_that_is_not_json_is_a_fault_and_others_are_listed_beside(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("LYZTEST_SCREEN", "{width:")
    environment.setenv("LYZTEST_NMAE", "x")
    assert sorted(faults()) == [
        f"environment variable LYZTEST_NMAE: {UNKNOWN}",
        "environment variable LYZTEST_SCREEN: not JSON (found: '{width:')",
    ]


def test_a_table_may_be_given_as_json(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("LYZTEST_SCREEN", '{"width": 999}')
    assert Example.load(None, must=1).screen.width == 999


@pytest.mark.parametrize(
    ("content", "what"), [(b"must = ", "not TOML"), (b"\xff\xfe", "not TOML"), (b"must = 1\nmust = 2", "not TOML")]
)
def test_a_file_that_is_not_toml_is_one_fault(tmp_path: Path, content: bytes, what: str) -> None:
    file = tmp_path / "example.toml"
    file.write_bytes(content)
    found = faults(file)
    assert len(found) == 1
    assert found[0].startswith(f"{file}: {what}")


def test_a_missing_file_and_a_folder_are_one_fault(tmp_path: Path) -> None:
    assert faults(tmp_path / "none.toml") == [f"{tmp_path / 'none.toml'}: cannot be read (No such file or directory)"]
    assert faults(tmp_path) == [f"{tmp_path}: cannot be read (Is a directory)"]
