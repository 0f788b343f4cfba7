"""换班: a volunteer asks a colleague to serve instead; what comes of each word on it (docs/adr/0031).

Upstream: ``store``, ``deciding``.
Downstream: ``answering``.

::

    ask ──▶ asked ── agree ─┬─ both hold against every hard rule as if it were done ──▶ done
              │             └─ a rule or a change speaks against it ─────────────────▶ failed
              ├── refuse ──▶ refused
              ├── withdraw ──▶ withdrawn
              └── a place in it changes ──▶ failed

What was settled binds two people, so no later word opens it again; but a colleague whose last word is no is held to
nothing: it counts as leave from the place that came of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.platform.rostering.deciding import (
    Case,
    Decision,
    has_moved,
    objection,
    say_no,
    withdraw_drafts,
)
from sync.platform.rostering.model import LIVE, Assignment, Post, PostState, Swap
from sync.platform.store.rosters import By
from sync.protocol.vocabulary import AssignmentState, RosterReason, SwapState

if TYPE_CHECKING:
    from sync.platform.store import Unit

PLATFORM = "platform"  # who ends an exchange that a change of a place made impossible
COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Sides:
    """Both places of an exchange with their posts; ``wanted`` is None where nothing is asked in return."""

    offered: tuple[Assignment, Post]
    wanted: tuple[Assignment, Post] | None

    @property
    def places(self) -> tuple[str, ...]:
        """The ids of the places."""
        return tuple(place.id for place, _ in self.both)

    @property
    def both(self) -> tuple[tuple[Assignment, Post], ...]:
        """What there is of the two."""
        return (self.offered,) if self.wanted is None else (self.offered, self.wanted)


def ask(case: Case) -> Decision:
    """Decide a volunteer's wish to exchange an own place."""
    answer, unit = case.answer, case.unit
    own = _side(unit, answer.of)
    wanted = None if answer.in_return is None else _side(unit, answer.in_return)
    named = answer.colleague is not None and unit.registry.volunteer(answer.colleague) is not None
    if own is None or not named or (answer.in_return is not None and wanted is None):
        return case.void(RosterReason.UNKNOWN, None if own is None else own[1].id)
    spoilt = _spoilt(case, Sides(own, wanted))
    if spoilt is not None:
        return spoilt
    _note(case, own)
    return case.done(own[1].id)


def agree(case: Case) -> Decision:
    """Decide a colleague's consent: the exchange is made, or it fails."""
    swap = case.unit.rosters.swap(case.answer.of)
    sides = None if swap is None else _sides(case.unit, swap)
    if swap is None or sides is None:
        return case.void(RosterReason.UNKNOWN)
    post = sides.offered[1].id
    if case.answer.volunteer != swap.colleague:
        return case.refuse(RosterReason.NOT_OWN, post)
    if swap.state is not SwapState.ASKED:
        return case.done(post) if swap.state is SwapState.DONE else case.void(RosterReason.CHANGED, post)
    if _is_broken(case.unit, swap, sides):
        _end(case, swap, SwapState.FAILED, RosterReason.CHANGED)
        return case.void(RosterReason.CHANGED, post)
    why = RosterReason.BEGUN if _is_begun(case, sides) else _objection(case, swap, sides)
    if why is not None:
        _end(case, swap, SwapState.FAILED, why)
        return case.refuse(why, post)
    _exchange(case, swap, sides)
    return case.done(post)


def refuse(case: Case) -> Decision:
    """Decide a colleague's no; after an exchange was made it is leave from the place that came of it."""
    swap = case.unit.rosters.swap(case.answer.of)
    sides = None if swap is None else _sides(case.unit, swap)
    if swap is None or sides is None:
        return case.void(RosterReason.UNKNOWN)
    place, post = sides.offered
    if case.answer.volunteer != swap.colleague:
        return case.refuse(RosterReason.NOT_OWN, post.id)
    if swap.state is SwapState.DONE and post.state is PostState.PUBLISHED:
        live = [each for each in case.unit.rosters.assignments([post.id], LIVE) if each.volunteer == swap.colleague]
        return say_no(case, post, live[0] if live else place)
    return _close(case, swap, sides, SwapState.REFUSED)


def withdraw(case: Case) -> Decision:
    """Decide that who asked does not want it any more."""
    swap = case.unit.rosters.swap(case.answer.of)
    sides = None if swap is None else _sides(case.unit, swap)
    if swap is None or sides is None:
        return case.void(RosterReason.UNKNOWN)
    if case.answer.volunteer != swap.volunteer:
        return case.refuse(RosterReason.NOT_OWN, sides.offered[1].id)
    return _close(case, swap, sides, SwapState.WITHDRAWN)


def end_broken(unit: Unit, now_ms: int) -> int:
    """End the open exchanges of which a place changed, by whomever; return how many."""
    broken = unit.exchanges.broken()
    for swap in broken:
        side = _side(unit, swap.assignment)
        failed = replace(swap, state=SwapState.FAILED, why=RosterReason.CHANGED, settled_ms=now_ms)
        unit.rosters.put_swap(failed, "" if side is None else side[1].point, By(PLATFORM, now_ms, COMMAND))
    return len(broken)


