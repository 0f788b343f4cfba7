"""A volunteer's own part of the roster: what was told, what was said since, and what can be said now."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from kiosk.domain.own_plan import own_plan
from kiosk.domain.own_roster import OwnAnswer, PlaceState, Waiting, waiting_for
from kiosk.ui.plan_samples import CARD, FANG, ME, MING, NOW_MS, OTHER, data, said
from sync.protocol.reference import NearbyShift, ReferenceData, RosteredShift, Standing, Training
from sync.protocol.roster import AnswerSettled, OpenPost, RosterResponse, SwapAsked
from sync.protocol.vocabulary import AnswerOutcome, AssignmentState, RosterAnswer, RosterReason, SwapState

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
TOLD = data()
SPAN = NOW_MS + 5 * DAY_MS, NOW_MS + 5 * DAY_MS + 3 * HOUR_MS


def told(**changes: Any) -> ReferenceData:
    return msgspec.structs.replace(TOLD, **changes)


def settled(answer: RosterAnswer, outcome: AnswerOutcome, id_: str = "own") -> AnswerSettled:
    return AnswerSettled(id_, ME, answer, "mine-2", outcome, *SPAN, "directions")


def post(**changes: Any) -> OpenPost:
    return msgspec.structs.replace(OpenPost("post", "directions", *SPAN, wanted=1), **changes)


def obstacle(standing: Standing | None, **changes: Any) -> RosterReason | None:
    told_ = told(roster=[], open_posts=[post(**changes)], standings=[] if standing is None else [standing])
    found = own_plan(ME, told_, (), NOW_MS).posts[0].obstacle
    return None if found is None else found.reason


# ---- what waits


def test_an_offer_an_exchange_and_an_outcome_wait_until_each_has_its_word() -> None:
    waiting = waiting_for(ME, TOLD, (), NOW_MS)
    assert [each.id for each in waiting.offers] == ["mine-1"]
    assert [each.id for each in waiting.swaps] == ["swap-1"]
    assert [each.id for each in waiting.outcomes] == ["said-1"]
    answers = (
        said(RosterAnswer.DECLINE, "mine-1"),
        said(RosterAnswer.REFUSE_SWAP, "swap-1"),
        said(RosterAnswer.SEEN, "said-1"),
    )
    assert (waiting.count, waiting_for(ME, TOLD, answers, NOW_MS)) == (3, Waiting())


def test_nothing_of_anybody_else_s_waits_for_me() -> None:
    assert waiting_for(FANG, TOLD, (), NOW_MS) == Waiting()


def test_what_has_begun_is_waited_for_no_more() -> None:
    begun = next(each.starts_ms for each in TOLD.roster if each.id == "mine-1")
    assert waiting_for(ME, TOLD, (), begun).offers == ()
    assert waiting_for(ME, TOLD, (), begun - 1).offers


def test_an_exchange_of_a_shift_that_is_not_told_or_has_begun_cannot_be_answered_here() -> None:
    without = [each for each in TOLD.roster if each.id != "mine-3"]
    assert waiting_for(ME, told(roster=without), (), NOW_MS).swaps == ()
    theirs = next(each.starts_ms for each in TOLD.roster if each.id == "ming-2")
    assert waiting_for(ME, TOLD, (), theirs).swaps == ()
    favour = SwapAsked("swap-1", "ming-2", MING, ME, SwapState.ASKED)
    assert waiting_for(ME, told(roster=without, swaps=[favour]), (), NOW_MS).swaps == (favour,)
    over = msgspec.structs.replace(favour, state=SwapState.DONE)
    assert waiting_for(ME, told(swaps=[over]), (), NOW_MS).swaps == ()


@pytest.mark.parametrize(
    ("answer", "outcome", "news"),
    [
        (RosterAnswer.ACCEPT, AnswerOutcome.DONE, False),
        (RosterAnswer.ACCEPT, AnswerOutcome.LOST, True),
        (RosterAnswer.TAKE, AnswerOutcome.DONE, True),
        (RosterAnswer.ASK_SWAP, AnswerOutcome.DONE, False),
        (RosterAnswer.ASK_SWAP, AnswerOutcome.REFUSED, True),
    ],
)
def test_only_what_a_volunteer_would_not_see_otherwise_is_news(
    answer: RosterAnswer, outcome: AnswerOutcome, news: bool
) -> None:
    waiting = waiting_for(ME, told(settled=[settled(answer, outcome)]), (), NOW_MS)
    assert bool(waiting.outcomes) is news


@pytest.mark.parametrize("state", SwapState)
def test_the_end_of_an_exchange_is_told_to_who_asked_for_it(state: SwapState) -> None:
    asked = settled(RosterAnswer.ASK_SWAP, AnswerOutcome.DONE, "swap")
    swap = SwapAsked("swap", "mine-2", ME, FANG, state)
    plan = own_plan(ME, told(settled=[asked], swaps=[swap]), (), NOW_MS)
    ended = state in {SwapState.DONE, SwapState.REFUSED, SwapState.FAILED}
    assert (bool(plan.outcome("swap")), plan.ends.get("swap")) == (ended, state if ended else None)


# ---- what lies over what was told


@pytest.mark.parametrize(
    ("answer", "of", "state"),
    [
        (RosterAnswer.ACCEPT, "mine-1", PlaceState.ACCEPTING),
        (RosterAnswer.DECLINE, "mine-1", PlaceState.DECLINING),
        (RosterAnswer.LEAVE, "mine-2", PlaceState.LEAVING),
        (RosterAnswer.ASK_SWAP, "mine-2", PlaceState.ASKING),
    ],
)
def test_a_noted_answer_is_shown_until_the_place_has_changed(answer: RosterAnswer, of: str, state: PlaceState) -> None:
    before = own_plan(ME, TOLD, (), NOW_MS).place(of)
    noted = own_plan(ME, TOLD, (said(answer, of),), NOW_MS).place(of)
    assert noted is not None
    assert noted.state is state
    older = own_plan(ME, TOLD, (said(answer, of, version=0),), NOW_MS).place(of)
    assert older == before
    dealt_with = told(settled=[settled(answer, AnswerOutcome.LOST)])
    assert own_plan(ME, dealt_with, (said(answer, of),), NOW_MS).place(of) == before


def test_the_later_word_about_the_same_place_holds() -> None:
    words = (
        said(RosterAnswer.ACCEPT, "mine-1", id_="first"),
        said(RosterAnswer.DECLINE, "mine-1", id_="second"),
        said(RosterAnswer.ACCEPT, "mine-1", id_="third"),
    )
    for count, state in ((1, PlaceState.ACCEPTING), (2, PlaceState.DECLINING), (3, PlaceState.ACCEPTING)):
        place = own_plan(ME, TOLD, words[:count], NOW_MS).place("mine-1")
        assert place is not None
        assert place.state is state


def test_a_wish_to_swap_is_asked_told_and_taken_back() -> None:
    ask = OwnAnswer("ask", RosterResponse(ME, CARD, RosterAnswer.ASK_SWAP, "mine-2", 1, FANG))
    back = said(RosterAnswer.WITHDRAW_SWAP, "ask", 0, "back")
    swap = SwapAsked("ask", "mine-2", ME, FANG, SwapState.ASKED, 1)
    dealt_with = settled(RosterAnswer.ASK_SWAP, AnswerOutcome.DONE, "ask")
    known = told(swaps=[swap], settled=[dealt_with])
    taken_back = said(RosterAnswer.WITHDRAW_SWAP, "ask", 1, "back")
    for told_, answers, state in (
        (TOLD, (ask,), PlaceState.ASKING),
        (TOLD, (ask, back), PlaceState.WITHDRAWING),
        (known, (ask,), PlaceState.ASKED),
        (told(swaps=[swap]), (ask,), PlaceState.ASKED),
        (known, (ask, taken_back), PlaceState.WITHDRAWING),
    ):
        place = own_plan(ME, told_, answers, NOW_MS).place("mine-2")
        assert place is not None
        assert (place.state, (place.asked or ("",))[0]) == (state, "ask")


# ---- what can be said


def test_what_may_be_said_follows_from_the_state_and_ends_with_the_beginning() -> None:
    plan = own_plan(ME, TOLD, (), NOW_MS)
    offered, accepted = plan.places[:2]
    assert plan.answers_to(offered) == (RosterAnswer.ACCEPT, RosterAnswer.DECLINE)
    assert plan.answers_to(accepted) == (RosterAnswer.LEAVE, RosterAnswer.ASK_SWAP)
    begun = own_plan(ME, TOLD, (), accepted.shift.starts_ms)
    assert begun.answers_to(accepted) == ()


def test_where_nobody_is_free_no_exchange_is_offered() -> None:
    alone = own_plan(ME, told(roster=[each for each in TOLD.roster if each.volunteer == ME]), (), NOW_MS)
    assert alone.answers_to(alone.places[1]) == (RosterAnswer.LEAVE,)


def test_only_who_has_agreed_is_named_as_serving_with_me() -> None:
    plan = own_plan(ME, TOLD, (), NOW_MS)
    assert [each.volunteer for each in plan.mates(plan.places[1].shift)] == [FANG]
    asked = [
        msgspec.structs.replace(each, state=AssignmentState.OFFERED) if each.id == "fang-1" else each
        for each in TOLD.roster
    ]
    assert own_plan(ME, told(roster=asked), (), NOW_MS).mates(plan.places[1].shift) == ()
    assert plan.mates(msgspec.structs.replace(plan.places[1].shift, post=None)) == ()


def test_an_exchange_never_asks_a_colleague_who_serves_then_nor_for_a_shift_i_cannot_serve() -> None:
    plan = own_plan(ME, TOLD, (), NOW_MS)
    saturday = plan.places[1]
    assert {each.volunteer for each in plan.stand_ins(saturday)} == {MING, OTHER}
    assert [each.id for each in plan.shifts_to_swap(saturday)] == ["other-1", "ming-2", "other-2", "other-3"]
    declined = own_plan(ME, TOLD, (said(RosterAnswer.DECLINE, "mine-1"),), NOW_MS)
    assert "ming-1" in {each.id for each in declined.shifts_to_swap(saturday)}


def test_an_offered_shift_of_a_colleague_cannot_be_swapped_for() -> None:
    asked = [msgspec.structs.replace(each, state=AssignmentState.OFFERED) for each in TOLD.roster]
    plan = own_plan(ME, told(roster=asked), (), NOW_MS)
    assert plan.shifts_to_swap(plan.places[1]) == ()


def test_only_the_next_fortnight_is_shown() -> None:
    far = RosteredShift("far", ME, "张建明", "directions", NOW_MS + 15 * DAY_MS, NOW_MS + 16 * DAY_MS)
    over = RosteredShift("over", OTHER, "赵海燕", "directions", NOW_MS - DAY_MS, NOW_MS)
    plan = own_plan(ME, told(roster=[far, over], open_posts=[post(starts_ms=NOW_MS, ends_ms=NOW_MS + 1)]), (), NOW_MS)
    assert (plan.places, plan.colleagues, plan.posts) == ((), (), ())


# ---- open posts


def test_what_is_known_to_speak_against_a_post_is_said() -> None:
    assert obstacle(None, training="急救") is None, "of whom nothing is told, nothing speaks against it"
    assert obstacle(Standing(ME, suspended=True)) is RosterReason.SUSPENDED
    assert obstacle(Standing(ME), training="急救") is RosterReason.TRAINING
    lapsing = Standing(ME, trained=[Training("急救", SPAN[1] - 1), Training("法律")])
    assert obstacle(lapsing, training="急救") is RosterReason.TRAINING
    assert obstacle(lapsing, training="法律") is None
    assert obstacle(Standing(ME, trained=[Training("急救", SPAN[1])]), training="急救") is None


def test_minors_take_posts_by_day_with_consent() -> None:
    minor = Standing(ME, adult_from_ms=SPAN[0] + 1)
    assert obstacle(minor) is RosterReason.CONSENT
    consent = msgspec.structs.replace(minor, guardian_consent=True)
    assert obstacle(consent) is None
    assert obstacle(consent, daytime=False) is RosterReason.NIGHT
    assert obstacle(Standing(ME, adult_from_ms=SPAN[0]), daytime=False) is None


def test_a_post_that_overlaps_with_an_own_shift_anywhere_cannot_be_taken() -> None:
    plan = own_plan(ME, TOLD, (), NOW_MS)
    overlapping, free = plan.post("post-2"), plan.post("post-1")
    assert overlapping is not None
    assert free is not None
    assert overlapping.obstacle is not None
    saturday = plan.places[1].shift
    assert (overlapping.obstacle.span_ms, free.obstacle) == ((saturday.starts_ms, saturday.ends_ms), None)
    left = own_plan(ME, TOLD, (said(RosterAnswer.LEAVE, "mine-2"),), NOW_MS).post("post-2")
    assert left is not None
    assert left.obstacle is None
    near = [NearbyShift("near", who, "point-2", "龙门站", *SPAN) for who in (FANG, ME)]
    away = own_plan(ME, told(open_posts=[post()], nearby=near[1:]), (), NOW_MS).posts[0]
    assert away.obstacle is not None
    others = own_plan(ME, told(open_posts=[post()], nearby=near[:1]), (), NOW_MS).posts[0]
    assert others.obstacle is None


def test_a_post_that_i_asked_for_is_noted_and_keeps_me_from_another_at_that_time() -> None:
    both = told(roster=[], open_posts=[post(), post(id="other")])
    plan = own_plan(ME, both, (said(RosterAnswer.TAKE, "post"),), NOW_MS)
    assert [(each.post.id, each.noted, each.obstacle is None) for each in plan.posts] == [
        ("other", False, False),
        ("post", True, True),
    ]


def test_a_post_at_which_i_have_a_place_is_not_open_to_me() -> None:
    here = RosteredShift("here", ME, "张建明", "directions", *SPAN, post="post")
    assert own_plan(ME, told(roster=[here], open_posts=[post()]), (), NOW_MS).posts == ()
