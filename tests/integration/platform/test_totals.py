"""Totals that are kept equal what the sessions add up to, after any history and at every step of it."""

from __future__ import annotations

from collections import Counter

from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sync.platform.__main__ import main
from sync.platform.months import begin_ms, following, month_of
from sync.platform.records import Device, LedgerFilter
from sync.platform.store import Database, Unit
from sync.platform.taking import take
from sync.protocol.batch import Batch, Delivery
from sync.protocol.envelope import Envelope
from sync.protocol.events import Undo
from sync.protocol.judgements import Amendment, Confirmation, Void
from sync.protocol.reference import ServicePoint
from sync.protocol.signing.keys import SigningKey
from sync.protocol.totals import totals_of
from sync.protocol.vocabulary import AmendmentReason, SessionState, VoidReason
from tests.integration.platform.conftest import POINT, POSTGRESQL, SQLITE, START_MS, Running
from tests.integration.platform.emptied import DEVICES, Fresh, kept
from tests.integration.platform.fleet import FakeDevice, send

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
KEY = SigningKey(b"\x01" * 32)
PEOPLE = ("LY1", "LY2")
EXAMPLES = {SQLITE: 30, POSTGRESQL: 15}
duties = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from((0, 1)), st.integers(0, 120), st.integers(5, 90)),
    min_size=2,
    max_size=6,
)
sayings = st.lists(
    st.tuples(st.sampled_from(("confirm", "amend", "void", "undo")), st.integers(0, 5), st.integers(0, 200)), max_size=6
)


def told(
    lived: list[tuple[str, int, int, int]], said: list[tuple[str, int, int]]
) -> list[tuple[FakeDevice, list[Envelope]]]:
    """What two devices bring of some duties, one duty or saying at a time; odd minutes leave odd milliseconds."""
    begun_ms = START_MS - DAY_MS
    devices = [FakeDevice(name, KEY, f"point-{place}", begun_ms, f"of {name}") for place, name in enumerate(DEVICES)]
    sessions: list[tuple[str, str]] = []
    brought = []
    for person, at, begin, length in lived:
        device, begin_ms_ = devices[at], START_MS + begin * MINUTE_MS + begin * 777
        held = len(device.log)
        session = device.check_in(person, "单玉梅", begin_ms_)
        device.check_out(session, person, begin_ms_ + length * MINUTE_MS + 1000)
        sessions.append((session, device.log[-1].id))
        brought.append((device, device.log[held:]))
    for act, which, minutes in said:
        device, (session, ending) = devices[which % 2], sessions[which % len(sessions)]
        at_ms = START_MS + minutes * MINUTE_MS + minutes * 333
        body = {
            "confirm": Confirmation(session, ending, "OP1"),
            "amend": Amendment(session, AmendmentReason.WRONG_END, "OP1", None, at_ms),
            "void": Void(session, VoidReason.DUPLICATE, "OP1"),
            "undo": Undo(session, ending),
        }[act]
        brought.append((device, [device.record(body, START_MS + DAY_MS)]))
    return brought


def bring(database: Database, number: int, device: FakeDevice, events: list[Envelope]) -> None:
    with database.writing(device.id) as unit:
        take(Delivery(Batch(f"b{number}", device.id, events)), "0" * 64, unit, START_MS)


def check(database: Database) -> None:
    """Hold the kept totals against the sessions themselves."""
    with database.reading() as unit:
        entries, page = unit.ledger.all(), unit.ledger.page(LedgerFilter(), 0, 100)
        confirmed, of_all = unit.ledger.confirmed_minutes(PEOPLE), {}
        overlapping: set[str] = set()
        for person in PEOPLE:
            lines, _ = unit.ledger.of_volunteer(person)
            of_all[person] = totals_of(lines)
            overlapping |= set(of_all[person].overlapping)
    assert confirmed == {person: each.confirmed.minutes for person, each in of_all.items() if each.confirmed.minutes}
    assert sum(total.credited_minutes for total in page.totals) == sum(each.minutes for each in of_all.values())
    assert page.sessions == len(entries)
    assert page.overlapping == overlapping
    by_provenance: Counter[str] = Counter()
    for each in of_all.values():
        by_provenance.update({provenance.value: share.minutes for provenance, share in each.by_provenance.items()})
    shown: Counter[str] = Counter()
    for total in page.totals:
        shown[total.provenance] += total.credited_minutes
    assert +shown == +by_provenance


