"""What came of every promise, as a table for people and as JSON for programs.

Upstream: ``running``, rich.
Downstream: the ``conformance`` command.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sync.platform.conformance.running import Finding, Outcome

MARKS = {Outcome.KEPT: "守 kept", Outcome.BROKEN: "破 BROKEN", Outcome.UNTRIED: "未试 untried"}
STYLES = {Outcome.KEPT: "green", Outcome.BROKEN: "bold red", Outcome.UNTRIED: "yellow"}
COLUMNS = 118


def as_table(findings: Sequence[Finding]) -> str:
    """Return the findings as a table with their sum below."""
    table = Table("承诺 promise", "结果", "说明 why", expand=True)
    for each in findings:
        named = f"{each.promise.chinese}\n{each.promise.english}"
        table.add_row(Text(named), Text(MARKS[each.outcome], style=STYLES[each.outcome]), Text(each.why))
    counts = Counter(each.outcome for each in findings)
    total = ", ".join(f"{MARKS[outcome]} {counts[outcome]}" for outcome in Outcome)
    console = Console(file=io.StringIO(), width=COLUMNS)
    with console.capture() as written:
        console.print(table)
        console.print(total)
    return written.get()


def as_json(findings: Sequence[Finding]) -> str:
    """Return the findings as JSON: id, outcome, both names, and why."""
    told = [
        {
            "promise": each.promise.id,
            "outcome": each.outcome.value,
            "zh": each.promise.chinese,
            "en": each.promise.english,
            "why": each.why,
        }
        for each in findings
    ]
    return msgspec.json.format(msgspec.json.encode(told)).decode() + "\n"
