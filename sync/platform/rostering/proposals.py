"""Proposals as people use them: begun, looked at while they run, applied or discarded.

Upstream: ``reading``, ``changing``, ``explaining``, ``running``, ``store.proposals``.
Downstream: the planner's page, the commands.

::

    start ─▶ running ── found ─▶ ready ─▶ applied | discarded
                │── ended by itself, or nothing heard of it for too long ─▶ failed

A proposal changes nothing until somebody applies it, and then writes drafts: nobody is asked before the planner
publishes (条例 Art 25). Its state is in the database alone, so any worker answers for any run. The solver works in a
process of its own (``running``); whoever began it writes down what it tells.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from sync.platform.errors import DatabaseAwayError, DecisionError
from sync.platform.ports import Ports, unix_ms
from sync.platform.rostering import running
from sync.platform.rostering.changing import Planner, Wanted
from sync.platform.rostering.explaining import holes, reasons
from sync.platform.rostering.model import Post
from sync.platform.rostering.problem import Firmness, Pair, Problem
from sync.platform.rostering.proposal import (
    Failure,
    Found,
    Going,
    Place,
    Progress,
    Proposal,
    ProposalState,
    Reached,
    Scope,
    Wrong,
)
from sync.platform.rostering.reading import problem_of
from sync.platform.rostering.rules import Violation
from sync.platform.rostering.solved import Effort, Solved
from sync.platform.store import Database, Unit
from sync.platform.store.rosters import OWNER, By
from sync.platform.wording import marked
from sync.protocol.vocabulary import AssignmentState, RosterReason

GRACE_S = 30.0  # beyond what was asked: reading, beginning a process, explaining; after that a silent run is lost
MS_PER_SECOND = 1000
MAY_GO = frozenset({AssignmentState.DRAFT, AssignmentState.OFFERED})
_NONE = marked("There is no such proposal.")
_NOT_READY = marked("This proposal is not ready, or was applied or discarded already.")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of an applied proposal; ``skipped``: what speaks by now against places that it proposed."""

    made: int
    withdrawn: int
    skipped: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposals:
    """The proposals of one platform."""

    database: Database
    ports: Ports

    def start(
        self,
        points: Collection[str],
        from_on: date,
        until_on: date,
        by: By,
        *,
        effort: Effort,
        repair: bool = False,
    ) -> str:
        """Begin a run and return its id at once.

        Args:
            points: ids of service points.
            from_on: the first local day.
            until_on: the last, included.
            by: who asks.
            effort: how hard to try.
            repair: what stands goes before all but coverage, as after a leave.
        """
        scope = Scope(tuple(sorted(points)), from_on, until_on, repair, effort.seconds, effort.seed)
        proposal = Proposal(self.ports.ids(), by.who, by.at_ms, scope, changed_ms=self._now_ms())
        with self.database.writing(OWNER) as unit:
            unit.proposals.put(proposal)
        with self.database.reading() as unit:
            problem = problem_of(unit, points, from_on, until_on, by.at_ms)
            versions = _versions(unit, problem)
        work = _Work(self, proposal.id, problem, versions, effort)
        threading.Thread(target=work.run, name="proposal", daemon=True).start()
        return proposal.id

    def state(self, id_: str) -> Proposal:
        """Return how far a proposal is; one whose worker is gone is failed.

        Raises:
            DecisionError: there is none of that id.
        """
        with self.database.reading() as unit:
            proposal = unit.proposals.proposal(id_)
        if proposal is None:
            raise DecisionError(_NONE)
        return self._end(id_, Failure.LOST) if self._is_lost(proposal) else proposal

    def latest(self, asked_by: str) -> Proposal | None:
        """Return what somebody asked for last, as it is now."""
        with self.database.reading() as unit:
            proposal = unit.proposals.latest(asked_by)
        return None if proposal is None else self.state(proposal.id)

    def apply(self, id_: str, by: By, may: Callable[[Post], bool] = lambda _post: True) -> Applied:
        """Write what was proposed as drafts; what changed meanwhile is judged anew and skipped where a rule says so.

        Args:
            id_: of a proposal that is ready.
            by: who applies it.
            may: which posts that person may plan.

        Raises:
            DecisionError: there is none of that id, or it is not ready.
        """
        with self.database.writing(OWNER) as unit:
            proposal = _ready(unit, id_)
            found = proposal.found or Found()
            planner = Planner(unit, self.ports.ids, by, may=may)
            gone, kept = _withdraw(planner, found.goes)
            posts = unit.rosters.posts_named(each.post for each in found.places)
            mine = [each for each in found.places if each.post not in posts or may(posts[each.post])]
            made, against = planner.assign_all(
                Wanted(each.post, each.volunteer, pinned=False, reason=dict(each.reason)) for each in mine
            )
            unit.proposals.put(replace(proposal, state=ProposalState.APPLIED, changed_ms=self._now_ms()))
        return Applied(len(made), gone, (*kept, *against))

    def discard(self, id_: str) -> Proposal:
        """Put a proposal aside, one that still runs too.

        Raises:
            DecisionError: there is none of that id, or it was applied.
        """
        with self.database.writing(OWNER) as unit:
            proposal = unit.proposals.proposal(id_)
            if proposal is None:
                raise DecisionError(_NONE)
            if proposal.state is ProposalState.APPLIED:
                raise DecisionError(_NOT_READY)
            return unit.proposals.put(
                replace(proposal, state=ProposalState.DISCARDED, found=None, why=None, changed_ms=self._now_ms())
            )

    def note(self, id_: str, progress: Progress) -> bool:
        """Write down how far a run is; return whether anybody still wants it."""

        def further(proposal: Proposal) -> Proposal:
            return replace(proposal, progress=progress)

        return self._change(id_, further).state is ProposalState.RUNNING

    def finish(self, id_: str, found: Found) -> Proposal:
        """Write down what a run found."""
        last = Progress(found.seconds, sum(hole.missing for hole in found.holes), found.gap)
        return self._change(id_, lambda it: replace(it, state=ProposalState.READY, found=found, progress=last))

    def fail(self, id_: str) -> Proposal:
        """Write down that a run ended without finding anything."""
        return self._end(id_, Failure.ENDED)

    def _end(self, id_: str, why: Failure) -> Proposal:
        return self._change(id_, lambda proposal: replace(proposal, state=ProposalState.FAILED, why=why))

    def _change(self, id_: str, change: Callable[[Proposal], Proposal]) -> Proposal:
        """Change a proposal that still runs; one that was decided otherwise meanwhile stays as it is."""
        with self.database.writing(OWNER) as unit:
            proposal = unit.proposals.proposal(id_)
            if proposal is None:
                raise DecisionError(_NONE)
            if proposal.state is not ProposalState.RUNNING:
                return proposal
            return unit.proposals.put(replace(change(proposal), changed_ms=self._now_ms()))

    def _is_lost(self, proposal: Proposal) -> bool:
        silent_ms = self._now_ms() - max(proposal.changed_ms, proposal.asked_ms)
        is_running = proposal.state is ProposalState.RUNNING
        return is_running and silent_ms > (proposal.scope.seconds + GRACE_S) * MS_PER_SECOND

    def _now_ms(self) -> int:
        return unix_ms(self.ports.clock())


