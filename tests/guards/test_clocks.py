"""Kiosk and agent read one clock for what lasts: the one that counts suspend (clock.md)."""

from __future__ import annotations

import re

from tests.guards.tree import ROOT

ASKED = re.compile(r"time\.CLOCK_(\w+)")
ALLOWED = {"BOOTTIME", "REALTIME"}


def test_no_program_asks_a_clock_that_stops_while_the_machine_sleeps() -> None:
    asked = {
        (str(file.relative_to(ROOT)), clock)
        for room in ("kiosk", "sync")
        for file in (ROOT / room).rglob("*.py")
        for clock in ASKED.findall(file.read_text(encoding="utf-8"))
    }
    assert {clock for _, clock in asked} == ALLOWED
    assert {file for file, _ in asked} == {"kiosk/timekeeping/system.py", "sync/agent/__main__.py"}
