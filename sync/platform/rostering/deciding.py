"""One volunteer's yes or no to a post: what comes of it, by the rules of docs/adr/0031.

Upstream: ``store``, ``saying``, ``reading`` (the hard rules).
Downstream: ``answering``, ``swapping``.

::

    of nothing, or of another's ─▶ void(unknown) · refused(not_own)
    cancelled, withdrawn, exchanged, offered anew since ─▶ void(changed)
    said when the post had begun ─▶ refused(begun)
    yes: said before the same volunteer's no ─▶ lost(said_otherwise)
         a hard rule speaks against it ─▶ refused(rule); all places given ─▶ lost(post_full)
         else ─▶ done: accepted
    no:  said before the same volunteer's yes ─▶ lost(said_otherwise)
         else ─▶ done: declined, or left where it was accepted; the place is open again
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.platform.rostering.model import LIVE, TOLD, Answer, Assignment, Change, Given, Post, PostState
from sync.platform.rostering.problem import STRAIGHT_ON_MS, Limits
from sync.platform.rostering.reading import judge
from sync.platform.rostering.saying import Word, given_of, is_yes, word_of
from sync.platform.store.mapping import DEVICE
from sync.platform.store.rosters import By
from sync.protocol.vocabulary import AnswerOutcome, AssignmentState, RosterAnswer, RosterReason

if TYPE_CHECKING:
    from sync.platform.store import Unit

YES = frozenset({RosterAnswer.ACCEPT, RosterAnswer.TAKE, RosterAnswer.AGREE_SWAP})
NO = frozenset({RosterAnswer.DECLINE, RosterAnswer.LEAVE})
GONE = frozenset({AssignmentState.DRAFT, AssignmentState.WITHDRAWN, AssignmentState.SWAPPED})  # nothing to answer
OWN_NO = frozenset({AssignmentState.DECLINED, AssignmentState.LEFT})  # a later yes takes such a place up again
WEEK_MS = 7 * 24 * 3_600_000
_WHEN_AND_WHERE = ("starts_ms", "ends_ms", "point", "service")


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of an answer, why, and the id of the post it was about."""

    outcome: AnswerOutcome
    why: RosterReason | None = None
    post: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One answer to be decided, in a transaction of the roster's.

    Attributes:
        given: when it was said.
        ids: a fresh id a call.
    """

    unit: Unit
    answer: Answer
    given: Given
    now_ms: int
    ids: Callable[[], str]
    limits: Limits

    @property
    def by(self) -> By:
        """Whose change it is."""
        return By(self.answer.volunteer, self.now_ms, self.answer.source)

    def is_begun(self, post: Post) -> bool:
        """Tell whether a post had surely begun when it was said; where that is not known it had not.

        Who stands at a booth there and takes an open post has a quarter of an hour more: 接着值下一班 is said at the
        end of the post before (docs/adr/0034).
        """
        is_there = self.answer.answer is RosterAnswer.TAKE and self.answer.source == DEVICE
        return self.given.lo_ms >= post.starts_ms + (STRAIGHT_ON_MS if is_there else 0)

    def void(self, why: RosterReason, post: str | None = None) -> Decision:
        """Return that there is nothing any more of which it was said."""
        return Decision(AnswerOutcome.VOID, why, post)

    def refuse(self, why: RosterReason, post: str | None = None) -> Decision:
        """Return that a rule speaks against it."""
        return Decision(AnswerOutcome.REFUSED, why, post)

    def done(self, post: str | None) -> Decision:
        """Return that it is so now."""
        return Decision(AnswerOutcome.DONE, None, post)


def decide_on_place(case: Case) -> Decision:
    """Decide a yes or no to a place that a volunteer was asked for."""
    unit, answer = case.unit, case.answer
    place = unit.rosters.assignment(answer.of)
    post = None if place is None else unit.rosters.post(place.post)
    if place is None or post is None:
        return case.void(RosterReason.UNKNOWN)
    if place.volunteer != answer.volunteer:
        return case.refuse(RosterReason.NOT_OWN, post.id)
    gone = _gone(post)
    if gone is None and (place.state in GONE or is_offered_anew(unit, place, answer)):
        gone = RosterReason.CHANGED
    if gone is not None:
        return case.void(gone, post.id)
    if answer.answer in NO:
        return say_no(case, post, place)
    return _say_yes(case, post, _live_at(unit, post, answer.volunteer) or place)


def decide_on_post(case: Case) -> Decision:
    """Decide a volunteer's wish to serve at an open post."""
    unit, answer = case.unit, case.answer
    post = unit.rosters.post(answer.of)
    if post is None:
        return case.void(RosterReason.UNKNOWN)
    if (gone := _gone(post)) is not None:
        return case.void(gone, post.id)
    return _say_yes(case, post, _live_at(unit, post, answer.volunteer) or _refused_at(unit, post, answer.volunteer))


