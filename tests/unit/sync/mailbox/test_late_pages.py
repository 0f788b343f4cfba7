"""A page that comes late, when another was kept meanwhile, is not kept over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.mailbox import inbox
from sync.mailbox.engine import open_engine, reading, writing
from sync.mailbox.inbox import UnfitPageError
from sync.protocol.changes import ChangesPage, Scope
from tests.support.station import empty_device_file


def page(after: str | None, cursor: str) -> ChangesPage:
    return ChangesPage("device-1", Scope.STATION, after, [], [], cursor, True, 1, 0, "epoch-1")


def test_a_page_that_answers_a_question_of_before_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "device.sqlite"
    file.write_bytes(empty_device_file())
    engine = open_engine(file)
    for each in (page(None, "c1"), page("c1", "c2")):
        with writing(engine) as connection:
            inbox.keep(connection, each, None)
    with pytest.raises(UnfitPageError, match="not open any more"), writing(engine) as connection:
        inbox.keep(connection, page("c1", "c2"), None)
    with reading(engine) as connection:
        assert inbox.asked(connection, Scope.STATION).after == "c2"
    engine.dispose()
