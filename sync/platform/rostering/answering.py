"""Volunteers' words on the roster, decided one after another in the order of arrival (docs/adr/0031).

Upstream: ``store``, ``outlook``.
Downstream: ``receiving`` (after a batch), ``feed``, the volunteers' pages.

Decided is in transactions of one owner, so that each sees all that was decided before, however many workers there are.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.platform.rostering.outlook import Colleague, Exchange, OpenPlace, Outlook, OwnPlace
from sync.protocol.vocabulary import LeaveReason, RosterAnswer

__all__ = ["Colleague", "Exchange", "OpenPlace", "Outlook", "OwnPlace", "Said"]


@dataclass(frozen=True, slots=True)
class Said:
    """What a volunteer says on a page; fields as of ``sync.protocol.roster.RosterResponse``."""

    volunteer: str
    answer: RosterAnswer
    of: str
    version: int = 0
    colleague: str | None = None
    in_return: str | None = None
    reason: LeaveReason | None = None