def _spoilt(case: Case, sides: Sides) -> Decision | None:
    """Return why an exchange cannot be asked for, or None; rules are asked when the colleague agrees."""
    answer, post, owners = case.answer, sides.offered[1].id, (case.answer.volunteer, case.answer.colleague)
    if any(place.volunteer != owner for (place, _), owner in zip(sides.both, owners, strict=False)):
        return case.refuse(RosterReason.NOT_OWN, post)
    if answer.colleague == answer.volunteer or (sides.wanted is not None and sides.wanted[1].id == post):
        return case.refuse(RosterReason.TWICE, post)
    if not all(map(_stands, sides.both)) or has_moved(case.unit, sides.offered[1], said_by_ms=case.given.hi_ms):
        return case.void(RosterReason.CHANGED, post)
    return case.refuse(RosterReason.BEGUN, post) if _is_begun(case, sides) else None


def _close(case: Case, swap: Swap, sides: Sides, state: SwapState) -> Decision:
    post = sides.offered[1].id
    if swap.state is state:
        return case.done(post)
    if swap.state is not SwapState.ASKED:
        return case.void(RosterReason.CHANGED, post)
    if _is_begun(case, sides):
        return case.refuse(RosterReason.BEGUN, post)
    _end(case, swap, state)
    return case.done(post)


def _note(case: Case, own: tuple[Assignment, Post]) -> None:
    """Write an exchange that is asked for, once, under the id of the answer: so its device can speak of it at once."""
    answer, (place, post) = case.answer, own
    asked = case.unit.rosters.swaps_of([place.id], {SwapState.ASKED})
    if answer.colleague is None or any(
        (each.assignment, each.colleague, each.in_return) == (place.id, answer.colleague, answer.in_return)
        for each in asked
    ):
        return
    id_ = answer.id if case.unit.rosters.swap(answer.id) is None else case.ids()
    parties = place.id, answer.volunteer, answer.colleague, answer.in_return
    case.unit.rosters.put_swap(Swap(id_, *parties, SwapState.ASKED, case.now_ms), post.point, case.by)


def _exchange(case: Case, swap: Swap, sides: Sides) -> None:
    """Make both changes: each old place is exchanged, and each volunteer has a new one."""
    rosters = case.unit.rosters
    for (place, post), volunteer in zip(sides.both, (swap.colleague, swap.volunteer), strict=False):
        rosters.put_assignment(replace(place, state=AssignmentState.SWAPPED), case.by)
        rosters.put_assignment(Assignment(case.ids(), post.id, volunteer, AssignmentState.ACCEPTED), case.by)
    _end(case, swap, SwapState.DONE)
    for (_, post), volunteer in zip(sides.both, (swap.colleague, swap.volunteer), strict=False):
        withdraw_drafts(case, post, volunteer)


def _objection(case: Case, swap: Swap, sides: Sides) -> RosterReason | None:
    """Return what speaks against an exchange, as if both changes were made already, or None."""
    pairs = zip(sides.both, (swap.colleague, swap.volunteer), strict=False)
    against = (objection(case, post, volunteer, sides.places) for (_, post), volunteer in pairs)
    return next((why for why in against if why is not None), None)


def _end(case: Case, swap: Swap, state: SwapState, why: RosterReason | None = None) -> None:
    side = _side(case.unit, swap.assignment)
    ended = replace(swap, state=state, why=why, settled_ms=case.now_ms)
    case.unit.rosters.put_swap(ended, "" if side is None else side[1].point, case.by)


def _is_broken(unit: Unit, swap: Swap, sides: Sides) -> bool:
    """Tell whether a place in it is no longer what it was when the exchange was asked for."""
    owners = (swap.volunteer, swap.colleague)
    kept = all(_stands(side) and side[0].volunteer == owner for side, owner in zip(sides.both, owners, strict=False))
    return not kept or any(has_moved(unit, post, said_by_ms=swap.asked_ms) for _, post in sides.both)


def _is_begun(case: Case, sides: Sides) -> bool:
    return any(case.is_begun(post) for _, post in sides.both)


def _stands(side: tuple[Assignment, Post]) -> bool:
    place, post = side
    return place.state is AssignmentState.ACCEPTED and post.state is PostState.PUBLISHED


def _sides(unit: Unit, swap: Swap) -> Sides | None:
    offered = _side(unit, swap.assignment)
    wanted = None if swap.in_return is None else _side(unit, swap.in_return)
    if offered is None or (swap.in_return is not None and wanted is None):
        return None
    return Sides(offered, wanted)


def _side(unit: Unit, id_: str) -> tuple[Assignment, Post] | None:
    place = unit.rosters.assignment(id_)
    post = None if place is None else unit.rosters.post(place.post)
    return None if place is None or post is None else (place, post)
