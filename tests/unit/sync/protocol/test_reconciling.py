"""What is asked and answered of missing events has bounds."""

from __future__ import annotations

import msgspec
import pytest

from sync.protocol.reconciling import MAX_IDS, MissingAnswer, MissingRequest


@pytest.mark.parametrize("ids", [[], [f"e{number}" for number in range(MAX_IDS + 1)], [""], ["x" * 65]])
def test_a_question_out_of_bounds_is_none(ids: list[str]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode({"device": "d", "ids": ids}), type=MissingRequest)


def test_a_full_page_of_ids_is_one_question() -> None:
    ids = [f"{number:036}" for number in range(MAX_IDS)]
    asked = MissingRequest("device", ids)
    assert msgspec.json.decode(msgspec.json.encode(asked), type=MissingRequest) == asked


def test_an_answer_names_what_it_answers() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"missing":[],"server_ms":1,"epoch":"e"}', type=MissingAnswer)
