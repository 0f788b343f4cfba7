"""Volunteers' words on the roster, decided one after another in the order of arrival (docs/adr/0031).

Upstream: ``store``, ``deciding``, ``swapping``, ``outlook``.
Downstream: ``api.events`` (after a batch), ``feed``, the volunteers' pages, the commands.

Each is decided in a transaction of the roster's one owner, so that it sees all that was decided before, however many
workers there are. A crash in between leaves it waiting, and whoever settles next decides it. One that cannot be decided
for a fault of this program is logged and passed over: it holds no other up, and waits for a better version.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from sync.platform.errors import DatabaseAwayError
from sync.platform.ports import Ports, unix_ms
from sync.platform.rostering.deciding import Case, Decision, came_about, decide_on_place, decide_on_post
from sync.platform.rostering.model import Answer
from sync.platform.rostering.outlook import Colleague, Exchange, OpenPlace, Outlook, OwnPlace, outlook
from sync.platform.rostering.problem import Limits
from sync.platform.rostering.saying import given_of
from sync.platform.rostering.swapping import agree, ask, end_broken, refuse, withdraw
from sync.platform.store import Database, Unit
from sync.platform.store.rosters import OWNER
from sync.protocol.vocabulary import AnswerOutcome, LeaveReason, RosterAnswer, RosterReason

__all__ = [
    "Colleague",
    "Exchange",
    "OpenPlace",
    "Outlook",
    "OwnPlace",
    "Said",
    "outlook",
    "say",
    "settle",
    "settle_quietly",
]

PAGE = "page"  # where it was said
LIMITS = Limits()
NUL = "\x00"
_log = logging.getLogger(__name__)


class UndecidedError(Exception):
    """One answer cannot be decided, for a fault of this program; it says where and nothing of whom."""

    def __init__(self, answer: str, cause: Exception) -> None:
        where = "".join(traceback.format_tb(cause.__traceback__))
        super().__init__(f"{type(cause).__name__} at\n{where}")
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Said:
    """What a volunteer says on a page; fields as of ``sync.protocol.roster.RosterResponse``."""

    volunteer: str
    answer: RosterAnswer
    of: str
    version: int = 0
    colleague: str | None = None
    in_return: str | None = None
    reason: LeaveReason | None = None


def say(database: Database, ports: Ports, said: Said, limits: Limits = LIMITS) -> Answer:
    """Note a volunteer's word of a page and decide it; return what became of it (``outcome`` None: it waits).

    What came before it is decided first. What is done needs no telling: whoever said it reads the answer.

    Raises:
        DatabaseAwayError: the database does not answer just now; the word may be noted.
    """
    id_ = ports.ids()
    with database.writing(OWNER) as unit:
        before_ms = unit.roster_answers.latest_on_page(said.volunteer)
        unit.roster_answers.put(_noted(id_, said, max(unix_ms(ports.clock()), before_ms + 1)))
    settle(database, ports, limits)
    with database.reading() as unit:
        answer = unit.roster_answers.find(id_)
    if answer is None:
        raise LookupError(f"the answer {id_} is not there after it was noted")
    return answer


def settle(database: Database, ports: Ports, limits: Limits = LIMITS) -> int:
    """Decide every answer that waits, in the order of arrival, and end exchanges that became impossible.

    Returns:
        How many answers were decided.

    Raises:
        DatabaseAwayError: the database does not answer just now; what waits still does.
    """
    count = 0
    passed_over: set[str] = set()
    while True:
        try:
            if not _settle_next(database, ports, limits, passed_over):
                break
            count += 1
        except UndecidedError as error:
            _log.error("answer %s to the roster was not decided: %s", error.answer, error)
            passed_over.add(error.answer)
    with database.reading() as unit:
        broken = unit.exchanges.broken()
    if broken:
        with database.writing(OWNER) as unit:
            end_broken(unit, unix_ms(ports.clock()))
    return count


def settle_quietly(database: Database, ports: Ports) -> None:
    """Settle where anything waits; where the database does not answer, the next one to ask does it."""
    try:
        with database.reading() as unit:
            waits = unit.roster_answers.is_waiting() or unit.exchanges.broken()
        if waits:
            settle(database, ports)
    except DatabaseAwayError as error:
        _log.warning("answers to the roster wait on: the database is away (%s)", type(error.__cause__).__name__)


def _settle_next(database: Database, ports: Ports, limits: Limits, passed_over: Collection[str]) -> bool:
    """Decide the first answer that waits, or return that none does.

    Raises:
        UndecidedError: whatever else went wrong with it.
    """
    answer: Answer | None = None
    try:
        with database.writing(OWNER) as unit:
            answer = next(iter(unit.roster_answers.waiting(1, passed_over)), None)
            if answer is not None:
                _settle_one(unit, answer, ports, limits)
    except DatabaseAwayError:
        raise
    except Exception as error:
        if answer is None:
            raise
        raise UndecidedError(answer.id, error) from error
    return answer is not None


def _settle_one(unit: Unit, answer: Answer, ports: Ports, limits: Limits) -> None:
    now_ms = unix_ms(ports.clock())
    recorded = unit.roster_answers.recorded([answer.id])
    given = given_of(unit, answer, recorded, came_about(unit, answer))
    decision = _DECIDES[answer.answer](Case(unit, answer, given, now_ms, ports.ids, limits))
    seen = answer.answer is RosterAnswer.SEEN or (answer.source == PAGE and decision.outcome is AnswerOutcome.DONE)
    unit.roster_answers.put(
        replace(
            answer,
            given=given,
            post=decision.post,
            outcome=decision.outcome,
            why=decision.why,
            settled_ms=now_ms,
            seen_ms=now_ms if seen else None,
        )
    )


def _see(case: Case) -> Decision:
    """Note that a volunteer read what became of an own answer: it is told no more."""
    read = case.unit.roster_answers.find(case.answer.of)
    if read is None or read.outcome is None:
        return case.void(RosterReason.UNKNOWN)
    if read.volunteer != case.answer.volunteer:
        return case.refuse(RosterReason.NOT_OWN, read.post)
    if read.seen_ms is None:
        case.unit.roster_answers.put(replace(read, seen_ms=case.now_ms))
    return case.done(read.post)


def _noted(id_: str, said: Said, at_ms: int) -> Answer:
    return Answer(
        id=id_,
        volunteer=said.volunteer,
        answer=said.answer,
        of=_kept(said.of),
        source=PAGE,
        received_ms=at_ms,
        version=said.version,
        colleague=None if said.colleague is None else _kept(said.colleague),
        in_return=None if said.in_return is None else _kept(said.in_return),
        reason=said.reason,
    )


def _kept(id_: str) -> str:
    """Return an id as a database can keep it; one that holds U+0000 is of nothing anyway."""
    return id_.replace(NUL, " ")


_DECIDES: Mapping[RosterAnswer, Callable[[Case], Decision]] = MappingProxyType(
    {
        RosterAnswer.ACCEPT: decide_on_place,
        RosterAnswer.DECLINE: decide_on_place,
        RosterAnswer.LEAVE: decide_on_place,
        RosterAnswer.TAKE: decide_on_post,
        RosterAnswer.ASK_SWAP: ask,
        RosterAnswer.AGREE_SWAP: agree,
        RosterAnswer.REFUSE_SWAP: refuse,
        RosterAnswer.WITHDRAW_SWAP: withdraw,
        RosterAnswer.SEEN: _see,
    }
)