@dataclass(frozen=True, slots=True)
class _Work:
    """One run, in a thread that waits for the solver's process and writes down what it tells."""

    proposals: Proposals
    id: str
    problem: Problem
    versions: dict[Pair, tuple[str, int]]
    effort: Effort

    def run(self) -> None:
        try:
            repair = self.proposals.state(self.id).scope.repair
            solved = running.solve_apart(self.problem, self.effort, repair=repair, told=self._told)
            if solved is None:
                self.proposals.fail(self.id)
            else:
                self.proposals.finish(self.id, found_of(self.problem, solved, self.versions))
        except (DatabaseAwayError, DecisionError):
            _log.warning("a proposal could not be written down; it is told as lost after its limit")

    def _told(self, progress: Progress) -> bool:
        return self.proposals.note(self.id, progress)


def found_of(problem: Problem, solved: Solved, versions: dict[Pair, tuple[str, int]]) -> Found:
    """Return what was solved, explained.

    Args:
        problem: what was planned.
        solved: its roster.
        versions: of each place that stands, its assignment's id and version.
    """
    why = reasons(problem, solved.pairs)
    new = [pair for pair in solved.pairs if pair not in problem.held]
    chosen = set(solved.pairs)
    goes = [pair for pair in sorted(problem.held) if pair in versions and pair not in chosen]
    return Found(
        places=tuple(Place(pair.post, pair.person, why[pair]) for pair in new),
        stays=len(solved.pairs) - len(new),
        goes=tuple(_going(pair, versions[pair], solved.dropped) for pair in goes),
        holes=holes(problem, solved.pairs),
        wrong=tuple(_wrong(problem, solved)),
        stages=tuple(Reached(each.name, each.found, each.bound, each.gap) for each in solved.stages),
        needed=sum(post.needed for post in problem.posts),
        gap=solved.gap,
        seconds=solved.seconds,
    )


def _going(pair: Pair, held: tuple[str, int], dropped: Iterable[Violation]) -> Going:
    because = tuple(dict.fromkeys(each.reason for each in dropped if each.pair == pair))
    return Going(held[0], held[1], pair.post, pair.person, because)


def _wrong(problem: Problem, solved: Solved) -> Iterable[Wrong]:
    """Yield what stands firmly though a rule speaks against it: no proposal takes that off, people do."""
    for pair in sorted({each.pair for each in solved.dropped}):
        if problem.held.get(pair) in {Firmness.ACCEPTED, Firmness.WANTED}:
            yield Wrong(pair.post, pair.person, tuple(each.reason for each in solved.dropped if each.pair == pair))


def _versions(unit: Unit, problem: Problem) -> dict[Pair, tuple[str, int]]:
    """Return the places that stand and may go: no more than drafts and offers."""
    places = unit.rosters.assignments(problem.inside, MAY_GO)
    found = {Pair(place.post, place.volunteer): (place.id, place.version) for place in places}
    return {pair: held for pair, held in found.items() if problem.held.get(pair) is not Firmness.WANTED}


def _ready(unit: Unit, id_: str) -> Proposal:
    proposal = unit.proposals.proposal(id_)
    if proposal is None:
        raise DecisionError(_NONE)
    if proposal.state is not ProposalState.READY:
        raise DecisionError(_NOT_READY)
    return proposal


def _withdraw(planner: Planner, goes: Iterable[Going]) -> tuple[int, list[Violation]]:
    """Take off who would go, as far as nothing was changed there since."""
    gone, kept = 0, []
    for each in goes:
        place = planner.unit.rosters.assignment(each.assignment)
        post = planner.unit.rosters.post(each.post)
        is_same = place is not None and place.version == each.version and place.state in MAY_GO
        if post is None or not planner.may(post):
            continue
        if is_same and post.starts_ms > planner.by.at_ms:
            planner.unassign(each.assignment)
            gone += 1
        else:
            kept.append(Violation(Pair(each.post, each.volunteer), RosterReason.CHANGED))
    return gone, kept
