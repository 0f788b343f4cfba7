"""Promises of answers to the roster: what is given stays given, the later word holds, and who loses is told."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from sync.platform.rostering import answering
from sync.platform.rostering.answering import Said
from sync.platform.rostering.model import Change, PlaceNote, Post, Profile, Swap
from sync.platform.store.rosters import OWNER
from sync.protocol.vocabulary import AnswerOutcome, AssignmentState, LeaveReason, RosterAnswer, RosterReason, SwapState
from tests.integration.platform.emptied import SQLITE
from tests.support.answering import EARLY, HOUR_MS, LATE, Booths, another_town
from tests.support.rosters import NUMBERS, POINTS, post_at

ACCEPT, DECLINE, LEAVE, TAKE = RosterAnswer.ACCEPT, RosterAnswer.DECLINE, RosterAnswer.LEAVE, RosterAnswer.TAKE
ASK, AGREE, REFUSE = RosterAnswer.ASK_SWAP, RosterAnswer.AGREE_SWAP, RosterAnswer.REFUSE_SWAP
WITHDRAW, SEEN = RosterAnswer.WITHDRAW_SWAP, RosterAnswer.SEEN
DONE, LOST, REFUSED, VOID = AnswerOutcome.DONE, AnswerOutcome.LOST, AnswerOutcome.REFUSED, AnswerOutcome.VOID
ZHANG, LI, WANG = NUMBERS[:3]


@pytest.fixture
def booths() -> Booths:
    return another_town()


@pytest.fixture
def stored_in() -> str:
    return SQLITE


def open_post(booths: Booths, day: int = 1, starts: int = 9, ends: int = 12, **fields: Any) -> Post:
    post = booths.town.put(post_at(day, starts, ends, **fields))
    booths.town.publish()
    return booths.town.post(post.id)


def became(booths: Booths, id_: str) -> tuple[AnswerOutcome | None, RosterReason | None]:
    answer = booths.answer(id_)
    return answer.outcome, answer.why


def agreed(booths: Booths, post: Post, number: str) -> str:
    """A place that was offered and accepted."""
    place = booths.offer(post, number)
    assert booths.on_page(number, ACCEPT, place.id, version=place.version).outcome is DONE
    return place.id


def test_a_place_once_given_is_not_taken_back_by_an_earlier_word_that_arrives_late(booths: Booths) -> None:
    post = open_post(booths)
    early = booths.says(EARLY, ZHANG, TAKE, post.id, version=post.version)
    assert booths.on_page(LI, TAKE, post.id, version=post.version).outcome is DONE
    booths.arrives(EARLY)
    assert booths.holder(post) == [LI]
    assert became(booths, early) == (LOST, RosterReason.POST_FULL)
    told = {each.id: each for each in booths.told().settled}
    assert (told[early].volunteer, told[early].outcome, told[early].why) == (ZHANG, LOST, RosterReason.POST_FULL)
    assert (told[early].starts_ms, told[early].service) == (post.starts_ms, post.service)


@pytest.mark.parametrize("first", [EARLY, LATE])
def test_of_one_volunteers_words_the_later_one_holds_whatever_arrives_first(booths: Booths, first: str) -> None:
    place = booths.offer(open_post(booths), ZHANG)
    yes = booths.says(EARLY, ZHANG, ACCEPT, place.id, version=place.version)
    no = booths.says(LATE, ZHANG, DECLINE, place.id, version=place.version)
    booths.arrives(first)
    booths.arrives(LATE if first == EARLY else EARLY)
    assert booths.town.place(place).state is AssignmentState.LEFT
    assert became(booths, no) == (DONE, None)
    assert became(booths, yes) == ((DONE, None) if first == EARLY else (LOST, RosterReason.SAID_OTHERWISE))
    assert booths.told().open_posts


def test_who_says_yes_after_a_no_has_the_place_though_the_no_comes_last(booths: Booths) -> None:
    place = booths.offer(open_post(booths), ZHANG)
    no = booths.says(EARLY, ZHANG, DECLINE, place.id, version=place.version)
    assert booths.on_page(ZHANG, ACCEPT, place.id, version=place.version).outcome is DONE
    booths.arrives(EARLY)
    assert became(booths, no) == (LOST, RosterReason.SAID_OTHERWISE)
    assert booths.town.place(place).state is AssignmentState.ACCEPTED


def test_where_nobody_knows_which_was_later_no_holds(booths: Booths) -> None:
    place = booths.offer(open_post(booths), ZHANG)
    device = booths.devices[EARLY]
    device.boot_id, device.boot_n, device.started_ms = "a boot without network", 2, booths.town.now_ms
    no = booths.says(EARLY, ZHANG, DECLINE, place.id, version=place.version)
    assert booths.on_page(ZHANG, ACCEPT, place.id, version=place.version).outcome is DONE
    booths.arrives(EARLY)
    assert became(booths, no) == (DONE, None)
    assert booths.town.place(place).state is AssignmentState.LEFT
    assert booths.on_page(ZHANG, ACCEPT, place.id).outcome is DONE  # after the no had come: surely later


def test_nobody_answered_an_offer_before_it_was_made(booths: Booths) -> None:
    place = booths.offer(open_post(booths), ZHANG)
    device = booths.devices[EARLY]
    device.boot_id, device.boot_n, device.started_ms = "a boot without network", 2, booths.town.now_ms
    booths.on_page(ZHANG, DECLINE, place.id)
    with booths.town.database.writing(OWNER) as unit:
        again = replace(place, id="again", state=AssignmentState.OFFERED)
        unit.rosters.put_assignment(again, replace(booths.town.by, at_ms=booths.town.now_ms + 500))
    yes = booths.says(EARLY, ZHANG, ACCEPT, "again", version=1)
    booths.arrives(EARLY)
    assert became(booths, yes) == (DONE, None)
    assert [each.assignment.id for each in booths.outlook(ZHANG).places] == ["again"]


def test_words_of_one_booth_are_in_its_order_whatever_its_clock_says(booths: Booths) -> None:
    place = booths.offer(open_post(booths), ZHANG)
    device = booths.devices[EARLY]
    device.boot_id, device.boot_n, device.started_ms = "a boot without network", 2, booths.town.now_ms
    booths.says(EARLY, ZHANG, DECLINE, place.id, version=place.version)
    yes = booths.says(EARLY, ZHANG, ACCEPT, place.id, version=place.version)
    booths.on_page(ZHANG, DECLINE, place.id, version=place.version)
    booths.says(LATE, ZHANG, ACCEPT, place.id, version=place.version)
    booths.arrives(EARLY)
    assert became(booths, yes) == (LOST, RosterReason.SAID_OTHERWISE)
    booths.arrives(LATE)  # a yes for sure after that on the page, and the booth's own no was taken back there
    assert booths.town.place(place).state is AssignmentState.ACCEPTED


def test_two_words_on_the_page_at_one_instant_are_in_their_order(booths: Booths) -> None:
    place = booths.offer(open_post(booths), ZHANG)
    for answer in (DECLINE, ACCEPT):
        assert booths.says_at_once(Said(ZHANG, answer, place.id)).outcome is DONE
    assert booths.town.place(place).state is AssignmentState.ACCEPTED


def test_an_answer_counts_by_when_it_was_said_and_not_by_when_it_came(booths: Booths) -> None:
    post = open_post(booths, 0, 8, 10, needed=2)
    booths.town.now_ms = post.starts_ms + 14 * 60_000  # straight on from the post before, at the booth itself
    in_time = booths.says(EARLY, ZHANG, TAKE, post.id, version=post.version)
    booths.town.now_ms = post.starts_ms + 60_000
    from_afar = booths.says_at_once(Said(LI, TAKE, post.id))
    assert (from_afar.outcome, from_afar.why) == (REFUSED, RosterReason.BEGUN)
    booths.town.now_ms = post.starts_ms + 16 * 60_000
    too_late = booths.says(EARLY, LI, TAKE, post.id, version=post.version)
    booths.town.now_ms = post.ends_ms + HOUR_MS
    booths.arrives(EARLY)
    assert became(booths, in_time) == (DONE, None)
    assert became(booths, too_late) == (REFUSED, RosterReason.BEGUN)


def test_leave_opens_the_post_again_and_a_colleague_takes_it(booths: Booths) -> None:
    post = booths.town.put(post_at(1, 9, 12))
    place = agreed(booths, post, ZHANG)
    assert not booths.told().open_posts
    leave = booths.says(EARLY, ZHANG, LEAVE, place, version=3, reason=LeaveReason.ILL)
    booths.arrives(EARLY)
    assert became(booths, leave) == (DONE, None)
    assert [(each.id, each.wanted) for each in booths.told().open_posts] == [(post.id, 1)]
    assert [(each.post.id, each.left, each.against) for each in booths.outlook(LI).open_posts] == [(post.id, 1, ())]
    assert booths.on_page(LI, TAKE, post.id).outcome is DONE
    assert booths.holder(post) == [LI]


def test_nobody_answers_for_somebody_else_and_nonsense_is_void(booths: Booths) -> None:
    place = booths.offer(open_post(booths), ZHANG)
    for answer in (ACCEPT, DECLINE, LEAVE, ASK):
        said = booths.on_page(LI, answer, place.id, colleague=WANG)
        assert (said.outcome, said.why) == (REFUSED, RosterReason.NOT_OWN)
    for answer in RosterAnswer:
        for volunteer in (ZHANG, "nobody"):
            said = booths.on_page(volunteer, answer, "nothing", colleague="nobody", in_return="nothing")
            assert (said.outcome, said.why) == (VOID, RosterReason.UNKNOWN)
    stray = booths.says(EARLY, ZHANG, LEAVE, "a place of another platform")
    booths.arrives(EARLY)
    assert became(booths, stray) == (VOID, RosterReason.UNKNOWN)
    assert stray not in {each.id for each in booths.told().settled}
    assert stray not in {each.id for each in booths.outlook(ZHANG).settled_unseen}
    unknown = booths.on_page("nobody", TAKE, open_post(booths, 2).id)
    assert (unknown.outcome, unknown.why) == (VOID, RosterReason.UNKNOWN)
    assert booths.town.place(place).state is AssignmentState.OFFERED


def test_what_was_withdrawn_cancelled_or_moved_meanwhile_is_void_and_told(booths: Booths) -> None:
    withdrawn, cancelled, moved = (booths.offer(booths.town.put(post_at(day, 9, 12)), ZHANG) for day in (1, 2, 3))
    places = withdrawn, cancelled, moved
    said = [booths.says(EARLY, ZHANG, ACCEPT, place.id, version=place.version) for place in places]
    wish = booths.says(EARLY, LI, TAKE, moved.post, version=booths.town.post(moved.post).version)
    booths.town.plan(lambda planner: planner.unassign(withdrawn.id))
    booths.town.plan(lambda planner: planner.cancel_post(cancelled.post))
    later = replace(booths.town.post(moved.post), starts_ms=moved_to(booths, moved.post), needed=2)
    booths.town.put(later)
    booths.arrives(EARLY)
    whys = [RosterReason.CHANGED, RosterReason.CANCELLED, RosterReason.CHANGED]
    assert [became(booths, id_) for id_ in said] == [(VOID, why) for why in whys]
    assert became(booths, wish) == (VOID, RosterReason.CHANGED)
    assert {each.id for each in booths.told().settled} == {*said, wish}
    assert booths.town.place(moved).state is AssignmentState.OFFERED


def moved_to(booths: Booths, post: str) -> int:
    return booths.town.post(post).starts_ms + HOUR_MS


def test_a_no_to_an_offer_of_before_is_none_to_the_one_that_was_made_since(booths: Booths) -> None:
    place = booths.offer(booths.town.put(post_at(1, 9, 12)), ZHANG)
    no = booths.says(EARLY, ZHANG, DECLINE, place.id, version=place.version)
    booths.town.put(replace(booths.town.post(place.post), starts_ms=moved_to(booths, place.post)))
    booths.arrives(EARLY)
    assert became(booths, no) == (VOID, RosterReason.CHANGED)
    asked = booths.town.place(place)
    assert asked.state is AssignmentState.OFFERED
    assert booths.on_page(ZHANG, ACCEPT, place.id, version=asked.version).outcome is DONE


def test_every_yes_is_held_against_the_hard_rules_at_that_moment(booths: Booths) -> None:
    with booths.town.database.writing(OWNER) as unit:
        booths.town.bring(unit, Profile(LI, most_a_week=1), ())
    agreed(booths, booths.town.put(post_at(1, 9, 12)), ZHANG)
    for post, why in (
        (open_post(booths, 1, 11, 13), RosterReason.OVERLAP),
        (open_post(booths, 1, 12, 14, point=POINTS[1]), RosterReason.REST),
        (open_post(booths, 1, 12, 16), RosterReason.DAY_FULL),
        (open_post(booths, 2, skill="english"), RosterReason.SKILL),
        (open_post(booths, 2, training="aed"), RosterReason.TRAINING),
        (open_post(booths, 2, team="party"), RosterReason.OTHER_TEAM),
    ):
        speaks = {each.post.id: each.against for each in booths.outlook(ZHANG).open_posts}
        assert speaks[post.id][0].reason is why
        said = booths.on_page(ZHANG, TAKE, post.id)
        assert (said.outcome, said.why) == (REFUSED, why)
    assert booths.on_page(ZHANG, TAKE, open_post(booths, 1, 12, 15).id).outcome is DONE  # straight on needs no rest
    wishes = [open_post(booths, day, point=POINTS[1]) for day in (2, 3)]
    assert [booths.on_page(LI, TAKE, post.id).outcome for post in wishes] == [DONE, DONE]  # who asks has time


def test_a_planners_draft_gives_way_to_the_volunteers_word(booths: Booths) -> None:
    draft = booths.town.assign(booths.town.put(post_at(1, 9, 12, POINTS[1])), ZHANG)
    kept = booths.town.assign(booths.town.put(post_at(3, 9, 12, POINTS[1])), ZHANG)
    post = booths.town.put(post_at(1, 10, 12))
    booths.town.plan(lambda planner: planner.publish([POINTS[0]], post.on, post.on))
    assert booths.on_page(ZHANG, TAKE, post.id).outcome is DONE
    states = [booths.town.place(place).state for place in (draft, kept)]
    assert states == [AssignmentState.WITHDRAWN, AssignmentState.DRAFT]


def test_an_exchange_is_made_when_the_colleague_agrees_and_both_have_new_places(booths: Booths) -> None:
    mine, theirs = booths.town.put(post_at(1, 9, 12)), booths.town.put(post_at(1, 13, 15))
    given, wanted = agreed(booths, mine, ZHANG), agreed(booths, theirs, LI)
    unanswered = booths.offer(booths.town.put(post_at(4, 9, 12)), ZHANG)
    assert booths.on_page(ZHANG, ASK, unanswered.id, colleague=LI).why is RosterReason.CHANGED
    asked = booths.says(EARLY, ZHANG, ASK, given, colleague=LI, in_return=wanted)
    rival = booths.says(EARLY, ZHANG, ASK, given, colleague=WANG)
    twice = booths.says(EARLY, ZHANG, ASK, given, colleague=WANG)
    booths.arrives(EARLY)
    assert {became(booths, id_) for id_ in (asked, rival, twice)} == {(DONE, None)}
    told = {swap.id: swap for swap in booths.told().swaps}
    assert set(told) == {asked, rival}
    assert (told[asked].volunteer, told[asked].colleague, told[asked].in_return) == (ZHANG, LI, wanted)
    assert [each.swap.id for each in booths.outlook(LI).swaps_to_answer] == [asked]
    assert {each.volunteer for each in booths.outlook(ZHANG).colleagues} == {LI}
    agreed_by = booths.says(LATE, LI, AGREE, asked)
    stranger = booths.on_page(WANG, AGREE, asked)
    assert (stranger.outcome, stranger.why) == (REFUSED, RosterReason.NOT_OWN)
    booths.arrives(LATE)
    assert became(booths, agreed_by) == (DONE, None)
    assert (booths.holder(mine), booths.holder(theirs)) == ([LI], [ZHANG])
    assert swap_state(booths, asked) is SwapState.DONE
    assert swap_state(booths, rival) is SwapState.FAILED  # the place in it is no longer Zhang's
    late = booths.on_page(WANG, AGREE, rival)
    assert (late.outcome, late.why) == (VOID, RosterReason.CHANGED)
    kinds = [change.after for change in of_swap(booths, asked)]
    assert [kind["state"] for kind in kinds if kind] == ["asked", "done"]


def test_an_exchange_that_breaks_a_rule_fails_and_both_are_told(booths: Booths) -> None:
    given = agreed(booths, booths.town.put(post_at(1, 9, 12)), ZHANG)
    agreed(booths, booths.town.put(post_at(1, 11, 14, POINTS[1])), LI)
    asked = booths.on_page(ZHANG, ASK, given, colleague=LI)
    consent = booths.on_page(LI, AGREE, asked.id)
    assert (consent.outcome, consent.why) == (REFUSED, RosterReason.OVERLAP)
    assert swap_state(booths, asked.id) is SwapState.FAILED
    assert [swap.state for swap in booths.told().swaps] == [SwapState.FAILED]
    assert [each.swap.why for each in booths.outlook(ZHANG).swaps_asked] == [RosterReason.OVERLAP]


def test_an_open_exchange_ends_when_a_place_in_it_changes(booths: Booths) -> None:
    posts = [booths.town.put(post_at(day, 9, 12)) for day in (1, 2, 3)]
    places = [agreed(booths, post, ZHANG) for post in posts]
    swaps = [booths.on_page(ZHANG, ASK, place, colleague=LI).id for place in places]
    booths.on_page(ZHANG, LEAVE, places[0])
    with booths.town.database.writing(OWNER) as unit:  # whoever changes it, and in whatever way
        held = unit.rosters.assignment(places[1])
        assert held is not None
        unit.rosters.put_assignment(replace(held, state=AssignmentState.WITHDRAWN), booths.town.by)
    assert [each.id for each in broken(booths)] == [swaps[1]]
    late = booths.on_page(LI, AGREE, swaps[1])
    assert (late.outcome, late.why) == (VOID, RosterReason.CHANGED)
    booths.on_page(ZHANG, WITHDRAW, swaps[2])
    states = [swap_state(booths, swap) for swap in swaps]
    assert states == [SwapState.FAILED, SwapState.FAILED, SwapState.WITHDRAWN]


def broken(booths: Booths) -> tuple[Swap, ...]:
    with booths.town.database.reading() as unit:
        return unit.exchanges.broken()


def swap_of(booths: Booths, id_: str) -> Swap:
    with booths.town.database.reading() as unit:
        found = unit.rosters.swap(id_)
    assert found is not None
    return found


def swap_state(booths: Booths, id_: str) -> SwapState:
    return swap_of(booths, id_).state


def of_swap(booths: Booths, id_: str) -> tuple[Change, ...]:
    with booths.town.database.reading() as unit:
        return unit.rosters.changes_of("swap", id_)


def test_who_agreed_and_then_said_no_is_held_to_nothing(booths: Booths) -> None:
    post = booths.town.put(post_at(1, 9, 12))
    asked = booths.on_page(ZHANG, ASK, agreed(booths, post, ZHANG), colleague=LI)
    yes = booths.says(EARLY, LI, AGREE, asked.id)
    no = booths.says(LATE, LI, REFUSE, asked.id)
    booths.arrives(EARLY)
    assert booths.holder(post) == [LI]
    booths.arrives(LATE)
    assert (became(booths, yes), became(booths, no)) == ((DONE, None), (DONE, None))
    assert booths.holder(post) == []
    assert [each.id for each in booths.told().open_posts] == [post.id]


def test_what_was_read_is_told_no_more_and_a_page_needs_no_telling(booths: Booths) -> None:
    place = booths.offer(open_post(booths), ZHANG)
    yes = booths.says(EARLY, ZHANG, ACCEPT, place.id, version=place.version)
    booths.arrives(EARLY)
    assert [each.id for each in booths.told().settled] == [yes]
    assert [each.id for each in booths.outlook(ZHANG).settled_unseen] == [yes]
    assert booths.on_page(LI, SEEN, yes).why is RosterReason.NOT_OWN
    seen = booths.says(EARLY, ZHANG, SEEN, yes)
    booths.arrives(EARLY)
    assert became(booths, seen) == (DONE, None)
    assert not booths.told().settled
    assert booths.on_page(ZHANG, LEAVE, place.id).outcome is DONE
    assert not booths.told().settled
    assert not booths.outlook(ZHANG).settled_unseen


def test_what_comes_twice_or_is_written_anew_changes_nothing(booths: Booths) -> None:
    post = open_post(booths)
    booths.says(EARLY, ZHANG, TAKE, post.id, version=post.version)
    booths.says(EARLY, ZHANG, DECLINE, "nothing")
    booths.arrives(EARLY)
    before = booths.kept()
    booths.arrives(EARLY)
    booths.lift()
    assert booths.settle() == 0
    assert booths.kept() == before
    with booths.town.database._engine.begin() as connection:  # rows that an older version did not write
        connection.exec_driver_sql("DELETE FROM roster_answers")
    booths.lift()
    assert booths.settle() == 2
    assert booths.holder(post) == [ZHANG]


def test_devices_are_told_where_else_their_volunteers_are_wanted_today(booths: Booths) -> None:
    agreed(booths, booths.town.put(post_at(1, 9, 12)), ZHANG)  # known at both points
    there = booths.town.put(post_at(0, 9, 12, POINTS[1]))
    far = booths.town.put(post_at(2, 9, 12, POINTS[1]))
    (
        booths.offer(there, ZHANG),
        booths.offer(far, ZHANG),
        booths.offer(booths.town.put(post_at(0, 9, 12, POINTS[1])), LI),
    )
    with booths.town.database.writing(OWNER) as unit:
        unit.openings.put_place(PlaceNote(POINTS[1], "周王城广场", "中州中路, 广场北门向东 50 米"), booths.town.by)
    booths.town.now_ms = there.starts_ms
    nearby = booths.told().nearby
    assert [(each.volunteer, each.service_point, each.place) for each in nearby] == [(ZHANG, POINTS[1], POINTS[1])]
    assert nearby[0].address == "中州中路, 广场北门向东 50 米"


def test_what_cannot_be_decided_is_passed_over_and_holds_no_other_up(booths: Booths) -> None:
    post = open_post(booths)
    poison = booths.says(EARLY, LI, TAKE, post.id)
    good = booths.says(EARLY, ZHANG, TAKE, post.id)
    booths.bring(EARLY)
    calls = count()

    def ids() -> str:
        if next(calls) == 0:
            raise LookupError("a fault of this program")
        return "second"

    assert answering.settle(booths.town.database, replace(booths.ports, ids=ids)) == 1
    assert (became(booths, poison), became(booths, good)) == ((None, None), (DONE, None))
    assert booths.settle() == 1
    assert became(booths, poison) == (LOST, RosterReason.POST_FULL)
