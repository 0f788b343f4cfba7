"""What the keeper is promised of cards: serials never repeat, a lost card is refused, its successor is not."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.refusal import RefusalReason
from kiosk.usecases.outcomes import CheckedIn, Refused
from sync.platform import certificates, keys, phone
from sync.platform.appointments import Role, appoint, end_appointment
from sync.platform.certificates import CertificateDesk, CertificateOrder
from sync.platform.demo import make_community
from sync.platform.errors import CardError, PlatformError, UnknownError
from sync.platform.ports import Ports, unix_ms
from sync.platform.publishing import Directory, publish
from sync.platform.records import CardState, Volunteer
from sync.platform.registry import Office
from sync.platform.store import Database
from sync.protocol.certificate.codec import decode_text
from sync.protocol.enrolment import read_enrolment
from sync.protocol.reference import Appointment, ReferenceData, read_reference_data
from sync.protocol.revocation import RevocationList, read_revocation_list
from sync.protocol.signing.documents import SignedDocument
from tests.integration.platform.conftest import Running
from tests.support.station import Booth

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
REGION = "410302"
DAY_MS = 24 * 3600 * 1000


class Bench:
    """A demo community under a clock that a test sets."""

    def __init__(self, folder: Path, ports: Ports, database_url: str) -> None:
        self.now = NOW
        self.ports = Ports(lambda: self.now, ports.ids, ports.entropy)
        self.folder = folder / "community"
        make_community(self.folder, self.ports, "http://127.0.0.1:8420", database_url)
        self.database = Database.open(database_url)
        self.root, self.issuer = (keys.load_key(self.folder / "keys", name) for name in (keys.ROOT, keys.ISSUER))
        self.enrolment = read_enrolment((self.folder / "enrolment.json").read_bytes(), 0o600)

    def office(self, unit: object) -> Office:
        return Office(unit, self.ports, REGION)  # type: ignore[arg-type]

    def reissue(self, number: str) -> str:
        with self.database.writing("registry") as unit:
            return CertificateDesk(self.office(unit), self.issuer).reissue(number)

    def lose(self, number: str) -> None:
        with self.database.writing("registry") as unit:
            certificates.report_lost(self.office(unit), number)

    def state(self, number: str) -> CardState:
        with self.database.reading() as unit:
            return unit.certificates.holders(number, 0, 9)[0].state_at(unix_ms(self.now))

    def published(self, directory: Directory = Directory.POINT) -> SignedDocument:
        with self.database.writing("registry") as unit:
            return publish(unit, self.enrolment.device, self.root, unix_ms(self.now), directory)

    def data(self, document: SignedDocument) -> tuple[ReferenceData, RevocationList]:
        data = read_reference_data(document, self.root.public)
        return data, read_revocation_list(data.revocations, self.root.public)


@pytest.fixture
def bench(tmp_path: Path, ports: Ports, database_url: str) -> Iterator[Bench]:
    bench = Bench(tmp_path, ports, database_url)
    yield bench
    bench.database.close()


def order(number: int) -> CertificateOrder:
    return CertificateOrder(Volunteer(f"LY{number}", "张晓明", None, 0), NOW, NOW + timedelta(days=365))


def test_serials_count_up_from_one_and_never_repeat_under_concurrent_issue(platform: Running, ports: Ports) -> None:
    issuer = keys.create_key(platform.path.parent / "keys", keys.ISSUER, ports.entropy)

    def issue(number: int) -> int:
        with platform.database.writing("registry") as unit:
            text = CertificateDesk(Office(unit, ports, REGION), issuer).issue(order(number))
        return int.from_bytes(decode_text(text).claims.serial, "big")

    with ThreadPoolExecutor(8) as pool:
        serials = list(pool.map(issue, range(40)))
    assert sorted(serials) == list(range(1, 41))


def test_a_failed_issue_leaves_no_card_and_no_volunteer(platform: Running, ports: Ports) -> None:
    issuer = keys.create_key(platform.path.parent / "keys", keys.ISSUER, ports.entropy)
    wrong = CertificateOrder(Volunteer("LY1", "x" * 41, None, 0), NOW, NOW + timedelta(days=1))
    with pytest.raises(Exception, match="text claim"), platform.database.writing("registry") as unit:
        CertificateDesk(Office(unit, ports, REGION), issuer).issue(wrong)
    with platform.database.reading() as unit:
        assert unit.certificates.count_holders("") == 0


def test_a_lost_card_is_on_the_list_and_its_successor_is_not(bench: Bench) -> None:
    number = "4103022026000001"
    with bench.database.reading() as unit:
        old = unit.certificates.of(number)[0]
    bench.lose(number)
    assert bench.state(number) is CardState.LOST
    new = decode_text(bench.reissue(number)).claims
    assert bench.state(number) is CardState.GOOD
    _, revoked = bench.data(bench.published())
    assert revoked.holds(REGION, bytes.fromhex(old.serial))
    assert not revoked.holds(REGION, new.serial)
    assert revoked.serials == {REGION: frozenset({1})}


def test_a_replaced_and_a_revoked_card_are_on_the_list_and_a_revoked_ones_phone_is_closed(bench: Bench) -> None:
    bench.reissue("4103022026000001")
    with bench.database.writing("registry") as unit:
        secret = phone.open_link(bench.office(unit), "4103022026000002")
        certificates.revoke(bench.office(unit), "4103022026000002")
        assert not phone.is_open(bench.office(unit), secret)
    _, revoked = bench.data(bench.published())
    assert revoked.serials == {REGION: frozenset({1, 2})}
    assert bench.state("4103022026000002") is CardState.REVOKED


def test_a_card_that_expired_long_ago_leaves_the_list(bench: Bench) -> None:
    bench.lose("4103022026000001")
    bench.now += timedelta(days=2 * 365 + 399)
    assert bench.data(bench.published())[1].serials
    bench.now += timedelta(days=2)
    assert not bench.data(bench.published())[1].serials


def test_deeds_that_do_not_fit_are_refused_with_a_sentence(bench: Bench) -> None:
    first = bench.now
    with bench.database.writing("registry") as unit:
        office = bench.office(unit)
        desk = CertificateDesk(office, bench.issuer)
        with pytest.raises(CardError, match="has a good card"):
            desk.issue(
                CertificateOrder(certificates.registered(office, "4103022026000001"), first, first + timedelta(1))
            )
        with pytest.raises(UnknownError, match="No volunteer LY9"):
            desk.reissue("LY9")
        certificates.report_lost(office, "4103022026000003")
        with pytest.raises(CardError, match="no good card"):
            certificates.report_lost(office, "4103022026000003")
        unit.registry.add_volunteers([Volunteer("LY9", "新人", None, 0)])
        with pytest.raises(CardError, match="never had a card"):
            desk.reissue("LY9")


def test_a_printed_cards_text_is_the_issued_one(bench: Bench) -> None:
    text = bench.reissue("4103022026000003")
    with bench.database.writing("registry") as unit:
        desk = CertificateDesk(bench.office(unit), bench.issuer)
        assert desk.text_of(unit.certificates.of("4103022026000003")[0]) == text
        other = keys.create_key(bench.folder / "other", keys.ISSUER, bench.ports.entropy)
        with pytest.raises(CardError, match="another key"):
            CertificateDesk(bench.office(unit), other).text_of(unit.certificates.of("4103022026000003")[0])


def test_published_data_carries_everything_a_booth_needs_and_its_versions_only_rise(bench: Bench) -> None:
    first, revoked = bench.data(bench.published())
    assert (len(first.roster), len(first.notices)) == (8, 2)
    assert {(each.role, each.display_name) for each in first.appointments} == {
        ("captain", "张晓明"),
        ("head", "王秀兰"),
    }
    assert {each.volunteer for each in first.directory} == {each.volunteer for each in first.roster} | {
        "4103022026000002"
    }
    assert first.version > revoked.version
    bench.now -= timedelta(days=30)  # the platform's clock was put back
    again, revoked_again = bench.data(bench.published(Directory.ALL))
    assert again.version > first.version
    assert revoked_again.version == revoked.version  # it lists the same: it stays as it was signed
    assert len(again.directory) == 12


def test_an_appointment_that_ended_is_told_no_more(bench: Bench) -> None:
    with bench.database.writing("registry") as unit:
        captain = next(term for term in unit.places.terms() if term.appointment.role == Role.CAPTAIN)
        end_appointment(bench.office(unit), captain.id)
        with pytest.raises(UnknownError, match="No appointment"):
            end_appointment(bench.office(unit), captain.id)
        point = bench.office(unit).find_service_point("王城公园东门岗亭")
        now_ms = unix_ms(bench.now)
        with pytest.raises(PlatformError, match="has a team"):
            appoint(bench.office(unit), point, Appointment("4103022026000003", "", "captain", now_ms, now_ms + DAY_MS))
        with pytest.raises(PlatformError, match="ends after it begins"):
            appoint(bench.office(unit), point, Appointment("4103022026000003", "", "head", now_ms, now_ms))
        with pytest.raises(UnknownError, match="No volunteer"):
            appoint(bench.office(unit), point, Appointment("LY9", "", "head", now_ms, now_ms + DAY_MS))
        appoint(
            bench.office(unit), point, Appointment("4103022026000003", "", "head", now_ms + DAY_MS, now_ms + 2 * DAY_MS)
        )
    data, _ = bench.data(bench.published())
    assert {(each.role, each.volunteer) for each in data.appointments} == {
        ("head", "4103022026000002"),
        ("head", "4103022026000003"),
    }


def test_a_real_kiosk_refuses_the_lost_card_and_takes_its_successor(bench: Bench, tmp_path: Path) -> None:
    number = "4103022026000005"
    with bench.database.writing("registry") as unit:
        desk = CertificateDesk(bench.office(unit), bench.issuer)
        old = desk.text_of(unit.certificates.of(number)[0])
    folder = tmp_path / "booth"
    folder.mkdir()
    (folder / "enrolment.json").touch(0o600)
    (folder / "enrolment.json").write_bytes((bench.folder / "enrolment.json").read_bytes())
    booth = Booth(folder)
    booth.clocks.set_to(bench.now + timedelta(minutes=5))
    try:
        bench.lose(number)
        new = bench.reissue(number)
        bench.now += timedelta(minutes=1)
        assert booth.station.apply_reference(bench.published())
        refused = booth.station.present(old)
        assert isinstance(refused, Refused)
        assert refused.reason is RefusalReason.REVOKED
        assert isinstance(booth.station.present(new), CheckedIn)
    finally:
        booth.station.close()


def test_a_phones_code_is_minted_at_most_once_in_fifteen_seconds_and_lives_for_minutes(bench: Bench) -> None:
    with bench.database.writing("registry") as unit:
        secret = phone.open_link(bench.office(unit), "4103022026000003")

    def shown() -> str:
        with bench.database.writing("registry") as unit:
            code = phone.show_code(CertificateDesk(bench.office(unit), bench.issuer), secret)
        assert code is not None
        return code.text

    first = shown()
    claims = decode_text(first).claims
    assert (claims.kind, claims.display_name) == ("dynamic", "李㛃")
    assert timedelta(minutes=2) <= claims.expires_at - claims.issued_at <= timedelta(minutes=5)
    bench.now += timedelta(seconds=14)
    assert shown() == first
    bench.now += timedelta(seconds=2)
    second = shown()
    assert decode_text(second).claims.serial > claims.serial >= b"\x80\0\0\1"
    with bench.database.writing("registry") as unit:
        again = phone.open_link(bench.office(unit), "4103022026000003")
        assert not phone.is_open(bench.office(unit), secret), "a new link closes the earlier one"
        phone.close_links(bench.office(unit), "4103022026000003")
        assert not phone.is_open(bench.office(unit), again)
        assert phone.show_code(CertificateDesk(bench.office(unit), bench.issuer), again) is None
