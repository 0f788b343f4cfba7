"""Calendars that go out come in again as they were, whatever stands in a text; what comes in is bounded."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from sync.platform.rostering import calendars
from sync.platform.rostering.calendars import Occasion, calendar_of, read_calendar
from sync.platform.rostering.lines import MOST_LINES, MOST_TEXT, Fault, UnreadableError, Whole

START_MS, HOUR_MS = 1_783_302_000_000, 3_600_000  # 2026-07-06 09:40 in Shanghai
HOSTILE = (
    "a,b;c\\n d\\\\e:f",
    "two\nlines\r\nand\rthree",
    "END:VEVENT\nBEGIN:VEVENT\nSUMMARY:forged\nEND:VEVENT",
    '"quoted" =1+1 <b>bold</b> &amp; %00',
    "古丽娜尔·阿不都热合曼 䶮𬭎㛃" * 200,
    "长" * 5000,
    "\x00\x07\x1b[31m\ud800x",
)


def occasion(text: str, status: str = "CONFIRMED") -> Occasion:
    own = ((calendars.POINT, text), (calendars.SERVICE, text))
    return Occasion("place-1", START_MS, START_MS + 2 * HOUR_MS, text, text, text, status, 3, START_MS, own)


def kept(text: str) -> str:
    """What is to be left of a text: all but control characters and halves of pairs."""
    joined = text.replace("\r\n", "\n").replace("\r", "\n")
    return (
        "".join(each for each in joined if each in "\n\t" or (each >= " " and not 0x7F <= ord(each) <= 0x9F))
        .encode(errors="ignore")
        .decode()
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_a_text(text: str) -> None:
    content = calendar_of(text, [occasion(text)])
    assert all(len(line) <= 75 for line in content.split(b"\r\n")), "RFC 5545, 3.1"
    (event,) = Calendar.from_ical(content.decode()).walk("VEVENT")
    for name in ("summary", "location", "description", calendars.POINT):
        assert str(event[name]) == kept(text)
    (line,) = read_calendar(content)
    long = len(kept(text).strip()) > MOST_TEXT
    assert (line.fault, line.point) == ((Fault.TOO_LONG, "") if long else (None, kept(text).strip()))


@given(st.text(st.characters(codec="utf-8"), max_size=60))
@settings(max_examples=80, deadline=None)
def test_any_text_comes_in_as_it_went_out(text: str) -> None:
    (event,) = Calendar.from_ical(calendar_of("x", [occasion(text)]).decode()).walk("VEVENT")
    assert str(event["summary"]) == kept(text)
    assert str(event["uid"]) == "place-1@roster.wenming"


def test_the_same_places_are_the_same_bytes_in_utc() -> None:
    content = calendar_of("x", [occasion("x", "TENTATIVE")])
    assert content == calendar_of("x", [occasion("x", "TENTATIVE")])
    for line in (
        b"DTSTART:20260706T014000Z",
        b"STATUS:TENTATIVE",
        b"SEQUENCE:3",
        b"REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ):
        assert line in content


@pytest.mark.parametrize(
    ("inner", "fault"),
    [
        ("DTSTART:20260706T013000Z\nDTEND:20260706T043000Z\nRRULE:FREQ=SECONDLY;COUNT=999999999", Fault.RECURS),
        ("DTSTART;VALUE=DATE:20260706\nDTEND;VALUE=DATE:20260707", Fault.TIME),
        ("SUMMARY:x", Fault.TIME),
        ("DTSTART:99999999T999999Z\nDTEND:00000000T000000Z", Fault.TIME),
        ("DTSTART:20260706T013000Z\nDURATION:PT3H", None),
        ("DTSTART:20260706T043000Z\nDTEND:20260706T013000Z", Fault.BACKWARDS),
        ("DTSTART:20260706T013000Z\nDTEND:20260906T013000Z", Fault.BACKWARDS),
        ("DTSTART:20260706T013000Z\nDTEND:20260706T043000Z\nX-WENMING-NEEDED:many", Fault.NEEDED),
        ("DTSTART:20260706T013000Z\nDTEND:20260706T043000Z", None),
        ("DTSTART;TZID=Asia/Shanghai:20260706T093000\nDTEND;TZID=Asia/Shanghai:20260706T123000", None),
        ("DTSTART:20260706T093000\nDTEND:20260706T123000", None),
    ],
)
def test_an_event_says_when_it_is_or_what_is_wrong(inner: str, fault: Fault | None) -> None:
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\n{inner}\nEND:VEVENT\nEND:VCALENDAR\n".replace("\n", "\r\n")
    (line,) = read_calendar(text.encode())
    assert line.fault is fault
    if fault is None:
        assert (str(line.on), line.starts, line.ends) == ("2026-07-06", 9 * 60 + 30, 12 * 60 + 30)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", b"BEGIN:VCALENDAR\r\nX-A" + b";P=a" * 20_000]
)
def test_what_is_no_calendar_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_calendar(content)
    assert refused.value.why is Whole.NO_CALENDAR


def test_a_calendar_is_bounded() -> None:
    with pytest.raises(UnreadableError) as large:
        read_calendar(b"x" * (calendars.MOST_BYTES + 1))
    event = b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * (MOST_LINES + 1)
    with pytest.raises(UnreadableError) as many:
        read_calendar(b"BEGIN:VCALENDAR\r\n" + event + b"END:VCALENDAR\r\n")
    assert (large.value.why, many.value.why) == (Whole.TOO_LARGE, Whole.TOO_MANY)
