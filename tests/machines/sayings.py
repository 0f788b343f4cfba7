"""What persons say of a duty, each act on the real desk and in the plain model.

Upstream: ``life``.
Downstream: ``duty_machine``.
"""

from __future__ import annotations

from typing import TypeAlias

from kiosk.usecases.desk_outcomes import (
    Change,
    Mark,
    ObjectionDecided,
    ProposalDismissed,
    Ruling,
    SessionAmended,
    SessionConfirmed,
    SessionRated,
    SessionVoided,
)
from kiosk.usecases.record_outcomes import Objected
from sync.protocol.vocabulary import (
    AmendmentReason,
    DecisionReason,
    ObjectionReason,
    SessionState,
    VoidReason,
)
from tests.machines.life import BOB, How, Life, may_decide, reason, signed_in
from tests.machines.model import COUNTING, Proposal, Stay
from tests.machines.promises import after_a_step

Word: TypeAlias = tuple[str, str, How]  # what is done, by whom, and how
_TIMES_DO_NOT_FIT = {"not_yet_over", "overlaps", "no_change"}


class Sayings(Life):
    """Own records are disputed; operators confirm, correct, withdraw, turn down, rate and decide."""

    def say(self, volunteer: str, words: list[Word]) -> None:
        """Something is said of the latest duty of somebody."""
        mine = [each for each in self.model.stays.values() if each.volunteer == volunteer]
        if mine:
            self.say_of(mine[-1], words)

    def say_of(self, stay: Stay, words: list[Word]) -> None:
        """One person after another says something of a duty, perhaps the same one twice; each is a step."""
        for act, operator, how in words:
            getattr(self, act)(operator, stay, how)
            self.note()
            after_a_step(self.booth, self.model)

    def object(self, _operator: str, stay: Stay, how: How) -> None:
        """Own records are opened and one is disputed; sometimes it is somebody else's."""
        volunteer = BOB if how.item == 0 else stay.volunteer
        settled = stay.state() in {SessionState.OPEN, SessionState.VOID}
        expected = stay.volunteer == volunteer and not settled and not stay.counts_nothing
        expected = expected and not any(stay.objections.values())
        scan = self.records_of(volunteer).scan
        outcome = self.booth.station.records.object(scan, stay.id, ObjectionReason.WRONG_TIME)
        assert isinstance(outcome, Objected) == expected, (outcome, stay)
        if expected:
            stay.objections[self.newest_event("objection")] = True

    def confirm(self, operator: str, stay: Stay, how: How) -> None:
        """An operator stands for something that waits, by name or as the only one."""
        waiting = stay.awaits(beyond=how.beyond)
        chosen = waiting[how.item % len(waiting)] if waiting else None
        of = None if chosen is None or how.item == 0 else chosen.event
        expected = chosen is not None and chosen.by != operator and (of is not None or len(waiting) == 1)
        confirm = self.booth.station.operators.confirm_session
        outcome = confirm(signed_in(operator), stay.id, of, beyond_shift=how.beyond)
        assert isinstance(outcome, SessionConfirmed) == (expected and may_decide(operator, stay)), (outcome, stay)
        if isinstance(outcome, SessionConfirmed) and chosen is not None:
            if chosen.what is not None:
                chosen.what.holds = True
            else:
                stay.vouched.add(chosen.event)
            if how.beyond and chosen.what is None:
                stay.beyond.add(chosen.event)

    def amend(self, operator: str, stay: Stay, how: How) -> None:
        """An operator proposes other times; alone they are nothing."""
        change = self.change_of(stay, how)
        outcome = self.booth.station.operators.amend_session(signed_in(operator), stay.id, change)
        allowed = may_decide(operator, stay) and not stay.drill and stay.state() is not SessionState.VOID
        allowed = allowed and not any(each.waits for each in stay.corrections)
        if isinstance(outcome, SessionAmended):
            assert allowed
            assert not outcome.holds, "a correction by one person alone does not hold"
            stay.corrections.append(self.proposal(operator, change))
        assert not allowed or isinstance(outcome, SessionAmended) or reason(outcome) in _TIMES_DO_NOT_FIT, outcome

    def amend_service(self, operator: str, stay: Stay, how: How) -> None:
        """An operator proposes another service kind; it is no word on the hours."""
        change = Change(AmendmentReason.WRONG_SERVICE, service=how.kind.value)
        outcome = self.booth.station.operators.amend_session(signed_in(operator), stay.id, change)
        expected = may_decide(operator, stay) and not stay.drill and stay.state() is not SessionState.VOID
        expected = expected and not any(each.waits for each in stay.corrections) and stay.kind != how.kind
        assert isinstance(outcome, SessionAmended) == expected, (outcome, stay)
        if expected:
            stay.corrections.append(self.proposal(operator, change))

    def withdraw(self, operator: str, stay: Stay, how: How) -> None:
        """An operator withdraws a record: at once where it counts nothing, else a second person must agree."""
        expected = may_decide(operator, stay) and stay.state() is not SessionState.VOID
        expected = expected and not any(each.waits for each in stay.withdrawals)
        counts = stay.state() in COUNTING and not stay.counts_nothing
        outcome = self.booth.station.operators.void_session(signed_in(operator), stay.id, VoidReason.DUPLICATE)
        assert isinstance(outcome, SessionVoided) == expected, (outcome, stay)
        if isinstance(outcome, SessionVoided):
            assert outcome.holds is not counts
            stay.withdrawals.append(Proposal(self.newest_event("void"), operator))

    def dismiss(self, operator: str, stay: Stay, how: How) -> None:
        """A proposal is turned down; it waits no longer."""
        proposals = [each.what for each in stay.awaits() if each.what is not None]
        expected = may_decide(operator, stay) and len(proposals) == 1
        dismiss = self.booth.station.operators.dismiss_proposal
        outcome = dismiss(signed_in(operator), stay.id, DecisionReason.NO_EVIDENCE)
        assert isinstance(outcome, ProposalDismissed) == expected, (outcome, stay)
        if expected:
            proposals[0].dismissed = True

    def rate(self, operator: str, stay: Stay, how: How) -> None:
        """An operator rates a duty."""
        expected = may_decide(operator, stay) and stay.state() in COUNTING and not stay.counts_nothing
        outcome = self.booth.station.operators.rate_service(signed_in(operator), stay.id, Mark(how.quality))
        assert isinstance(outcome, SessionRated) == expected, (outcome, stay)
        if expected:
            stay.quality = how.quality.value

    def decide(self, operator: str, stay: Stay, how: How) -> None:
        """An operator decides on an objection; a correction that answers the volunteer holds at once."""
        change = self.change_of(stay, how)
        undecided = any(stay.objections.values())
        ruling = Ruling(DecisionReason.CORRECTED, change if how.upheld else None)
        outcome = self.booth.station.operators.decide_objection(signed_in(operator), stay.id, ruling)
        if isinstance(outcome, ObjectionDecided):
            assert undecided
            assert may_decide(operator, stay), "nobody decides about an own record"
            objection = next(each for each, stands in stay.objections.items() if stands)
            stay.objections[objection] = False
            if how.upheld:
                holds = stay.entered is None or stay.entered[0] != operator
                assert outcome.holds is holds, "who typed the hours does not make them count"
                stay.corrections.append(self.proposal(operator, change, holds=holds))
            return
        refused = not undecided or not may_decide(operator, stay)
        refused = refused or (how.upheld and reason(outcome) in _TIMES_DO_NOT_FIT)
        assert refused or (how.upheld and stay.state() is SessionState.VOID), (outcome, stay)
