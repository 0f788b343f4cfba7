"""What the platform keeps of a duty: all that the fold gives, every minute once, practice and paid work apart."""

from __future__ import annotations

from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from sync.platform import accounts
from sync.platform.ingest import Derived
from sync.platform.records import LedgerFilter, LedgerPage
from sync.platform.refolding import FOLD, refold
from sync.platform.store import mapping
from sync.platform.store.tables import SessionRow
from sync.protocol.envelope import Envelope
from sync.protocol.events import CheckIn, CheckOut, Kit, Presented
from sync.protocol.judgements import Confirmation, Rating, RecipientRating, StarApplication
from sync.protocol.sessions import fold
from sync.protocol.vocabulary import Effect, Face, KitItem, Quality, Trust
from tests.integration.platform.conftest import POINT, START_MS, Running
from tests.integration.platform.fleet import CARD, FakeDevice, send
from tests.support.judged import Story, stories

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


def page_of(platform: Running, **wanted: str) -> LedgerPage:
    with platform.database.reading() as unit:
        return unit.ledger.page(LedgerFilter(**wanted), 0, 50)  # type: ignore[arg-type]


def duty(device: FakeDevice, begin_ms: int, minutes: int, volunteer: str = "LY1") -> tuple[str, Envelope]:
    """A duty by two scans; its id and the event that ended it."""
    session = device.check_in(volunteer, "张晓明", begin_ms)
    device.check_out(session, volunteer, begin_ms + minutes * MINUTE_MS)
    return session, device.log[-1]


@settings(max_examples=150, deadline=None)
@given(story=stories())
def test_a_row_gives_back_every_session_that_the_fold_can_produce(story: Story) -> None:
    session = fold(story.events, {})
    assert session is not None
    cells = mapping.session_cells(Derived(session, "device", "opening"))
    kept = mapping.session_of(SessionRow(**dict(zip(mapping.SESSION_COLUMNS, cells, strict=True))))
    assert kept == session
    assert kept.ended_by == session.ended_by


def test_how_a_volunteer_showed_who_they_are_is_kept(platform: Running) -> None:
    device = platform.device()
    typed = Presented("410302", "none", "none", validity_unchecked=True, format="typed", trust=Trust.TYPED)
    device.record(CheckIn("s1", "LY1", typed, "0" * 64, "directions", POINT.id), START_MS)
    send(platform.url, device)
    (entry,) = page_of(platform).entries
    assert entry.session.certificate == typed


def test_overlapping_duties_at_two_stations_count_the_union_and_are_named(platform: Running) -> None:
    east, west = platform.device("east"), platform.device("west")
    first, _ = duty(east, START_MS, 120)
    second, _ = duty(west, START_MS + 60 * MINUTE_MS, 120)
    alone, _ = duty(east, START_MS + 400 * MINUTE_MS, 30)
    duty(west, START_MS, 45, "LY2")
    for device in (east, west):
        send(platform.url, device)
    page = page_of(platform)
    assert sum(total.credited_minutes for total in page.totals) == 180 + 30 + 45
    assert page.doubled_minutes == 60
    assert page.overlapping == {first, second}
    assert alone not in page.overlapping
    with platform.database.reading() as unit:
        table = accounts.ledger_table(unit.ledger.all(), ZoneInfo("Asia/Shanghai"))
    assert "255 分钟" in table


def test_duties_that_touch_do_not_overlap(platform: Running) -> None:
    device = platform.device()
    for begin, _ in pairwise((0, 60, 120)):
        duty(device, START_MS + begin * MINUTE_MS, 60)
    send(platform.url, device)
    assert (page_of(platform).doubled_minutes, page_of(platform).overlapping) == (0, frozenset())


def test_drill_and_paid_duty_are_apart_and_in_no_total(platform: Running) -> None:
    device = platform.device()
    for place, (drill, paid) in enumerate(((True, False), (False, True), (False, False))):
        session, at_ms = f"s{place}", START_MS + place * HOUR_MS
        begin = CheckIn(session, f"LY{place}", CARD, "0" * 64, "directions", POINT.id, drill=drill, paid=paid)
        device.record(begin, at_ms)
        device.record(CheckOut(session, f"LY{place}", CARD), at_ms + 30 * MINUTE_MS)
    send(platform.url, device)
    totals = {total.apart: (total.sessions, total.credited_minutes) for total in page_of(platform).totals}
    assert totals == {"drill": (1, 0), "paid": (1, 0), None: (1, 30)}


