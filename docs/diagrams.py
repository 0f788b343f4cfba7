"""Draws the diagrams of docs/ARCHITECTURE.md from the tables that drive the code.

    make docs

``tests/guards/test_diagrams.py`` holds the page equal to what this draws.
"""

from __future__ import annotations

import re
from pathlib import Path

from kiosk.domain.duty_session import DEEDS
from kiosk.presenter.navigation import TABLE, Screen
from sync.protocol.sessions import TRANSITIONS

PAGE = Path(__file__).parent / "ARCHITECTURE.md"
BLOCK = "<!-- {name} -->\n```mermaid\n{body}\n```\n<!-- end {name} -->"


def session_states() -> str:
    """Return the states of a duty session, from ``sync.protocol.sessions.TRANSITIONS``."""
    lines = ["stateDiagram-v2"]
    for (state, kind), following in TRANSITIONS.items():
        lines.append(f"    {state.value if state else '[*]'} --> {following.value}: {kind}")
    return "\n".join(lines)


def deeds_of_a_scan() -> str:
    """Return what a scan does in every situation, from ``kiosk.domain.duty_session.DEEDS``."""
    lines = ["flowchart LR", "    scan((scan))"]
    lines += [
        f"    scan -- {situation.value} --> deed_{deed.value}([{deed.value}])" for situation, deed in DEEDS.items()
    ]
    return "\n".join(lines)


def screens() -> str:
    """Return which screen follows the idle one and comes back, from ``kiosk.presenter.navigation.TABLE``."""
    lines = ["stateDiagram-v2", "    [*] --> idle"]
    for (screen, cue), following in TABLE.items():
        leaves_idle = screen is Screen.IDLE and following is not Screen.IDLE
        returns = screen is not Screen.IDLE and following is Screen.IDLE
        if leaves_idle or returns:
            lines.append(f"    {screen.value} --> {following.value}: {cue.value}")
    return "\n".join(lines)


DIAGRAMS = {"session states": session_states, "deeds of a scan": deeds_of_a_scan, "screens": screens}


def with_diagrams(page: str) -> str:
    """Return the page with every diagram between its marks drawn anew."""
    for name, draw in DIAGRAMS.items():
        block = BLOCK.format(name=name, body=draw())
        page = re.sub(rf"<!-- {name} -->.*?<!-- end {name} -->", lambda _, block=block: block, page, flags=re.DOTALL)
    return page


if __name__ == "__main__":
    PAGE.write_text(with_diagrams(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
