"""What each role may see and do, and where: a table, and terms of office that open it and close it again (REQ 2.1).

Upstream: nothing; pure.
Downstream: ``people``, ``console.gate``, the pages.

A right holds as long as a term that gives it, to the millisecond; there is nothing else to take away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """The roles of REQ 2.1, as appointments name them, and two of the platform itself."""

    HEAD = "head"  # 站长
    DEPUTY_HEAD = "deputy_head"  # 副站长
    ORGANISER = "organiser"  # 组织委员
    PUBLICIST = "publicist"  # 宣传委员
    CAPTAIN = "captain"  # 服务队队长
    KEEPER = "keeper"  # 平台管理员
    AUDITOR = "auditor"  # 检查人员, reads only


class Right(StrEnum):
    """One thing the console shows or does."""

    FIGURES = "figures"  # sums without names
    LEDGER = "ledger"  # records and volunteers with their names
    EXPORT = "export"  # a file that leaves the platform
    CARDS = "cards"  # volunteers' cards
    DEVICES = "devices"
    TEND = "tend"  # acknowledge an alarm
    ENROL = "enrol"  # codes for new devices
    REVOKE = "revoke"  # refuse a device for good
    QUARANTINE = "quarantine"  # read what was set apart
    DECIDE = "decide"  # reject it, ask the station, take it up again
    HOURS = "hours"  # propose and confirm hours by hand: people of the station alone
    ROSTER = "roster"  # plan who is asked for which post: people of the station alone
    ACCOUNTS = "accounts"
    AUDIT = "audit"


_STATION = frozenset(Right) - {Right.ACCOUNTS}
RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.HEAD: _STATION,
        Role.DEPUTY_HEAD: _STATION,
        Role.ORGANISER: frozenset({Right.FIGURES, Right.LEDGER, Right.EXPORT, Right.CARDS, Right.ROSTER}),
        Role.PUBLICIST: frozenset({Right.FIGURES}),
        Role.CAPTAIN: frozenset({Right.FIGURES, Right.LEDGER, Right.QUARANTINE, Right.HOURS, Right.ROSTER}),
        Role.KEEPER: frozenset(Right) - {Right.HOURS, Right.ROSTER},
        Role.AUDITOR: frozenset({Right.FIGURES, Right.LEDGER, Right.DEVICES, Right.QUARANTINE, Right.AUDIT}),
    }
)
EVERYWHERE = frozenset({Role.KEEPER, Role.AUDITOR})  # roles that may stand without a service point
TEAM_BOUND = frozenset({Role.CAPTAIN})

Places = tuple[tuple[str, str | None], ...]  # service points, each with one team or with all (None)


@dataclass(frozen=True, slots=True)
class Holding:
    """A role from an instant until another (UTC ms, the end excluded), at one service point or at all, for one team."""

    role: Role
    from_ms: int
    until_ms: int
    service_point: str | None = None
    team: str | None = None

    def is_in_force(self, now_ms: int) -> bool:
        """Tell whether the term runs at an instant, UTC ms."""
        return self.from_ms <= now_ms < self.until_ms


def in_force(holdings: Iterable[Holding], now_ms: int) -> tuple[Holding, ...]:
    """Return the holdings whose term runs at an instant, UTC ms."""
    return tuple(each for each in holdings if each.is_in_force(now_ms))


def giving(holdings: Iterable[Holding], right: Right) -> tuple[Holding, ...]:
    """Return the holdings that give a right; of a captain without a team there is nothing to give."""
    return tuple(each for each in holdings if right in RIGHTS[each.role] and _is_whole(each))


def places_of(holdings: Iterable[Holding], right: Right) -> Places | None:
    """Return where a right holds: None for everywhere, else service points with their team; empty for nowhere."""
    given = giving(holdings, right)
    if any(each.service_point is None for each in given):
        return None
    found = {(each.service_point or "", each.team if each.role in TEAM_BOUND else None) for each in given}
    return tuple(sorted(found, key=lambda place: (place[0], place[1] or "")))


def covers(places: Places | None, service_point: str, team: str | None = None) -> bool:
    """Tell whether a service point (and, for who has one team alone, the team) is among some places."""
    if places is None:
        return True
    return any(point == service_point and own in {None, team} for point, own in places)


def points_in(places: Places | None) -> frozenset[str] | None:
    """Return the service points of some places, None for all."""
    return None if places is None else frozenset(point for point, _ in places)


def _is_whole(holding: Holding) -> bool:
    if holding.service_point is None:
        return holding.role in EVERYWHERE
    return bool(holding.team) or holding.role not in TEAM_BOUND