def test_a_duty_that_is_ended_and_judged_at_another_device_is_one_session(platform: Running) -> None:
    east, west = platform.device("east"), platform.device("west")
    session = east.check_in("LY1", "张晓明", START_MS)
    end = west.record(CheckOut(session, "LY1", CARD), START_MS + 90 * MINUTE_MS)
    west.record(Confirmation(session, end.id, "OP1"), START_MS + 95 * MINUTE_MS)
    east.anchor(START_MS + 1000)
    west.anchor(START_MS + 91 * MINUTE_MS)
    for device in (west, east):
        send(platform.url, device)
    (entry,) = page_of(platform).entries
    assert (entry.session.state, entry.session.provenance) == ("confirmed", "two_scans")
    assert entry.session.credited_minutes in {89, 90}


def judged(platform: Running) -> FakeDevice:
    """A confirmed and rated duty with faces, kit and a star application."""
    device = platform.device()
    session, end = duty(device, START_MS, 120)
    later_ms = START_MS + 3 * HOUR_MS
    device.record(Confirmation(session, end.id, "OP1"), later_ms)
    device.record(Rating(session, Quality.GOOD, "OP1", [Effect.ORDER_KEPT], {"tea": 3}), later_ms)
    for face, burst in ((Face.SATISFIED, False), (Face.SATISFIED, True), (Face.DISSATISFIED, True)):
        device.record(RecipientRating(face, POINT.id, [session, "other"], burst=burst), later_ms)
    device.record(RecipientRating(Face.DISSATISFIED, POINT.id, [session], drill=True), later_ms)
    for returned, count in ((False, 3), (True, 2)):
        device.record(Kit("LY1", KitItem.CAP, count, returned=returned, by="OP1"), later_ms)
    device.record(Kit("LY2", KitItem.ARMBAND, 1, returned=False, by="OP1"), later_ms)
    device.record(Kit("LY2", KitItem.ARMBAND, 1, returned=True, by="OP1"), later_ms)
    device.record(StarApplication("LY1", CARD, 1, 6000), later_ms)
    send(platform.url, device)
    send(platform.url, device)
    return device


def test_faces_kit_and_applications_count_once_however_often_they_arrive(platform: Running) -> None:
    judged(platform)
    with platform.database.reading() as unit:
        (entry,) = unit.ledger.all()
        faces = unit.observations.faces_of([entry.session.id])[entry.session.id]
        places = unit.observations.faces_by_place()
        kit = [(out.person.number, out.item, out.count) for out in unit.observations.kit_out()]
        applications = [(each.person.number, each.level) for each in unit.observations.applications(9)]
    assert (faces.satisfied, faces.neutral, faces.dissatisfied, faces.bursts) == (2, 0, 1, 2)
    assert places == {POINT.name: faces}
    assert kit == [("LY1", "cap", 1)]
    assert applications == [("LY1", 1)]


def test_an_older_database_is_folded_anew_once_in_steps_and_goes_on_after_an_interruption(platform: Running) -> None:
    judged(platform)
    device = platform.device("many")
    for place in range(7):
        duty(device, START_MS + place * HOUR_MS, 30, f"M{place}")
    send(platform.url, device)
    with platform.database.reading() as unit:
        whole = accounts.ledger_document(unit.ledger.all(), ())
        faces, kit = unit.observations.faces_by_place(), unit.observations.kit_out()
    platform.sql("UPDATE sessions SET matters='[]', rating=NULL, state='closed', credited_minutes=0")
    platform.sql("UPDATE platform_state SET folded=0, folded_to=''")  # as migration 0003 leaves a database of 0002
    for table in ("faces", "kit", "star_applications"):
        platform.sql(f"DELETE FROM {table}")  # noqa: S608 - names of this test
    steps: list[int] = []

    def interrupt(done: int) -> None:
        steps.append(done)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        refold(platform.database, interrupt, step=3)
    with platform.database.reading() as unit:
        version, reached = unit.registry.folded()
    assert version < FOLD
    assert reached
    assert refold(platform.database, steps.append, step=3) == 5
    assert steps == [3, 3, 5]
    with platform.database.reading() as unit:
        assert accounts.ledger_document(unit.ledger.all(), ()) == whole
        assert (unit.observations.faces_by_place(), unit.observations.kit_out()) == (faces, kit)
        assert unit.registry.folded() == (FOLD, "")
    assert refold(platform.database, steps.append) == 0
