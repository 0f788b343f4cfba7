"""A busy booth with bad power, a bad clock and forgetful people adds up to what a notebook says.

Here some weeks, an outage of a fortnight among them; ``make year`` lives through a whole one. They are lived once and
looked at by one test, because parallel workers would each live them anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sync.protocol.envelope import Position, verify_chain
from sync.protocol.vocabulary import Provenance
from tests.integration.year.recount import Recount, recount
from tests.integration.year.story import Story
from tests.support.station import booth_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAYS = 28


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """Some weeks that were lived."""
    with booth_in(tmp_path) as booth:
        told = Story(booth)
        told.live(DAYS)
        yield told


def test_some_hard_weeks_add_up_to_what_the_notebook_says(story: Story) -> None:
    found = recount(story)
    every_session_counts_what_truly_happened(found)
    every_total_on_the_screen_is_the_sum_of_its_sessions(found)
    the_weeks_were_not_too_kind(story, found)
    the_chain_of_all_that_holds(story)


def every_session_counts_what_truly_happened(found: Recount) -> None:
    assert found.off == []
    assert found.unknown == []
    assert found.exact > 0.95 * found.sessions, "only a power cut within a duty leaves room"


def every_total_on_the_screen_is_the_sum_of_its_sessions(found: Recount) -> None:
    assert found.totals == []
    assert found.months_agree


def the_weeks_were_not_too_kind(story: Story, found: Recount) -> None:
    assert story.cuts > 2
    kinds = {Provenance.TWO_SCANS, Provenance.ONE_SCAN_STATED, Provenance.CORRECTION, Provenance.CAPTAIN_ENTRY}
    assert all(found.minutes[kind] for kind in kinds), found.minutes


def the_chain_of_all_that_holds(story: Story) -> None:
    with story.booth.station.device.ledger.reading() as reading:
        events = list(reading.events())
    verify_chain(events, Position(events[0].stream))
