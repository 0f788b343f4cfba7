"""The README's two commands stand first in it, and do what they promise when run as written.

*Upstream*: README.md, Makefile. *Downstream*: none.

`make test` cannot run itself whole: with DUTY_TEST_STATIC set it stops after its static steps. So the inner run here
proves that the command as written sets up, starts the steps and sums them up; the tests are the outer run itself.
"""

import re

import pytest

from tests.guards import tree

FENCED = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r"^([a-z]+):.*## ", re.MULTILINE)

# A person's shell, not this one: no screen, none of the outer make's own variables.
AS_A_PERSON = ["env", "-u", "DISPLAY", "-u", "WAYLAND_DISPLAY", "-u", "MAKEFLAGS", "-u", "MAKELEVEL", "-u", "MFLAGS"]


def readme() -> str:
    return (tree.ROOT / "README.md").read_text("utf-8")


def commands(text: str) -> list[str]:
    """The lines of the fenced blocks, without prompts and comments."""
    lines = [
        line.split("#", 1)[0].strip().removeprefix("$ ")
        for block in FENCED.findall(text)
        for line in block.splitlines()
    ]
    return [line for line in lines if line]


def test_make_demo_and_make_test_come_first() -> None:
    makes = [command for command in commands(readme()) if command.startswith("make ")]
    assert makes[:2] == ["make demo", "make test"]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_every_make_target_named_exists(name: str) -> None:
    path = tree.ROOT / name
    named = set(re.findall(r"\bmake ([a-z]+)\b", path.read_text("utf-8"))) if path.exists() else set()
    assert named <= set(TARGET.findall((tree.ROOT / "Makefile").read_text("utf-8")))


def test_commands_are_read_from_fences_alone() -> None:
    text = "make up\n```sh\n$ make demo   # shows it\n\nmake test\n```\nmake clean\n"
    assert commands(text) == ["make demo", "make test"]


@pytest.mark.paired
@pytest.mark.slow
@pytest.mark.timeout(420)
def test_make_demo_as_written() -> None:
    command = commands(readme())[commands(readme()).index("make demo")]
    result = tree.run([*AS_A_PERSON, *command.split()], cwd=tree.ROOT, timeout_s=400)
    assert result.returncode == 0, (result.stdout + result.stderr)[-4000:]


@pytest.mark.paired
@pytest.mark.slow
@pytest.mark.timeout(240)
def test_make_test_as_written() -> None:
    command = commands(readme())[commands(readme()).index("make test")]
    result = tree.run([*AS_A_PERSON, "DUTY_TEST_STATIC=1", *command.split()], cwd=tree.ROOT, timeout_s=220)
    assert result.returncode == 0, (result.stdout + result.stderr)[-4000:]
    steps = re.findall(r"^==> (.+)$", result.stdout, re.MULTILINE)
    assert steps == ["format", "lint", "types", "import contracts", "dependencies", "summary"]
