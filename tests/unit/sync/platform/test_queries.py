"""What a reader asked for: read where it can be read, left out and said where it cannot."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.platform.console.queries import LedgerQuery, day_bounds, filter_of, read_query
from sync.protocol.vocabulary import SessionState

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_local_day_is_two_instants() -> None:
    assert day_bounds(date(2026, 7, 3), SHANGHAI) == (1_783_008_000_000, 1_783_094_400_000)
    assert day_bounds(date.max, SHANGHAI)[0] <= day_bounds(date.max, SHANGHAI)[1]


def test_a_filled_form_is_read() -> None:
    query = read_query({"day": "2026-07-03", "volunteer": " 张 ", "state": "open", "page": "3"})
    assert query == LedgerQuery(date(2026, 7, 3), "张", SessionState.OPEN, 3)
    assert (query.is_narrowed, query.offset) == (True, 100)
    assert filter_of(query, SHANGHAI).from_ms == 1_783_008_000_000


@pytest.mark.parametrize("given_", [{"day": "yesterday"}, {"state": "gone"}])
def test_what_cannot_be_read_is_left_out_and_said(given_: dict[str, str]) -> None:
    query = read_query(given_)
    assert query.unreadable
    assert not query.is_narrowed


@given(st.dictionaries(st.sampled_from(["day", "volunteer", "state", "page"]), st.text()))
def test_no_address_is_an_error(given_: dict[str, str]) -> None:
    query = read_query(given_)
    assert query.page >= 1
    assert query.volunteer.isprintable()
    filter_of(query, SHANGHAI)
