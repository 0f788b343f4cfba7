"""``kiosk present`` has one line and plain JSON for everything a scan can come to."""

from __future__ import annotations

import json

import pytest

from kiosk.commands.present import Presented, sentence_of
from kiosk.usecases.outcomes import GroupDeed, ScanOutcome
from tests.unit.kiosk.presenter.station import a_board, a_check_in, a_presenter
from tests.unit.kiosk.presenter.test_asking import LAW, asking, asking_elsewhere, scanned

SCANS: list[tuple[ScanOutcome, str, str]] = [
    (asking(), "checked_in", "没有下岗登记"),
    (asking_elsewhere(), "checked_in", "还没有下岗"),
    (scanned(GroupDeed.CAME), "group_scanned", "已上岗"),
    (a_check_in(wants={"directions": LAW}), "checked_in", "培训"),
]


@pytest.mark.parametrize(("outcome", "name", "words"), SCANS)
def test_what_a_scan_came_to_is_printed(outcome: ScanOutcome, name: str, words: str) -> None:
    presenter = a_presenter()
    presenter.board(a_board(), 0.0)
    sentence = sentence_of(presenter.show(outcome, 0.0).view)
    assert words in sentence
    printed = json.loads(json.dumps(Presented(outcome, sentence, 0).as_json()))
    assert printed["outcome"] == name
