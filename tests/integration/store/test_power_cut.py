"""The power goes at any instant: whatever a disk may hold then, nothing that was said to be recorded is missing.

The model of the disk stands in ``tests/power_cut/disk.py``; more images: ``make power``.
"""

from __future__ import annotations

import pytest

from tests.power_cut.disk import Disk
from tests.power_cut.images import Fate, Verdict, images_of, judge
from tests.power_cut.scenario import record, workplace
from tests.power_cut.trace import Created, DirectorySynced, Removed, Synced, Truncated, Written

IMAGES = 505  # the promise is for at least 500


def judged(synchronous: str, count: int) -> Verdict:
    """Record the booth's hours and judge so many images of its disk."""
    recording, verdict = record(synchronous), Verdict()
    with workplace() as folder:
        for image in images_of(recording, count, seed=1):
            judge(image, recording, folder / "booth", verdict)
    return verdict


@pytest.mark.slow
@pytest.mark.timeout(600)  # half a minute alone
def test_no_power_cut_loses_what_was_said_to_be_recorded() -> None:
    verdict = judged("FULL", IMAGES)
    assert (verdict.lost, dict(verdict.faults)) == (0, {}), verdict.examples
    assert verdict.images >= 500


@pytest.mark.parametrize("synchronous", ["NORMAL"])  # OFF too: `make power`
def test_the_same_cuts_find_the_loss_where_a_commit_is_not_synced(synchronous: str) -> None:
    verdict = judged(synchronous, 40)
    assert verdict.lost > 0
    assert verdict.faults["recorded_lost"] > 0


def test_the_same_seed_cuts_at_the_same_places() -> None:
    recording = record()
    one, other = ([(image.cut, image.fate) for image in images_of(recording, 60, seed)] for seed in (3, 3))
    assert one == other
    assert len(one) == 60
    assert one != [(image.cut, image.fate) for image in images_of(recording, 60, 4)]


# The disk itself

LOST, KEPT, LAST = (Fate(kind, 512, None, 0) for kind in ("lost", "kept", "last"))


def disk_after(*operations: Created | Removed | Written | Truncated | Synced | DirectorySynced) -> Disk:
    disk = Disk({"a": b"old"})
    for operation in operations:
        disk.play(operation)
    return disk


def test_what_was_synced_stands_and_the_rest_may_not() -> None:
    disk = disk_after(Written(0, 0, b"new"), Synced(0), Written(0, 3, b"er"))
    assert disk.after(LOST) == {"a": b"new"}
    assert disk.after(KEPT) == {"a": b"newer"}


def test_a_later_sector_may_stand_without_an_earlier_one() -> None:
    disk = disk_after(Written(0, 0, b"x" * 1024))
    assert disk.after(LAST) == {"a": b"old" + b"\0" * 509 + b"x" * 512}


def test_a_length_may_stand_without_its_content() -> None:
    disk = disk_after(Written(0, 3, b"xyz"))
    assert disk.after(Fate("lost", 0, b"\xa5", 0)) == {"a": b"old\xa5\xa5\xa5"}


def test_a_cut_that_was_not_synced_may_not_have_been() -> None:
    disk = disk_after(Truncated(0, 1))
    assert (disk.after(LOST), disk.after(KEPT)) == ({"a": b"old"}, {"a": b"o"})


def test_a_new_file_is_there_when_its_folder_was_synced() -> None:
    written = (Created("b", 1), Written(1, 0, b"x"), Synced(1))
    assert disk_after(*written).after(LOST) == {"a": b"old"}
    assert disk_after(*written, DirectorySynced()).after(LOST) == {"a": b"old", "b": b"x"}


def test_a_name_taken_away_may_still_be_there() -> None:
    assert disk_after(Removed("a")).after(LOST) == {"a": b"old"}
    assert disk_after(Removed("a")).after(KEPT) == {}
