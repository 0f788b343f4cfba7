"""Whatever is held before the lens or happens to the machine: the right sentence, and no accepted scan is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.domain.refusal import RecordingFault, RefusalReason
from kiosk.presenter.acts import TypedNumberIntent
from kiosk.presenter.contents import CameraSight
from kiosk.usecases.outcomes import CheckedIn, NotRecorded, Refused
from tests.support.booth import open_booth, write_settings
from tests.support.community import Community
from tests.support.pictures import scene, symbol, write_folder

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime.now(UTC).replace(microsecond=0)
COMMUNITY = Community(issued=NOW)
RUBBISH = "".join(chr(33 + number * 7 % 90) for number in range(2_300))

REFUSALS: dict[str, tuple[str | bytes, RefusalReason]] = {
    "another issuer": (COMMUNITY.certificate(kid=b"\x09\x09"), RefusalReason.UNKNOWN_ISSUER),
    "a forged certificate": (COMMUNITY.certificate(COMMUNITY.stranger), RefusalReason.FORGED),
    "an expired one": (
        COMMUNITY.certificate(issued_at=NOW - timedelta(days=800), expires_at=NOW - timedelta(days=70)),
        RefusalReason.EXPIRED,
    ),
    "a payment code": ("134567890123456789", RefusalReason.PAYMENT_CODE),
    "a web address": ("https://example.org/volunteer?id=1", RefusalReason.WEB_ADDRESS),
    "3 kB of rubbish": (RUBBISH, RefusalReason.NOT_A_CERTIFICATE),
    "a Chinese text": ("学雷锋，做文明使者", RefusalReason.NOT_A_CERTIFICATE),
    "bytes that are no text": (bytes(range(128, 256)), RefusalReason.NOT_A_CERTIFICATE),
    "a cut certificate": (COMMUNITY.certificate()[:-9], RefusalReason.DAMAGED),
}


def events_of(screen_folder: Path) -> list[str]:
    """Return the kinds of events on the ledger, read past the program."""
    with closing(sqlite3.connect(screen_folder / "device.sqlite")) as connection:
        return [kind for (kind,) in connection.execute("SELECT kind FROM ledger ORDER BY position")]


@pytest.mark.parametrize("name", REFUSALS)
def test_what_is_no_good_certificate_is_refused_with_its_sentence_and_leaves_no_record(
    name: str, tmp_path: Path
) -> None:
    text, reason = REFUSALS[name]
    code = symbol(text, 640)
    camera = write_folder(tmp_path / "camera", [scene(), scene(code)])
    settings = write_settings(tmp_path, COMMUNITY, str(camera))
    with open_booth(settings) as screen:
        screen.wait_for(lambda screen: bool(screen.outcomes))
        assert screen.outcomes == [Refused(reason)]
        assert len(screen.sentences()) == 1
        assert "没有记录" in screen.sentences()[0]
    assert events_of(tmp_path) == []


def test_two_codes_in_one_frame_are_both_left_alone(tmp_path: Path) -> None:
    two = scene(symbol(COMMUNITY.certificate()), symbol(COMMUNITY.certificate(serial=b"other1")))
    settings = write_settings(tmp_path, COMMUNITY, str(write_folder(tmp_path / "camera", [scene(), two])))
    with open_booth(settings) as screen:
        screen.wait_for(lambda screen: bool(screen.outcomes))
        assert screen.outcomes[0] == Refused(RefusalReason.SEVERAL_CODES)
        assert "一个码" in screen.sentences()[0]
    assert events_of(tmp_path) == []


def test_an_empty_camera_shows_the_idle_screen_and_records_nothing(tmp_path: Path) -> None:
    settings = write_settings(tmp_path, COMMUNITY, str(write_folder(tmp_path / "camera", [scene()], each=20)))
    with open_booth(settings) as screen:
        screen.wait_for(lambda screen: CameraSight.ENDED in screen.sights)
        assert CameraSight.SEEING in screen.sights
        assert screen.outcomes == []
        assert screen.sentences() == []


def test_a_camera_that_is_not_there_is_said_and_comes_back_by_itself(tmp_path: Path) -> None:
    camera = tmp_path / "camera"
    settings = write_settings(tmp_path, COMMUNITY, str(camera))
    with open_booth(settings) as screen:
        screen.wait_for(lambda screen: CameraSight.GONE in screen.sights)
        ready = write_folder(tmp_path / "ready", [scene(), scene(symbol(COMMUNITY.certificate(), 400))])
        ready.rename(camera)
        screen.wait_for(lambda screen: any(isinstance(each, CheckedIn) for each in screen.outcomes))


def test_a_locked_file_is_said_and_the_next_scan_is_recorded(tmp_path: Path) -> None:
    first, second = (symbol(COMMUNITY.certificate(volunteer_number=f"41{n:014d}"), 400) for n in range(2))
    camera = tmp_path / "camera"
    settings = write_settings(tmp_path, COMMUNITY, str(camera))
    with open_booth(settings) as screen:
        screen.wait_for(lambda screen: bool(screen.boards))
        with closing(sqlite3.connect(tmp_path / "device.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            write_folder(tmp_path / "first", [scene(), scene(first)], each=60).rename(camera)
            screen.wait_for(lambda screen: bool(screen.outcomes))
            assert screen.outcomes == [NotRecorded(RecordingFault.BUSY)]
            assert "没有记" in screen.sentences()[0]
            other.execute("ROLLBACK")
    settings = settings.model_copy(
        update={"camera": settings.camera.model_copy(update={"source": str(tmp_path / "second")})}
    )
    write_folder(tmp_path / "second", [scene(), scene(second)])
    with open_booth(settings) as screen:
        screen.wait_for(lambda screen: any(isinstance(each, CheckedIn) for each in screen.outcomes))
    assert events_of(tmp_path) == ["check_in"]


def test_a_good_card_after_a_bad_one_is_recorded(tmp_path: Path) -> None:
    bad, good = symbol("https://example.org/", 400), symbol(COMMUNITY.certificate(), 400)
    camera = write_folder(tmp_path / "camera", [scene(), scene(bad), scene(good)])
    with open_booth(write_settings(tmp_path, COMMUNITY, str(camera))) as screen:
        screen.wait_for(lambda screen: len(screen.outcomes) > 1)
        kinds = [type(each) for each in screen.outcomes]
        assert kinds == [Refused, CheckedIn]
    assert events_of(tmp_path) == ["check_in"]


def test_a_disk_that_cannot_be_written_at_the_start_is_said_and_mends_itself(tmp_path: Path) -> None:
    camera = tmp_path / "camera"
    settings = write_settings(tmp_path, COMMUNITY, str(camera))
    blocked = settings.device.model_copy(update={"file": tmp_path / "disk" / "device.sqlite"})
    (tmp_path / "disk").touch()  # a file where a folder must be: no user may write there, not even root
    with open_booth(settings.model_copy(update={"device": blocked})) as screen:
        screen.wait_for(lambda screen: bool(screen.outcomes))
        assert screen.outcomes[0] == NotRecorded(RecordingFault.READ_ONLY)
        (tmp_path / "disk").unlink()
        write_folder(tmp_path / "ready", [scene(), scene(symbol(COMMUNITY.certificate(), 400))]).rename(camera)
        screen.wait_for(lambda screen: any(isinstance(each, CheckedIn) for each in screen.outcomes))
    assert events_of(tmp_path / "disk") == ["check_in"]


def test_a_number_typed_with_a_wrong_check_digit_is_refused_and_leaves_no_record(tmp_path: Path) -> None:
    settings = write_settings(tmp_path, COMMUNITY, str(tmp_path / "camera"))
    with open_booth(settings) as screen:
        screen.wait_for(lambda screen: bool(screen.boards))
        screen.perform(TypedNumberIntent("41030200000000179"))
        screen.wait_for(lambda screen: bool(screen.outcomes))
        assert screen.outcomes == [Refused(RefusalReason.WRONG_NUMBER)]
        assert "没有记录" in screen.sentences()[0]
    assert events_of(tmp_path) == []
