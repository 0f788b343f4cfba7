"""The log of batches: kept as long as the law asks, and whole months go at once."""

from __future__ import annotations

import pytest

from sync.platform.months import begin_ms, following, month_of, preceding
from tests.integration.platform.conftest import POSTGRESQL, START_MS, Running
from tests.integration.platform.fleet import send
from tests.integration.platform.test_upload import one_duty

KEEP = 6


def logged(platform: Running) -> int:
    return int(platform.sql("SELECT count(*) FROM batches")[0][0])


def answered_at(platform: Running, at_ms: int) -> None:
    """Have a batch answered at an instant."""
    device = platform.device()
    one_duty(device)
    send(platform.url, device)
    platform.sql(f"UPDATE batches SET received_ms = {at_ms} WHERE device = '{device.id}'")  # noqa: S608 - of this test


def test_what_the_law_asks_for_is_kept_and_the_rest_goes(platform: Running) -> None:
    first = month_of(START_MS)
    for _ in range(KEEP):
        first = preceding(first)
    platform.database.tend_log(START_MS, KEEP)
    for at_ms in (begin_ms(first) - 1, begin_ms(preceding(first)), begin_ms(first), START_MS, START_MS + 1):
        answered_at(platform, at_ms)
    assert logged(platform) == 5
    platform.database.tend_log(START_MS, KEEP)
    assert logged(platform) == 3


@pytest.mark.parametrize("stored_in", [POSTGRESQL], indirect=True)
def test_months_are_made_ahead_and_dropped_whole_and_what_had_none_moves_into_its_own(platform: Running) -> None:
    answered_at(platform, START_MS)
    assert platform.sql("SELECT count(*) FROM batches_rest") == [(1,)]
    platform.database.tend_log(START_MS, KEEP)
    assert platform.sql("SELECT count(*) FROM batches_rest") == [(0,)]
    assert platform.sql("SELECT count(*) FROM batches_2026_07") == [(1,)]
    answered_at(platform, begin_ms(following("2026-07")))
    assert platform.sql("SELECT count(*) FROM batches_2026_08") == [(1,)]
    platform.database.tend_log(begin_ms("2027-02"), KEEP)
    assert platform.sql("SELECT to_regclass('batches_2026_07'), count(*) FROM batches") == [(None, 1)]
    assert platform.sql("SELECT to_regclass('batches_2028_02')::text") == [("batches_2028_02",)]


def test_a_month_has_one_before_and_one_after() -> None:
    assert (preceding("2026-01"), following("2026-12"), preceding("2026-08")) == ("2025-12", "2027-01", "2026-07")
    assert (month_of(begin_ms("2026-07")), month_of(begin_ms("2026-07") - 1)) == ("2026-07", "2026-06")
    assert (month_of(-(2**53)), month_of(2**53)) == ("1970-01", "9999-12")
