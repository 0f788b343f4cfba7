""".kv files hold layout: no words, no decisions, no reach into the app, and no more than a screenful or three."""

import re

import pytest

from tests.guards import tree

MOST_LINES = 120
TEXT_PROPERTY = re.compile(r"^\s*(?:text|hint_text)\s*:(?P<value>.*)$")
KEY = re.compile(r"""\[(['"])[\w-]+\1\]""")  # icons["tea"] names, it does not speak


def faults(kv: str) -> list[str]:
    """What is wrong with a .kv text, one line each."""
    lines = kv.splitlines()
    found = [f"{len(lines)} lines, at most {MOST_LINES}"] if len(lines) > MOST_LINES else []
    for number, raw in enumerate(lines, start=1):
        line = raw.split("#", 1)[0] if raw.lstrip().startswith("#") else raw
        text = TEXT_PROPERTY.match(line)
        if text and re.search("['\"]", KEY.sub("", text["value"])):
            found.append(f"line {number}: literal text; every word comes from the catalogue")
        if re.search(r"\bif\b", line):
            found.append(f"line {number}: a condition; the presenter decides")
        if re.search(r"\bapp\.", line):
            found.append(f"line {number}: app.; a widget knows only its own view state")
    return found


def test_every_kv_is_layout_alone() -> None:
    texts = tree.texts()
    assert [f"{path}: {fault}" for path in texts if path.suffix == ".kv" for fault in faults(texts[path])] == []


@pytest.mark.parametrize(
    "line",
    [
        "    text: '上岗'",
        '    hint_text: "name"',
        '    text: f"{root.name}"',
        "    opacity: 1 if root.shown else 0",
        "    on_release: app.stop()",
        "\n" * MOST_LINES + "Label:",
    ],
)
def test_each_fault_is_seen(line: str) -> None:
    assert len(faults(line)) == 1


def test_a_good_rule_passes() -> None:
    assert faults("<Card>:\n    # if it is shown\n    text: root.icons['tea']\n    font_size: dp(28)\n") == []
