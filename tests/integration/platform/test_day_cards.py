"""Visitors' cards: good on their one day at a real kiosk, never twice the same, revocable, and readable from paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest

from kiosk.domain.refusal import RefusalReason
from kiosk.usecases.outcomes import CheckedIn, Refused
from sync.platform import certificates
from sync.platform.cards.card import Card, Look
from sync.platform.certificates import CertificateDesk
from sync.platform.day_cards import DayOrder, issue_day_cards, printed_day_cards
from sync.platform.errors import CardError
from sync.platform.ports import Ports
from sync.protocol.certificate.codec import decode_text
from tests.integration.platform.conftest import SQLITE
from tests.integration.platform.test_cards import drawn, read
from tests.integration.platform.test_certificates import Bench
from tests.support.station import Booth

DAY = date(2026, 12, 5)
MORNING = datetime(2026, 12, 5, 0, 30, tzinfo=UTC)  # 08:30 in Luoyang
TEAM = "河南科技大学青年志愿者协会"


@pytest.fixture
def stored_in() -> str:
    return SQLITE  # what is printed is the same from any database


@pytest.fixture
def bench(tmp_path: Path, ports: Ports, database_url: str) -> Iterator[Bench]:
    bench = Bench(tmp_path, ports, database_url)
    yield bench
    bench.database.close()


def issued(bench: Bench, count: int = 2, on: date = DAY, team: str = TEAM) -> list[Card]:
    with bench.database.writing("registry") as unit:
        return issue_day_cards(CertificateDesk(bench.office(unit), bench.issuer), DayOrder(team, on, count))


@pytest.fixture
def at(bench: Bench, tmp_path: Path) -> Iterator[Callable[[datetime], Booth]]:
    """A real booth of this community at an instant."""
    booths: list[Booth] = []

    def opened(instant: datetime) -> Booth:
        folder = tmp_path / f"booth-{len(booths)}"
        folder.mkdir()
        (folder / "enrolment.json").touch(0o600)
        (folder / "enrolment.json").write_bytes((bench.folder / "enrolment.json").read_bytes())
        booth = Booth(folder)
        booth.clocks.set_to(instant)
        booth.exchange()
        booth.station.tend()
        booths.append(booth)
        return booth

    yield opened
    for booth in booths:
        booth.station.close()


def test_a_kiosk_takes_a_visitors_card_on_its_day_and_on_no_other(
    bench: Bench, at: Callable[[datetime], Booth]
) -> None:
    (card,) = issued(bench, 1)
    claims = decode_text(card.text).claims
    assert (claims.kind, claims.display_name) == ("day", "来访志愿者 01")
    assert claims.issued_at == datetime.fromisoformat("2026-12-05T00:00:00+08:00")
    assert claims.expires_at == datetime.fromisoformat("2026-12-06T00:00:00+08:00")
    for instant, reason in (
        (MORNING, None),
        (claims.expires_at + timedelta(minutes=1), RefusalReason.EXPIRED),
        (claims.issued_at - timedelta(minutes=30), RefusalReason.NOT_YET_VALID),
    ):
        outcome = at(instant).station.present(card.text)
        if reason is None:
            assert isinstance(outcome, CheckedIn), outcome
        else:
            assert isinstance(outcome, Refused), outcome
            assert outcome.reason is reason


def test_numbers_and_serials_never_repeat_over_orders_and_days(bench: Bench) -> None:
    cards = [*issued(bench, 3), *issued(bench, 2), *issued(bench, 2, DAY + timedelta(days=1))]
    claims = [decode_text(card.text).claims for card in cards]
    assert len({claim.volunteer_number for claim in claims}) == len({claim.serial for claim in claims}) == 7
    assert len({card.name for card in cards}) == 3, "names begin at 01 again in every order"
    with bench.database.reading() as unit:
        assert unit.certificates.count_holders("来访") == 0, "a visitor is no entry of the register"


def test_a_revoked_visitors_card_is_refused_and_its_neighbour_is_not(
    bench: Bench, at: Callable[[datetime], Booth]
) -> None:
    lost, kept = issued(bench)
    bench.now = MORNING
    with bench.database.writing("registry") as unit:
        certificates.revoke(bench.office(unit), lost.number)
    booth = at(MORNING + timedelta(minutes=1))
    assert booth.station.apply_reference(bench.published())
    refused = booth.station.present(lost.text)
    assert isinstance(refused, Refused)
    assert refused.reason is RefusalReason.REVOKED
    assert isinstance(booth.station.present(kept.text), CheckedIn)


def test_cards_made_within_their_day_are_good_at_once(bench: Bench, at: Callable[[datetime], Booth]) -> None:
    today = bench.now.astimezone(UTC).date()
    (card,) = issued(bench, 1, today)
    assert isinstance(at(bench.now + timedelta(minutes=1)).station.present(card.text), CheckedIn)


WRONG = [(0, DAY, TEAM), (201, DAY, TEAM), (1, date(2026, 11, 22), TEAM), (1, DAY, " ")]


@pytest.mark.parametrize(("count", "on", "team"), WRONG)
def test_what_cannot_be_printed_is_refused(bench: Bench, count: int, on: date, team: str) -> None:
    with pytest.raises(CardError):
        issued(bench, count, on, team)


def test_the_sheet_says_the_team_and_the_day_and_its_codes_are_read(bench: Bench, tmp_path: Path) -> None:
    cards = issued(bench, 12)
    with bench.database.writing("registry") as unit:
        pdf = printed_day_cards(CertificateDesk(bench.office(unit), bench.issuer), cards, Look())
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[page].get_textpage().get_text_range() for page in range(len(document))]
    document.close()
    assert len(pages) == 2
    assert "来访志愿者 12" in pages[1]
    assert "2026.12.05" in pages[0]
    assert TEAM[:5] in pages[0].replace("\r\n", "")
    with bench.database.writing("registry") as unit:
        single = printed_day_cards(CertificateDesk(bench.office(unit), bench.issuer), cards[:1], Look(single=True))
    (tmp_path / "day.pdf").write_bytes(pdf)
    assert read(drawn(single), tmp_path) == [cards[0].text]
