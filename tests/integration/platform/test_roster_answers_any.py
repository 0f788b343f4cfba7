"""Whatever volunteers say, wherever, however late and however often it arrives: properties of answers to the roster.

The oracle knows the true instants, which the platform does not: booths' clocks are theirs, and come to it late.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sync.platform.rostering.model import LIVE, Assignment, Given, Post
from sync.platform.rostering.reading import judge
from sync.platform.rostering.saying import Word, is_yes
from sync.platform.rostering.told import outcomes_at
from sync.protocol.vocabulary import AnswerOutcome, AssignmentState, RosterAnswer, SwapState
from tests.integration.platform.emptied import DEVICES
from tests.support.answering import Booths, another_town
from tests.support.rosters import NUMBERS, POINTS, post_at

YES, NO = {RosterAnswer.ACCEPT, RosterAnswer.TAKE}, {RosterAnswer.DECLINE, RosterAnswer.LEAVE}
PAGE = "page"
FEW = settings(
    max_examples=10,
    deadline=None,
    phases=(Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@dataclass(slots=True)
class Life:
    """A town in which anything is said, and what must hold of it after every step."""

    booths: Booths
    posts: list[Post] = field(default_factory=list)
    said: dict[str, tuple[str, int]] = field(default_factory=dict)  # who, and truly when, by answer
    outcomes: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def plan(self) -> None:
        """Publish some posts, and offer places at some of them."""
        town = self.booths.town
        self.posts += [
            town.put(post_at(1, 9, 12)),
            town.put(post_at(1, 11, 13, POINTS[1])),
            town.put(post_at(1, 13, 15, needed=2)),
            town.put(post_at(2, 9, 12, skill="english")),
        ]
        for post, number in zip(self.posts[:3], NUMBERS, strict=False):
            town.assign(post, number)
        town.publish()

    def things(self) -> list[str]:
        """Everything of which something can be said, and nonsense."""
        database = self.booths.town.database
        with database.reading() as unit:
            places = unit.rosters.assignments([post.id for post in self.posts], None)
            swaps = unit.rosters.swaps_of(place.id for place in places)
        return [*(p.id for p in self.posts), *sorted(p.id for p in places), *sorted(s.id for s in swaps), "nonsense"]

    def every(self) -> list[Assignment]:
        """All places."""
        with self.booths.town.database.reading() as unit:
            return list(unit.rosters.assignments([post.id for post in self.posts], None))

    def say(self, where: str, volunteer: str, answer: RosterAnswer, of: str, more: dict[str, str]) -> None:
        """Let somebody say something somewhere."""
        if where == PAGE:
            settled = self.booths.on_page(volunteer, answer, of, **more)
            self.said[settled.id] = volunteer, settled.received_ms
        else:
            id_ = self.booths.says(where, volunteer, answer, of, **more)
            self.said[id_] = volunteer, self.booths.town.now_ms

    def bring(self, where: str, data: st.DataObject) -> None:
        """Let some of what a booth recorded arrive, in any order."""
        log = self.booths.devices[where].log
        if log:
            some = data.draw(st.lists(st.sampled_from(log), min_size=1, max_size=6, unique_by=lambda each: each.id))
            self.booths.arrives(where, some)

    def withdraw(self, data: st.DataObject) -> None:
        """Let the planner take somebody off."""
        live = [place for place in self.every() if place.state in LIVE]
        if live:
            self.booths.town.plan(lambda planner: planner.unassign(data.draw(st.sampled_from(live)).id))
            self.booths.settle()

    def check(self, before: Sequence[Assignment]) -> None:
        """Hold every promise against what stands."""
        places = self.every()
        self.check_places(places)
        self.check_given(before, places)
        self.check_outcomes()

    def check_places(self, places: Sequence[Assignment]) -> None:
        """No post is over-full, nobody is there twice, and no rule is broken by anything accepted."""
        live = [place for place in places if place.state in LIVE]
        held = Counter(place.post for place in live)
        assert all(held[post.id] <= post.needed for post in self.posts)
        assert all(count == 1 for count in Counter((place.post, place.volunteer) for place in live).values())
        with self.booths.town.database.reading() as unit:
            posts = {post.id: post for post in self.posts}
            for place in live:
                if place.state is AssignmentState.ACCEPTED:
                    at = (posts[place.post], place.volunteer, self.booths.town.now_ms)
                    assert not judge(unit, *at, without=(place.id,), volunteered=True)

    def check_given(self, before: Sequence[Assignment], places: Sequence[Assignment]) -> None:
        """Who was given a place loses it by an own word, by the planner, or by an exchange both agreed to."""
        now = {place.id: place for place in places}
        for place in before:
            after = now[place.id]
            if place.state is AssignmentState.ACCEPTED and after.state is not AssignmentState.ACCEPTED:
                is_own = after.changed_by == place.volunteer and after.state is AssignmentState.LEFT
                is_planned = after.changed_by == self.booths.town.who
                assert is_own or is_planned or self.is_exchanged(after)

    def is_exchanged(self, place: Assignment) -> bool:
        """Tell whether a place went in an exchange that its volunteer is a party to."""
        with self.booths.town.database.reading() as unit:
            done = unit.rosters.swaps_of([place.id], {SwapState.DONE})
        return place.state is AssignmentState.SWAPPED and any(
            place.volunteer in {swap.volunteer, swap.colleague} for swap in done
        )

    def check_outcomes(self) -> None:
        """Every answer that arrived has one outcome for good, and whoever has not read it is told."""
        arrived = {event.id for _, events in self.booths.brought for event in events}
        now_ms = self.booths.town.now_ms
        with self.booths.town.database.reading() as unit:
            told = {each.id for point in POINTS for each in outcomes_at(unit, point, NUMBERS, now_ms)}
            answers = [found for id_ in self.said if (found := unit.roster_answers.find(id_))]
            assert not unit.roster_answers.is_waiting()
        assert {answer.id for answer in answers} >= arrived & self.said.keys()
        for answer in answers:
            assert self.outcomes.setdefault(answer.id, (answer.outcome, answer.why)) == (answer.outcome, answer.why)
            assert answer.outcome is not None
            if answer.outcome is AnswerOutcome.LOST:
                assert answer.post is not None
            if answer.post is not None and answer.seen_ms is None:
                assert answer.id in told
            loses = answer.outcome is not AnswerOutcome.DONE and answer.answer is not RosterAnswer.SEEN
            assert not (loses and answer.seen_ms) or answer.id in self.seen

    def check_last_words(self) -> None:
        """Who has a place said no word against it after all: by the true instants."""
        with self.booths.town.database.reading() as unit:
            answers = [found for id_ in self.said if (found := unit.roster_answers.find(id_))]
        for place in self.every():
            own = [each for each in answers if each.volunteer == place.volunteer and each.of == place.id]
            noes = [
                self.said[each.id][1] for each in own if each.answer in NO and each.outcome is not AnswerOutcome.VOID
            ]
            if place.state is AssignmentState.ACCEPTED and noes:
                yes = [each for each in answers if each.volunteer == place.volunteer and each.post == place.post]
                assert any(self.said[each.id][1] > max(noes) for each in yes if each.answer in YES)


def sensible(life: Life, data: st.DataObject) -> tuple[str, RosterAnswer, str, dict[str, str]]:
    """Draw something that somebody could well say."""
    places = life.every()
    with life.booths.town.database.reading() as unit:
        swaps = unit.rosters.swaps_of(place.id for place in places)
    kind = data.draw(st.sampled_from(["take", "place", "place", "ask", "ask", "swap", "swap", "swap"]))
    if kind == "swap" and swaps:
        swap = data.draw(st.sampled_from(swaps))
        if data.draw(st.integers(0, 4)) == 0:
            return swap.volunteer, RosterAnswer.WITHDRAW_SWAP, swap.id, {}
        consent = data.draw(
            st.sampled_from([RosterAnswer.AGREE_SWAP, RosterAnswer.AGREE_SWAP, RosterAnswer.REFUSE_SWAP])
        )
        return swap.colleague, consent, swap.id, {}
    if kind == "take" or not places:
        return data.draw(st.sampled_from(NUMBERS)), RosterAnswer.TAKE, data.draw(st.sampled_from(life.posts)).id, {}
    place = data.draw(st.sampled_from(places))
    if kind == "place":
        words = [RosterAnswer.ACCEPT, RosterAnswer.ACCEPT, RosterAnswer.DECLINE, RosterAnswer.LEAVE]
        return place.volunteer, data.draw(st.sampled_from(words)), place.id, {}
    other = data.draw(st.sampled_from(places))
    wanted = {"in_return": other.id} if data.draw(st.booleans()) else {}
    return place.volunteer, RosterAnswer.ASK_SWAP, place.id, {"colleague": other.volunteer, **wanted}


def anything(life: Life, data: st.DataObject) -> tuple[str, RosterAnswer, str, dict[str, str]]:
    """Draw what makes little sense."""
    answer = data.draw(st.sampled_from([each for each in RosterAnswer if each is not RosterAnswer.SEEN]))
    more = {"colleague": data.draw(st.sampled_from(NUMBERS)), "in_return": data.draw(st.sampled_from(life.things()))}
    return data.draw(st.sampled_from(NUMBERS)), answer, data.draw(st.sampled_from(life.things())), more


def step(life: Life, data: st.DataObject) -> None:
    """Let one thing happen."""
    act = data.draw(st.sampled_from(["say", "say", "say", "say", "bring", "bring", "withdraw", "see", "nonsense"]))
    if act == "bring":
        life.bring(data.draw(st.sampled_from(DEVICES)), data)
    elif act == "withdraw":
        life.withdraw(data)
    elif act == "see" and life.outcomes:
        id_ = data.draw(st.sampled_from(sorted(life.outcomes)))
        life.seen.add(id_)
        life.say(PAGE, life.said[id_][0], RosterAnswer.SEEN, id_, {})
    else:
        said = anything(life, data) if act == "nonsense" else sensible(life, data)
        life.say(data.draw(st.sampled_from((PAGE, *DEVICES))), *said)


@FEW
@given(data=st.data(), steps=st.integers(4, 16))
def test_whatever_is_said_no_promise_is_broken(data: st.DataObject, steps: int) -> None:
    life = Life(another_town())
    life.plan()
    for _ in range(steps):
        before = life.every()
        step(life, data)
        life.check(before)
    for _ in range(2):
        for name in DEVICES:
            life.booths.arrives(name)
    before = life.every()
    life.check(before)
    life.check_last_words()
    kept = life.booths.kept()
    life.booths.arrives(DEVICES[0])
    assert life.booths.kept() == kept


WORDS = st.lists(
    st.tuples(
        st.sampled_from((PAGE, *DEVICES, *DEVICES)),
        st.sampled_from([RosterAnswer.ACCEPT, RosterAnswer.DECLINE, RosterAnswer.LEAVE, RosterAnswer.TAKE]),
    ),
    min_size=2,
    max_size=5,
)


@FEW
@given(words=WORDS, known=st.booleans(), data=st.data())
def test_one_volunteers_words_come_to_the_same_in_every_order_of_arrival(
    words: list[tuple[str, RosterAnswer]], known: bool, data: st.DataObject
) -> None:
    ends = []
    for is_shuffled in (False, True):
        booths = another_town()
        place = booths.offer(booths.town.put(post_at(1, 9, 12)), NUMBERS[0])
        if not known:
            for device in booths.devices.values():
                device.boot_id, device.boot_n, device.started_ms = f"{device.id} 2", 2, booths.town.now_ms
        for where, answer in words:
            of = place.post if answer is RosterAnswer.TAKE else place.id
            if where == PAGE:
                booths.on_page(NUMBERS[0], answer, of)
            else:
                booths.says(where, NUMBERS[0], answer, of)
        arriving = [(name, event) for name, device in booths.devices.items() for event in device.log]
        for name, event in data.draw(st.permutations(arriving)) if is_shuffled else arriving:
            booths.arrives(name, [event])
        ends.append(booths.town.place(place).state)
    assert ends[0] == ends[1]


GIVENS = st.builds(lambda lo, more: Given(lo, lo, lo + more), st.integers(0, 20), st.integers(0, 6))
SAID = st.builds(Word, st.booleans(), GIVENS, st.sampled_from(["", "a", "b"]), st.integers(0, 5))


@given(words=st.lists(SAID, max_size=6), data=st.data())
def test_yes_holds_where_each_no_was_followed_by_a_yes_for_sure(words: list[Word], data: st.DataObject) -> None:
    assert is_yes(data.draw(st.permutations(words))) == is_yes(words)
    latest = [replace(word, stream="", given=Given(0, 0, 0)) for word in words]
    no, yes = Word(yes=False, given=Given(30, 30, 40)), Word(yes=True, given=Given(41, 41, 50))
    assert not is_yes([*latest, no])
    assert not is_yes([*latest, no, replace(yes, given=Given(40, 45, 50))])  # it may have been the same instant
    assert is_yes([*latest, no, yes])
    early, late = (
        Word(yes=says, given=Given(0, 0, 99), stream="one booth", seq=seq) for seq, says in enumerate((False, True))
    )
    assert is_yes([early, late])
    assert not is_yes([replace(early, seq=2), late])
