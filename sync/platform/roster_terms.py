"""The words of the roster's closed lists: states, answers, reasons.

Upstream: ``wording``, ``sync.protocol.vocabulary``.
Downstream: ``console``, the commands.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sync.platform.wording import marked
from sync.protocol.vocabulary import (
    AnswerOutcome,
    AssignmentState,
    LeaveReason,
    RosterAnswer,
    RosterReason,
    SwapState,
)

STATES: Mapping[str, str] = MappingProxyType(
    {
        AssignmentState.DRAFT: marked("Draft"),
        AssignmentState.OFFERED: marked("Asked, no answer yet"),
        AssignmentState.ACCEPTED: marked("Accepted"),
        AssignmentState.DECLINED: marked("Declined"),
        AssignmentState.LEFT: marked("On leave"),
        AssignmentState.SWAPPED: marked("Exchanged"),
        AssignmentState.WITHDRAWN: marked("Withdrawn"),
    }
)
ANSWERS: Mapping[str, str] = MappingProxyType(
    {
        RosterAnswer.ACCEPT: marked("Accepts"),
        RosterAnswer.DECLINE: marked("Declines"),
        RosterAnswer.LEAVE: marked("Asks for leave"),
        RosterAnswer.TAKE: marked("Takes an open post"),
        RosterAnswer.ASK_SWAP: marked("Asks to exchange"),
        RosterAnswer.AGREE_SWAP: marked("Agrees to exchange"),
        RosterAnswer.REFUSE_SWAP: marked("Does not agree to exchange"),
        RosterAnswer.WITHDRAW_SWAP: marked("Takes the wish to exchange back"),
        RosterAnswer.SEEN: marked("Has read the outcome"),
    }
)
LEAVES: Mapping[str, str] = MappingProxyType(
    {
        LeaveReason.ILL: marked("ill"),
        LeaveReason.FAMILY: marked("family"),
        LeaveReason.WORK: marked("work or study"),
        LeaveReason.TRAVEL: marked("travelling"),
        LeaveReason.OTHER: marked("another reason"),
    }
)
SWAPS: Mapping[str, str] = MappingProxyType(
    {
        SwapState.ASKED: marked("Waits for the colleague"),
        SwapState.DONE: marked("Exchanged"),
        SwapState.REFUSED: marked("The colleague did not agree"),
        SwapState.WITHDRAWN: marked("Taken back"),
        SwapState.FAILED: marked("No longer possible"),
    }
)
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        AnswerOutcome.DONE: marked("Done"),
        AnswerOutcome.LOST: marked("Another answer came first"),
        AnswerOutcome.REFUSED: marked("Not possible"),
        AnswerOutcome.VOID: marked("No longer needed"),
    }
)
REASONS: Mapping[str, str] = MappingProxyType(
    {
        RosterReason.UNKNOWN: marked("There is no such volunteer or post."),
        RosterReason.SUSPENDED: marked("The volunteer may not serve at present."),
        RosterReason.UNAVAILABLE: marked("The volunteer has no time then."),
        RosterReason.DECLINED: marked("The volunteer declined this post."),
        RosterReason.OTHER_TEAM: marked("The post is meant for another team."),
        RosterReason.SKILL: marked("The post needs a skill that is not noted for the volunteer."),
        RosterReason.TRAINING: marked("The post needs a training that the volunteer does not hold by then."),
        RosterReason.NIGHT: marked("Minors serve by day only, from 8:00 to 20:00."),
        RosterReason.CONSENT: marked("A minor's guardian has to agree first."),
        RosterReason.OVERLAP: marked("The volunteer has another post at that time."),
        RosterReason.REST: marked("There would be too little rest between two posts."),
        RosterReason.DAY_FULL: marked("That would be too many hours on one day."),
        RosterReason.WEEK_FULL: marked("That would be too many hours in one week."),
        RosterReason.WEEKLY_WISH: marked("The volunteer does not want more posts in that week."),
        RosterReason.POST_FULL: marked("All places at this post are taken."),
        RosterReason.TWICE: marked("The volunteer is at this post already."),
        RosterReason.CANCELLED: marked("The post was cancelled."),
        RosterReason.BEGUN: marked("The post has begun already."),
        RosterReason.NOT_OWN: marked("It is somebody else's to answer."),
        RosterReason.CHANGED: marked("It was changed meanwhile."),
        RosterReason.SAID_OTHERWISE: marked("The volunteer said otherwise later."),
    }
)
CAME: Mapping[str, str] = MappingProxyType(  # words of ``rostering.served.Came``
    {
        "ahead": marked("To come"),
        "running": marked("Going on"),
        "served": marked("Came and served"),
        "partly": marked("Served a part"),
        "unconfirmed": marked("Came, hours unconfirmed"),
        "covered": marked("Missing, a walk-in stood in"),
        "absent": marked("Did not come"),
        "unanswered": marked("Asked, never answered"),
        "vacant": marked("Nobody was found"),
        "unknown": marked("Waits for records"),
    }
)
DOUBTS: Mapping[str, str] = MappingProxyType(  # words of ``rostering.served.Doubt``
    {
        "waits": marked("Records of the device have not all come yet."),
        "no_device": marked("No device stood there then; who was not there cannot be told."),
        "not_running": marked("No device ran then; who came could not show a card."),
        "lost": marked("Records of that time may be lost; a person decides."),
        "clock": marked("There is a duty that the device's clock does not date well enough."),
    }
)
