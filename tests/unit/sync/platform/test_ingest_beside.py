"""What stands beside sessions is judged like everything else, and the original of a session stays readable."""

from __future__ import annotations

import pytest

from sync.platform.ingest import Known, Recorded, Refusal, original_of, sort_out
from sync.protocol.events import Body, CheckIn, Kit, Presented
from sync.protocol.judgements import RecipientRating, StarApplication
from sync.protocol.roster import RosterResponse
from sync.protocol.vocabulary import Face, KitItem, RosterAnswer
from tests.support.envelopes import CARD, NAME, Recorder, check_in, check_out, stamp
from tests.support.judged import FIRST, amendment, confirmation

NUL = "\x00"
ODD = Presented("410302", "0001", "01", format=f"odd{NUL}")
HELD_BACK = [
    Kit(f"V{NUL}", KitItem.CAP, 1, returned=False, by="O1"),
    StarApplication(f"V{NUL}", CARD, 1, 0),
    RecipientRating(Face.NEUTRAL, f"point{NUL}", ["s1"]),
    RecipientRating(Face.NEUTRAL, "point", [f"s{NUL}"]),
    RosterResponse("V1", CARD, RosterAnswer.LEAVE, f"place{NUL}"),
    RosterResponse("V1", CARD, RosterAnswer.ASK_SWAP, "place", colleague="V2", in_return=f"{NUL}"),
    CheckIn("s1", "V1", ODD, NAME.digest(), "directions", "point-1"),
]


@pytest.mark.parametrize("body", HELD_BACK)
def test_what_no_column_can_keep_is_set_apart_and_holds_nothing_up(body: Body) -> None:
    recorder = Recorder()
    events = [recorder.record(body), recorder.record(Kit("V1", KitItem.CAP, 1, returned=False, by="O1"))]
    verdicts = sort_out(events, Known({}, {}))
    assert [verdict.refusal for verdict in verdicts] == [Refusal.TEXT, None]


def test_the_original_is_what_devices_recorded_whatever_was_corrected() -> None:
    recorder = Recorder()
    recorder.record(check_in(), stamp(0))
    recorder.record(check_out(), stamp(3600))
    changed = recorder.record(amendment(FIRST, ends_h=5), stamp(4000))
    recorder.record(confirmation(changed, "O2"), stamp(4100))
    original = original_of([Recorded("device", each) for each in recorder.envelopes], {})
    assert original is not None
    assert (original.provenance, original.original_ns) == ("two_scans", 3600 * 10**9)
    assert original_of([], {}) is None
