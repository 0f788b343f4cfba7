"""Booths, agents, a platform of two workers and PostgreSQL as processes that are killed, with a faulty network between.

`make faults` does it for two minutes and with every seed that is asked for.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.process_run.judge import judge
from tests.process_run.town import town_in

SUFFERING_S, PAUSE_S, HEALING_S = 6.0, (0.4, 1.2), 90.0


@pytest.mark.alone
@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_town_whose_processes_are_killed_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    with town_in(tmp_path, seed=3) as town:
        town.suffer(SUFFERING_S, PAUSE_S)
        town.heal(HEALING_S, hurry=True)
        town.stop()
        verdict = judge(town)
    assert verdict.is_good, verdict
    assert verdict.forks == 0, "no card was copied"
    assert not any(each.ends for each in (*town.writers, *town.agents)), town.last_words()
    assert town.cluster.restarts == 1
    assert town.proxy.counts.total() > 20
