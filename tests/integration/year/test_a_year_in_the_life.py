"""A year of a busy booth with bad power, a bad clock and forgetful people adds up to what a notebook says."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest

from sync.protocol.sessions import WIDE_DURATION
from sync.protocol.vocabulary import SessionState
from tests.integration.year.story import REGULARS, Story
from tests.support.station import booth_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAYS = 365


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """A year that was lived."""
    folder: Path = tmp_path_factory.mktemp("year")
    with booth_in(folder) as booth:
        told = Story(booth)
        told.live(DAYS)
        yield told


def test_every_session_counts_what_the_notebook_says(story: Story) -> None:
    off = []
    for session_id, line in story.notebook.lines.items():
        session = story.booth.session(session_id).session
        at_least, at_most = line.sure_minutes, line.minutes
        if not at_least <= session.credited_minutes <= at_most:
            off.append((session, line, at_least, at_most))
    assert off == []
