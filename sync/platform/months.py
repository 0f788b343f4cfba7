"""The month in which something was, as China counts it: what totals are kept by.

Upstream: nothing.
Downstream: ``store`` (totals), the console's figures.

China has had one zone without summer time since 1991, so a month begins at a fixed offset; every database can do the
same arithmetic (``recounting``).
"""

from __future__ import annotations

from datetime import UTC, datetime

OFFSET_MS = 8 * 3600 * 1000
FIRST_MS, LAST_MS = 0, 253_402_128_000_000  # 1970 … 9999: a wrong clock need not keep to a calendar
MONTHS = 12


def month_of(ms: int) -> str:
    """Return the month of an instant (UTC ms), as ``2026-07``; what lies before 1970 is of its first month."""
    local_ms = min(max(ms + OFFSET_MS, FIRST_MS), LAST_MS)
    return datetime.fromtimestamp(local_ms // 1000, UTC).strftime("%Y-%m")


def begin_ms(month: str) -> int:
    """Return the first instant of a month, UTC ms."""
    year, number = (int(part) for part in month.split("-"))
    return round(datetime(year, number, 1, tzinfo=UTC).timestamp() * 1000) - OFFSET_MS


def following(month: str) -> str:
    """Return the month after one."""
    year, number = (int(part) for part in month.split("-"))
    return f"{year + number // MONTHS:04}-{number % MONTHS + 1:02}"


def preceding(month: str) -> str:
    """Return the month before one."""
    year, number = (int(part) for part in month.split("-"))
    return f"{year - (number == 1):04}-{(number - 2) % MONTHS + 1:02}"
