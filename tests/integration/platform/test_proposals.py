"""A proposal runs apart, is looked at, applied or discarded; what changed meanwhile is judged anew."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from sync.platform.errors import DecisionError
from sync.platform.ports import Ports
from sync.platform.rostering import running
from sync.platform.rostering.problem import Pair
from sync.platform.rostering.proposal import Failure, Progress, Proposal, ProposalState, Scope
from sync.platform.rostering.proposals import Applied, Proposals, found_of
from sync.platform.rostering.solved import Effort
from sync.platform.rostering.solving import solve
from sync.platform.store import Database
from sync.platform.store.rosters import OWNER
from sync.protocol.vocabulary import AssignmentState, RosterReason
from tests.integration.platform.emptied import SQLITE
from tests.support import problems
from tests.support.rosters import NUMBERS, POINTS, WEEKS, Town, post_at

EFFORT = Effort(seconds=5, workers=1, steps=0.5)
PATIENCE_S = 60.0


@dataclass
class Desk:
    """A town, its proposals, and a clock that goes with the town's."""

    town: Town
    proposals: Proposals

    @classmethod
    def over(cls, town: Town) -> Desk:
        def clock() -> datetime:
            return datetime.fromtimestamp(town.now_ms / 1000, UTC)

        return cls(town, Proposals(town.database, Ports(clock, town.ids, lambda size: b"\1" * size)))

    def start(self, effort: Effort = EFFORT) -> str:
        return self.proposals.start(POINTS, *WEEKS, self.town.by, effort=effort)

    def ended(self, id_: str) -> Proposal:
        until_s = time.monotonic() + PATIENCE_S
        while (proposal := self.proposals.state(id_)).state is ProposalState.RUNNING:
            assert time.monotonic() < until_s, proposal
            time.sleep(0.05)
        return proposal

    def ready(self) -> Proposal:
        """Have a proposal that was solved here, with no process of its own."""
        id_ = "made-here"
        with self.town.database.writing(OWNER) as unit:
            problem = self.town.problem()
            held = [place for place in self.town.places() if place.state is not AssignmentState.ACCEPTED]
            versions = {Pair(place.post, place.volunteer): (place.id, place.version) for place in held}
            asked = Proposal(id_, "planner", self.town.now_ms, scope_of(), changed_ms=self.town.now_ms)
            unit.proposals.put(asked)
        return self.proposals.finish(id_, found_of(problem, solve(problem, EFFORT), versions))


@pytest.fixture
def stored_in() -> str:
    """Threads and processes ask at once: a file, not one in memory."""
    return SQLITE


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    database = Database.open(database_url)
    yield Desk.over(Town(database).settle())
    database.close()


def test_a_proposal_runs_apart_and_is_applied_as_drafts_with_their_reasons(desk: Desk) -> None:
    posts = [desk.town.put(post_at(day, 9, 12, needed=2)) for day in range(3)]
    desk.town.put(post_at(3, 9, 12, training="aed"))
    pinned = desk.town.assign(posts[0], NUMBERS[4])
    id_ = desk.start()
    proposal = desk.ended(id_)
    assert proposal.state is ProposalState.READY, proposal
    found = proposal.found
    assert found is not None
    assert (len(found.places), found.stays, found.needed, found.goes) == (5, 1, 7, ())
    assert [(hole.missing, hole.fills[0].kind) for hole in found.holes] == [(1, "training")]
    assert proposal.progress == Progress(found.seconds, 1, found.gap)
    assert desk.town.places() == [pinned]
    assert desk.proposals.apply(id_, desk.town.by) == Applied(made=5, withdrawn=0)
    made = [place for place in desk.town.places() if place.id != pinned.id]
    assert {place.state for place in made} == {AssignmentState.DRAFT}
    assert all(place.reason and place.reason["why"] and not place.pinned for place in made)
    with pytest.raises(DecisionError, match="applied"):
        desk.proposals.apply(id_, desk.town.by)
    latest = desk.proposals.latest("planner")
    assert latest is not None
    assert latest.state is ProposalState.APPLIED


