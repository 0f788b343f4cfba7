"""Why something asked about an own record was not done: values with a sentence, never exceptions.

Upstream: nothing.
Downstream: ``kiosk.usecases``, ``kiosk.presenter.records`` (one sentence for each).
"""

from __future__ import annotations

from enum import StrEnum


class RecordRefusal(StrEnum):
    """Of an act on own records; nothing was recorded."""

    SCAN_AGAIN = "scan_again"  # the card was shown too long ago to speak for whoever stands here now
    NOT_YOURS = "not_yours"
    STILL_OPEN = "still_open"
    WITHDRAWN = "withdrawn"
    COUNTS_NOTHING = "counts_nothing"  # practice and paid work
    ALREADY_OBJECTED = "already_objected"
    NOT_RATED = "not_rated"  # a rating that was never given cannot be disputed
    NOT_THIS_STAR = "not_this_star"
    ALREADY_APPLIED = "already_applied"
    NOT_YOUR_PLACE = "not_your_place"  # on the roster
    PLACE_GONE = "place_gone"
    BEGUN = "begun"
    ANSWERED_SO = "answered_so"
    DOES_NOT_FIT = "does_not_fit"
