"""What the platform published reaches a kiosk by hand, and one that runs takes it up."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from kiosk.composition import open_station
from kiosk.domain.refusal import RefusalReason
from kiosk.settings import KioskSettings
from kiosk.usecases.outcomes import CheckedIn, Refused
from tests.support.programs import BIN, environment, finish

if TYPE_CHECKING:
    from pathlib import Path


def platform(folder: Path, *arguments: str) -> str:
    done = finish(sys.executable, "-m", "sync.platform", *arguments, "--config", str(folder / "platform.toml"))
    assert done.code == 0, done.err
    return done.out


@pytest.mark.timeout(180)
def test_a_lost_card_is_refused_by_a_running_kiosk_once_the_news_was_brought(tmp_path: Path) -> None:
    community = tmp_path / "community"
    made = finish(sys.executable, "-m", "sync.platform", "demo-community", str(community))
    assert made.code == 0, made.err
    first, second = json.loads((community / "certificates.json").read_text())["volunteers"][:2]
    device = json.loads((community / "enrolment.json").read_text())["device"]
    file = tmp_path / "kiosk.toml"
    file.write_text(f'[device]\nfile = "{tmp_path / "device.sqlite"}"\nenrolment = "{community / "enrolment.json"}"\n')
    station = open_station(KioskSettings.load(file))
    try:
        assert isinstance(station.present(first["text"]), CheckedIn)
        platform(community, "certificate", "lost", second["number"])
        news = tmp_path / "news.json"
        platform(community, "reference", "publish", device, "--out", str(news))
        applied = finish(str(BIN / "kiosk"), "--config", str(file), "reference", "apply", str(news))
        assert applied.code == 0, applied.err
        station.tend()
        assert station.present(second["text"]) == Refused(RefusalReason.REVOKED)
    finally:
        station.close()
    again = finish(str(BIN / "kiosk"), "--config", str(file), "reference", "apply", str(news))
    assert "not newer" in again.out


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"{}", b"[" * 100_000, b'{"kind":"x","payload":{},"signature":""}']
)
def test_a_file_that_is_no_news_changes_nothing_and_is_said(tmp_path: Path, content: bytes) -> None:
    community = tmp_path / "community"
    finish(sys.executable, "-m", "sync.platform", "demo-community", str(community))
    (tmp_path / "bad.json").write_bytes(content)
    variables = environment(
        KIOSK_DEVICE__FILE=str(tmp_path / "device.sqlite"),
        KIOSK_DEVICE__ENROLMENT=str(community / "enrolment.json"),
    )
    done = finish(str(BIN / "kiosk"), "reference", "apply", str(tmp_path / "bad.json"), variables=variables)
    assert done.code == 1
    assert "bad.json" in done.err
    assert "Traceback" not in done.err
