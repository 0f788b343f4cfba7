"""The export from the desk: a few steps at a time on a real ledger, a stick that is pulled, and nobody kept waiting."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.export.mounted import MountedSticks
from kiosk.usecases.desk_outcomes import DeskRefused
from kiosk.usecases.export_ports import Exported, ExportFault, ExportProgress, Format, NotExported
from kiosk.usecases.step_export import Months, month_of
from tests.support.operators import CAPTAIN, HEAD, VOLUNTEER, manned_booth, signed_in

if TYPE_CHECKING:
    from kiosk.usecases.export_ports import ExportStep
    from tests.support.station import Booth


def to_the_end(booth: Booth, step: ExportStep | DeskRefused) -> ExportStep | DeskRefused:
    """Go on as the desk does, with a volunteer at the camera between any two steps."""
    while isinstance(step, ExportProgress):
        booth.clocks.elapse(600)
        booth.station.present(booth.card(VOLUNTEER))
        step = booth.station.operators.export.go_on()
    return step


def test_volunteers_are_recorded_between_the_steps_and_the_files_stand(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    with manned_booth(tmp_path / "booth") as booth:
        head, export = signed_in(booth, HEAD), booth.station.operators.export
        booth.check_in()
        begun = export.begin(head, stick, frozenset({Format.CSV, Format.CHAIN}), Months.ALL)
        done = to_the_end(booth, begun)
        assert isinstance(done, Exported)
        assert {file.suffix for file in done.files} >= {".csv", ".jsonl"}
        assert all(file.exists() for file in done.files)
        assert export.go_on() == NotExported(ExportFault.CANCELLED), "it is over"


def test_a_pulled_stick_ends_it_and_the_same_request_begins_again(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    with manned_booth(tmp_path / "booth") as booth:
        head, export = signed_in(booth, HEAD), booth.station.operators.export
        pulled = export.begin(head, stick, frozenset({Format.CSV}), Months.THIS)
        assert pulled == NotExported(ExportFault.NO_TARGET)
        stick.mkdir()
        assert isinstance(to_the_end(booth, export.begin(head, stick, frozenset({Format.CSV}), Months.THIS)), Exported)


def test_who_may_not_export_does_not(tmp_path: Path) -> None:
    with manned_booth(tmp_path / "booth") as booth:
        captain, export = signed_in(booth, CAPTAIN), booth.station.operators.export
        begun = export.begin(captain, tmp_path, frozenset(Format), Months.ALL)
        assert begun == DeskRefused(DeskRefusal.NOT_ALLOWED)
        export.stop()
        assert export.look().today.year == 2026


@pytest.mark.parametrize(
    ("today", "months", "first", "last"),
    [
        (date(2024, 2, 10), Months.THIS, date(2024, 2, 1), date(2024, 2, 29)),
        (date(2025, 1, 31), Months.LAST, date(2024, 12, 1), date(2024, 12, 31)),
        (date(2025, 7, 31), Months.LAST, date(2025, 6, 1), date(2025, 6, 30)),
        (date(2025, 7, 31), Months.ALL, None, None),
    ],
)
def test_a_month_is_whole(today: date, months: Months, first: date | None, last: date | None) -> None:
    assert month_of(today, months) == (first, last)


def test_sticks_are_what_is_mounted_where_sticks_are(tmp_path: Path) -> None:
    table = tmp_path / "mounts"
    names = ("/ ext4", "/media/user/BLUE\\040STICK vfat", "/run/media/u/A exfat", "/home/x ext4", "/media tmpfs")
    table.write_text("".join(f"/dev/x {name} rw 0 0\n" for name in names) + "odd\n", encoding="utf-8")
    roots = (Path("/media"), Path("/run/media"))
    found = MountedSticks(roots, table, lambda _folder: True)()
    assert found == (Path("/media/user/BLUE STICK"), Path("/run/media/u/A"))
    assert MountedSticks(roots, table, lambda folder: folder.name == "A")() == (Path("/run/media/u/A"),)
    assert MountedSticks(roots, tmp_path / "none")() == ()