def test_what_changed_meanwhile_is_judged_anew_and_skipped_with_its_reason(desk: Desk) -> None:
    morning, noon = desk.town.put(post_at(0, 9, 12)), desk.town.put(post_at(1, 9, 12))
    proposal = desk.ready()
    assert proposal.found is not None
    taken = next(place for place in proposal.found.places if place.post == morning.id)
    other = next(number for number in NUMBERS if number != taken.volunteer)
    desk.town.assign(morning, other)
    applied = desk.proposals.apply(proposal.id, desk.town.by)
    assert applied.made == 1
    assert [(each.pair, each.reason) for each in applied.skipped] == [
        (Pair(morning.id, taken.volunteer), RosterReason.POST_FULL)
    ]
    assert {place.post for place in desk.town.places()} == {morning.id, noon.id}


def test_who_would_go_goes_only_where_nothing_was_said_since(desk: Desk) -> None:
    posts = [desk.town.put(post_at(day, 9, 12)) for day in range(2)]
    first, second = (desk.town.assign(post, NUMBERS[0]) for post in posts)
    desk.town.publish()
    for place in (first, second):
        desk.town.answer(place, pinned=False)
    desk.town.decide(NUMBERS[0], suspended=True)
    proposal = desk.ready()
    assert proposal.found is not None
    assert [(going.post, going.because) for going in proposal.found.goes] == [
        (post.id, (RosterReason.SUSPENDED,)) for post in sorted(posts, key=lambda post: post.id)
    ]
    desk.town.answer(second, state=AssignmentState.ACCEPTED)
    applied = desk.proposals.apply(proposal.id, desk.town.by)
    assert (applied.made, applied.withdrawn) == (1, 1)
    assert applied.skipped[0].reason is RosterReason.CHANGED
    assert desk.town.place(first).state is AssignmentState.WITHDRAWN
    assert desk.town.place(second).state is AssignmentState.ACCEPTED


def test_a_run_whose_worker_is_gone_is_told_as_lost_and_one_discarded_stays_so(desk: Desk) -> None:
    desk.town.put(post_at(0, 9, 12))
    waiting = Proposal("of-a-killed-worker", "planner", desk.town.now_ms, scope_of(), changed_ms=desk.town.now_ms)
    with desk.town.database.writing(OWNER) as unit:
        unit.proposals.put(waiting)
    assert desk.proposals.note(waiting.id, Progress(1.0, 3, 0.5))
    assert desk.proposals.state(waiting.id).progress.holes == 3
    desk.town.now_ms += 36_000
    assert desk.proposals.state(waiting.id).why is Failure.LOST
    assert not desk.proposals.note(waiting.id, Progress())
    done = desk.ready()
    assert desk.proposals.discard(done.id).state is ProposalState.DISCARDED
    with pytest.raises(DecisionError, match="discarded"):
        desk.proposals.apply(done.id, desk.town.by)
    with pytest.raises(DecisionError, match="no such"):
        desk.proposals.state("never heard of")


def test_the_solvers_process_ends_when_nobody_wants_it_any_more() -> None:
    posts = [
        problems.post(f"{day}-{starts}", starts, starts + 3, day, needed=2) for day in range(21) for starts in (9, 14)
    ]
    people = [
        problems.person(
            f"p{number:02}",
            team="abcde"[number % 5],
            mates=frozenset({f"p{number * 7 % 30:02}"}),
            newcomer=number % 3 == 0,
            guide=number % 7 == 0,
            most_a_week=2,
            minutes_this_year=number * 137 % 1500,
        )
        for number in range(30)
    ]
    heard: list[Progress] = []

    def told(progress: Progress) -> bool:
        heard.append(progress)
        return False

    began_s = time.monotonic()
    hard = problems.problem(posts, people)
    assert running.solve_apart(hard, Effort(seconds=50), repair=False, told=told) is None
    assert len(heard) == 1
    assert time.monotonic() - began_s < PATIENCE_S / 2


def scope_of() -> Scope:
    return Scope(POINTS, *WEEKS, seconds=5)