def test_kept_totals_are_what_the_sessions_add_up_to_at_every_step(stored_in: str, fresh: Fresh) -> None:
    @settings(
        max_examples=EXAMPLES[stored_in],
        phases=(Phase.reuse, Phase.generate, Phase.shrink),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(data=st.data(), lived=duties, said=sayings)
    def every_history(
        data: st.DataObject, lived: list[tuple[str, int, int, int]], said: list[tuple[str, int, int]]
    ) -> None:
        brought = data.draw(st.permutations(told(lived, said)), label="order")
        with fresh() as database:
            for number, (device, events) in enumerate(brought):
                bring(database, number, device, events)
                check(database)
            before = kept(database)
            database.recount()
            assert kept(database) == before

    every_history()


def a_season(platform: Running) -> tuple[ServicePoint, int]:
    """Duties of three months at two points; return the second point and how many there are."""
    other = ServicePoint("point-2", "西门岗亭", "410302")
    with platform.database.writing("registry") as unit:
        unit.registry.add_service_point(other)
    count = 0
    for place, point in enumerate((POINT, other)):
        device = platform.device(f"at {point.id}")
        device.service_point = point.id
        with platform.database.writing("registry") as unit:
            unit.devices.add(Device(f"d{place}", "x", point.id, KEY.public, 0))
        for day in range(0, 70, 3):
            begin_ms_ = START_MS + day * DAY_MS + place * 30 * MINUTE_MS
            session = device.check_in("LY1", "张晓明", begin_ms_)
            device.check_out(session, "LY1", begin_ms_ + 60 * MINUTE_MS)
            count += 1
        assert set(send(platform.url, device).outcomes) == {"accepted"}
    return other, count


def test_the_parts_of_a_ledger_add_up_however_it_is_divided(platform: Running) -> None:
    other, count = a_season(platform)
    month = month_of(START_MS)
    end = begin_ms(following(month))
    later = begin_ms(following(following(month)))
    edges = [begin_ms(month), START_MS + 1, end - DAY_MS, end, end + 5 * DAY_MS, later]
    with platform.database.reading() as unit:
        whole = unit.ledger.page(LedgerFilter(), 0, 0)
        assert whole.sessions == count
        assert sum(total.credited_minutes for total in whole.totals) == count // 2 * 90  # each two share half an hour
        assert whole.doubled_minutes == count // 2 * 30
        for cut in edges:
            parts = [LedgerFilter(until_ms=cut), LedgerFilter(from_ms=cut)]
            assert divided(unit, parts) == divided(unit, [LedgerFilter()])
        between = [LedgerFilter(*pair) for pair in zip([None, *edges], [*edges, None], strict=True)]
        assert divided(unit, between) == divided(unit, [LedgerFilter()])
        points = [LedgerFilter(service_point=each.id) for each in (POINT, other)]
        assert divided(unit, points) == divided(unit, [LedgerFilter()])
        by_name = [LedgerFilter(volunteer="晓"), LedgerFilter(volunteer="LY1"), LedgerFilter(service="directions")]
        for each in by_name:
            assert divided(unit, [each]) == divided(unit, [LedgerFilter()])
        within = LedgerFilter(within=((POINT.id, None),), state=SessionState.CLOSED)
        assert divided(unit, [within]) == divided(unit, points[:1])


def test_totals_that_were_never_counted_are_counted_at_the_start_and_by_command(platform: Running) -> None:
    a_season(platform)
    before = kept(platform.database)
    for spoil in ("DELETE FROM tally_state", "UPDATE monthly_totals SET sessions = sessions + 1"):
        platform.sql("DELETE FROM volunteer_totals")
        platform.sql(spoil)
        command = ["totals", "rebuild"] if "UPDATE" in spoil else ["migrate"]
        done = CliRunner().invoke(main, [*command, "--database", platform.database_url])
        assert done.exit_code == 0, done.output
        assert kept(platform.database) == before


def divided(unit: Unit, parts: list[LedgerFilter]) -> Counter[tuple[str, str]]:
    """What some selections add up to together."""
    found: Counter[tuple[str, str]] = Counter()
    for part in parts:
        for total in unit.ledger.page(part, 0, 0).totals:
            found[total.state, total.provenance] += total.credited_minutes
            found[total.state, "sessions"] += total.sessions
    return found


def test_a_page_far_back_is_the_page_that_walking_there_finds(platform: Running) -> None:
    _, count = a_season(platform)
    with platform.database.reading() as unit:
        walked = [entry.session.id for entry in unit.ledger.entries(LedgerFilter(), None, count)]
        for far in (0, 10_000):
            for offset in range(0, count + 5, 7):
                page = unit.ledger.page(LedgerFilter(), offset, 5, far)
                assert [entry.session.id for entry in page.entries] == walked[offset : offset + 5]
