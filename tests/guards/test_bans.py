"""The lint's bans work: clock, chance, environment and patched doubles are refused outside their homes."""

import pytest

from tests.guards import tree

BANNED = [
    "datetime.date.today()",
    "datetime.datetime.now(datetime.UTC)",
    "datetime.datetime.today()",
    "datetime.datetime.utcnow()",
    "os.environ['X']",
    "os.getenv('X')",
    "os.urandom(8)",
    "random.random()",
    "secrets.token_bytes(8)",
    "time.clock_gettime(7)",
    "time.clock_gettime_ns(7)",
    "time.monotonic()",
    "time.monotonic_ns()",
    "time.time()",
    "time.time_ns()",
    "unittest.mock.Mock()",
    "uuid.uuid1()",
    "uuid.uuid4()",
]
HOMES = [
    "kiosk/timekeeping/system.py",
    "kiosk/composition.py",
    "kiosk/settings.py",
    "sync/agent/settings.py",
    "sync/platform/__main__.py",
]


def refusals(use: str, at: str) -> int:
    """How often the lint refuses a module that stands there and holds this use."""
    imported = "unittest.mock" if use.startswith("unittest") else use.partition(".")[0]
    command = [str(tree.BIN / "ruff"), "check", "--select", "TID251", "--output-format", "concise"]
    source = f'"""A module."""\n\nimport {imported}\n\nVALUE = {use}\n'
    return tree.run([*command, "--stdin-filename", at, "-"], cwd=tree.ROOT, stdin=source).stdout.count(" TID251 ")


@pytest.mark.parametrize("use", BANNED)
def test_refused_in_the_domain(use: str) -> None:
    assert refusals(use, "kiosk/domain/offence.py") >= 1


@pytest.mark.parametrize("home", HOMES)
def test_taken_at_home(home: str) -> None:
    assert refusals("time.time()", home) == 0


def test_every_ban_is_tried() -> None:
    bans = tree.pyproject()["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]
    assert [ban for ban in bans if not any(use.startswith(ban) for use in BANNED)] == []
