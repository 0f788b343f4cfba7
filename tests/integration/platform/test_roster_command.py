"""The roster's command as a keeper runs it: hours, special days, templates, profiles, usual times, the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import click.testing
import pytest

from sync.platform.__main__ import main
from sync.platform.records import Volunteer
from sync.platform.store import Database
from tests.integration.platform.emptied import POINT, SQLITE
from tests.support.rosters import NUMBERS

Run = Callable[..., str]
SUNDAY = 6
YEAR = datetime.now(UTC).year + 1  # its posts lie ahead, whenever this runs


@pytest.fixture
def stored_in() -> str:
    return SQLITE


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> Run:
    """Run a command of the roster over a point and a volunteer; a refusal ends with its sentence."""
    database = Database.open(database_url)
    with database.writing("registry") as unit:
        unit.registry.add_service_point(POINT)
        unit.registry.add_volunteers([Volunteer(NUMBERS[0], "张三", None, 0), Volunteer(NUMBERS[1], "李四", None, 0)])
    database.close()
    config = tmp_path / "platform.toml"
    config.write_text('region = "410302"\n', "utf-8")

    def run(*words: str, code: int = 0) -> str:
        asked = ["roster", *words, "--config", str(config), "--database", database_url]
        result = click.testing.CliRunner().invoke(main, asked)
        assert result.exit_code == code, result.output
        return result.output

    return run


def test_posts_are_made_of_templates_within_the_hours(run: Run) -> None:
    assert "sun=08:00-18:00" in run("hours", POINT.name)
    run("hours", POINT.id, "mon-fri=08:00-12:00,14:00-18:00", "sat=09:00-12:00")
    assert "sat=09:00-12:00" in run("hours", POINT.id)
    run("special", POINT.id, f"{YEAR}-12-05", "--label", "国际志愿者日", "--hours", "09:00-17:00")
    run("special", "*", f"{YEAR}-12-06", "--label", "修整")
    listed = run("specials", "--from", f"{YEAR}-12-01", "--until", f"{YEAR}-12-31")
    assert ("09:00-17:00" in listed, "closed" in listed) == (True, True)
    run("special", "*", f"{YEAR}-12-06", "--remove")
    asked = ("--service", "directions", "--hours", "09:00-12:00", "--weekdays", "mon-sun", "--needed", "2")
    template = run("template", "add", POINT.id, "上午", *asked).strip()
    assert template in run("template", "list")
    made = run("make", POINT.id, "--from", f"{YEAR}-12-01", "--until", f"{YEAR}-12-14")
    open_days = 13 if date(YEAR, 12, 5).weekday() == SUNDAY else 12  # Sundays are closed, but for that special one
    assert f"Made: {open_days}" in made
    assert "Not within opening hours" in made
    assert "Made: 0" in run("make", POINT.id, "--from", f"{YEAR}-12-01", "--until", f"{YEAR}-12-14")
    run("template", "end", template)
    assert template not in run("template", "list")
    assert "template" in run("log", "--service-point", POINT.name)


def test_what_a_volunteer_brings_is_set_and_shown(run: Run) -> None:
    number = NUMBERS[0]
    run(
        "profile",
        "set",
        number,
        "--team",
        "党员",
        "--skill",
        "英语",
        "--prefers",
        POINT.name,
        "--mate",
        NUMBERS[1],
        "--guide",
    )
    run("availability", number, "mon-fri=18:00-20:00", "sat,sun=08:00-12:00")
    shown = run("profile", "show", number)
    for words in ("党员", "英语", POINT.id, NUMBERS[1], "guide: 是", "sat,sun=08:00-12:00"):
        assert words in shown
    assert "can come: —" in run("availability", number, "--never")
    run("place", POINT.id, "--host-unit", "公园管理处", "--address", "东门右手边")
    assert "公园管理处" not in run("log", "--limit", "1"), "new: what it is stands in the row itself"


@pytest.mark.parametrize(
    "words",
    [
        ("hours", "nowhere"),
        ("hours", POINT.id, "someday=08:00-12:00"),
        ("hours", POINT.id, "mon=8-12"),
        ("hours", POINT.id, "mon"),
        ("hours", POINT.id, "mon=08:00-12:00,11:00-13:00"),
        ("special", POINT.id, "2027-12-05"),
        ("template", "add", POINT.id, "x", "--service", "directions", "--hours", "09:00-12:00"),
        ("template", "end", "none"),
        ("profile", "set", NUMBERS[0], "--most-a-week", "99"),
        ("profile", "set", "nobody", "--guide"),
        ("availability", NUMBERS[0], "mon=12:00-12:00"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_exit_code_two(run: Run, words: tuple[str, ...]) -> None:
    assert "Error:" in run(*words, code=2)