def say_no(case: Case, post: Post, place: Assignment) -> Decision:
    """Decide a no to an own place: it is free again unless the volunteer said yes after that."""
    if case.is_begun(post):
        return case.refuse(RosterReason.BEGUN, post.id)
    live = _live_at(case.unit, post, case.answer.volunteer)
    if live is not None and live.id != place.id:
        return case.void(RosterReason.CHANGED, post.id)
    if is_yes((*_words(case, post), _word(case, yes=False))):
        return Decision(AnswerOutcome.LOST, RosterReason.SAID_OTHERWISE, post.id)
    if place.state in LIVE:
        was_accepted = place.state is AssignmentState.ACCEPTED
        state = AssignmentState.LEFT if was_accepted else AssignmentState.DECLINED
        case.unit.rosters.put_assignment(replace(place, state=state), case.by)
    return case.done(post.id)


def objection(case: Case, post: Post, volunteer: str, without: Collection[str] = ()) -> RosterReason | None:
    """Return what speaks against a volunteer at a post now, or None; a planner's drafts for the volunteer give way.

    Who says yes to a post has time for it: neither usual times nor a wish for the week speak against that word.
    """
    found = judge(case.unit, post, volunteer, case.now_ms, without=without, volunteered=True, limits=case.limits)
    drafts = [place for place in _drafts_of(case.unit, post, volunteer) if place.id not in without] if found else []
    if drafts:
        besides = {*without, *(place.id for place in drafts)}
        found = judge(case.unit, post, volunteer, case.now_ms, without=besides, volunteered=True, limits=case.limits)
    reasons = [violation.reason for violation in found]
    return RosterReason.POST_FULL if RosterReason.POST_FULL in reasons else next(iter(reasons), None)


def withdraw_drafts(case: Case, post: Post, volunteer: str) -> None:
    """Take those drafts of a planner's back that cannot stand beside a place the volunteer has now."""
    for draft in _drafts_of(case.unit, post, volunteer):
        other = case.unit.rosters.post(draft.post)
        if other is not None and judge(
            case.unit, other, volunteer, case.now_ms, without={draft.id}, volunteered=True, limits=case.limits
        ):
            case.unit.rosters.put_assignment(replace(draft, state=AssignmentState.WITHDRAWN), case.by)


def came_about(unit: Unit, answer: Answer) -> int:
    """Return when that of which an answer was said came about, in the version its device knew; UTC ms, 0: unknown."""
    kind = "post" if answer.answer is RosterAnswer.TAKE else "assignment"
    changes = unit.rosters.changes_of(kind, answer.of)
    known = [change.at_ms for change in changes if change.version == answer.version]
    return next(iter(known), changes[0].at_ms if changes else 0)


def is_offered_anew(unit: Unit, place: Assignment, answer: Answer) -> bool:
    """Tell whether a planner asked for a place again since the version that an answer speaks of."""
    moved_at = {change.at_ms for change in unit.rosters.changes_of("post", place.post) if _moves(change)}
    asked = [
        change.version
        for change in unit.rosters.changes_of("assignment", place.id)
        if change.by != place.volunteer and _is_asked_by(change, moved_at)
    ]
    return bool(asked) and 0 < answer.version < asked[-1]


def has_moved(unit: Unit, post: Post, *, said_by_ms: int, known: int = 0) -> bool:
    """Tell whether a post got another time, place or service after it was last seen by who speaks of it.

    Args:
        unit: of a transaction.
        post: as it is.
        said_by_ms: by when it was surely said, UTC ms.
        known: the version of the post that was known, or 0 where that is not told.
    """
    moves = [change for change in unit.rosters.changes_of("post", post.id) if _moves(change)]
    return any(change.version > known if known else change.at_ms > said_by_ms for change in moves)


def _say_yes(case: Case, post: Post, place: Assignment | None) -> Decision:
    if case.is_begun(post):
        return case.refuse(RosterReason.BEGUN, post.id)
    known = case.answer.version if case.answer.answer is RosterAnswer.TAKE else 0
    if has_moved(case.unit, post, said_by_ms=case.given.hi_ms, known=known):
        return case.void(RosterReason.CHANGED, post.id)
    if not is_yes((*_words(case, post), _word(case, yes=True))):
        if place is not None and place.state is AssignmentState.DECLINED:  # it was accepted, and then left
            case.unit.rosters.put_assignment(replace(place, state=AssignmentState.LEFT), case.by)
        return Decision(AnswerOutcome.LOST, RosterReason.SAID_OTHERWISE, post.id)
    if place is not None and place.state is AssignmentState.ACCEPTED:
        return case.done(post.id)
    why = objection(case, post, case.answer.volunteer, () if place is None else (place.id,))
    return _give(case, post, place) if why is None else _withhold(case, post, why)


def _give(case: Case, post: Post, place: Assignment | None) -> Decision:
    volunteer, accepted = case.answer.volunteer, AssignmentState.ACCEPTED
    given = replace(place, state=accepted) if place else Assignment(case.ids(), post.id, volunteer, accepted)
    case.unit.rosters.put_assignment(given, case.by)
    withdraw_drafts(case, post, volunteer)
    return case.done(post.id)


def _withhold(case: Case, post: Post, why: RosterReason) -> Decision:
    if why is RosterReason.POST_FULL:
        return Decision(AnswerOutcome.LOST, why, post.id)
    return case.void(why, post.id) if why is RosterReason.UNKNOWN else case.refuse(why, post.id)


def _gone(post: Post) -> RosterReason | None:
    if post.state is PostState.CANCELLED:
        return RosterReason.CANCELLED
    return None if post.state is PostState.PUBLISHED else RosterReason.UNKNOWN


def _words(case: Case, post: Post) -> tuple[Word, ...]:
    """What the volunteer said of a post so far, by the times as they are known now; but what a rule refused."""
    said = [
        each
        for each in case.unit.roster_answers.of_post(case.answer.volunteer, post.id)
        if each.answer in YES | NO and (each.outcome is AnswerOutcome.DONE or each.why is RosterReason.SAID_OTHERWISE)
    ]
    recorded = case.unit.roster_answers.recorded(each.id for each in said)
    return tuple(
        word_of(
            each, given_of(case.unit, each, recorded, came_about(case.unit, each)), recorded, yes=each.answer in YES
        )
        for each in said
    )


def _word(case: Case, *, yes: bool) -> Word:
    return word_of(case.answer, case.given, case.unit.roster_answers.recorded([case.answer.id]), yes=yes)


def _at(unit: Unit, post: Post, volunteer: str, states: Collection[AssignmentState]) -> Assignment | None:
    own = [place for place in unit.rosters.assignments([post.id], states) if place.volunteer == volunteer]
    return own[-1] if own else None


def _live_at(unit: Unit, post: Post, volunteer: str) -> Assignment | None:
    return _at(unit, post, volunteer, LIVE)


def _refused_at(unit: Unit, post: Post, volunteer: str) -> Assignment | None:
    return _at(unit, post, volunteer, OWN_NO)


def _drafts_of(unit: Unit, post: Post, volunteer: str) -> list[Assignment]:
    around = post.starts_ms - WEEK_MS, post.ends_ms + WEEK_MS
    return [place for place, _ in unit.rosters.of_volunteers([volunteer], *around, {AssignmentState.DRAFT})]


def _is_asked_by(change: Change, moved_at: Collection[int]) -> bool:
    """Tell whether a change of a place asked its volunteer; who is asked already is asked anew where the post moved."""
    before, after = change.before or {}, change.after or {}
    same = all(before.get(name) == after.get(name) for name in ("state", "post"))
    return after.get("state") in TOLD and (not same or change.at_ms in moved_at)


def _moves(change: Change) -> bool:
    before, after = change.before, change.after or {}
    return before is not None and any(before.get(name) != after.get(name) for name in _WHEN_AND_WHERE)
