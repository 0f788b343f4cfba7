"""Deciding on what was set apart: rejected, asked about, taken up again, or made good by hours entered by hand.

Upstream: ``deciding_words``, ``hand_entries``, ``store``, ``signin.audit``.
Downstream: ``console.quarantine_pages``.

Nothing is deleted and no record is changed: hours are an entry of an operator beside it (队长补记), and count once a
second person of the station has confirmed them, as everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sync.platform.deciding_words import NEXT, Decision, SetApartRecord, Verdict
from sync.platform.errors import DecisionError
from sync.platform.hand_entries import HandBook, Hours
from sync.platform.ports import Ports, unix_ms
from sync.platform.signin.audit import Deed, Done
from sync.platform.signin.people import Account
from sync.platform.store import Unit
from sync.platform.wording import marked

DEEDS: Mapping[Verdict, Deed] = MappingProxyType(
    {
        Verdict.REJECT: Deed.RECORD_REJECTED,
        Verdict.ASK: Deed.RECORD_ASKED,
        Verdict.REOPEN: Deed.RECORD_REOPENED,
        Verdict.PROPOSE: Deed.HOURS_PROPOSED,
        Verdict.CONFIRM: Deed.HOURS_CONFIRMED,
        Verdict.DECLINE: Deed.HOURS_DECLINED,
    }
)
NEEDS_NOTE = frozenset({Verdict.REJECT, Verdict.ASK, Verdict.REOPEN, Verdict.DECLINE})
MOST_NOTE = 400
HAND_MADE = frozenset({Verdict.CONFIRM, Verdict.DECLINE, Verdict.PROPOSE})


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides within an open transaction."""

    unit: Unit
    ports: Ports
    account: Account

    def decide(self, record: SetApartRecord, verdict: Verdict, note: str, hours: Hours | None = None) -> None:
        """Note a decision, and what follows from it in the ledger.

        Args:
            record: as it was shown; that it still stands so is looked at again.
            verdict: what is decided.
            note: why, in the person's own words.
            hours: what is proposed.

        Raises:
            DecisionError: it cannot be decided so: something else was decided meanwhile, or a second person is needed.
        """
        now = self.unit.decisions.record(record.id)
        state = NEXT.get((now.state, verdict)) if now and now.state is record.state else None
        if now is None or state is None:
            raise DecisionError(marked("Something else was decided on this record meanwhile. Look at it again."))
        words = note.strip()[:MOST_NOTE]
        if verdict in NEEDS_NOTE and not words:
            raise DecisionError(marked("Say why in a few words."))
        session = self._in_the_ledger(now, verdict, hours) if verdict in HAND_MADE else None
        at_ms = unix_ms(self.ports.clock())
        decision = Decision(verdict, self.account.id, self.account.name, at_ms, words, session)
        self.unit.decisions.add(record.id, decision, state)
        done = Done(self.account.id, DEEDS[verdict], str(record.id), session or "", record.service_point)
        self.unit.audit.note(done, at_ms)

    def _in_the_ledger(self, record: SetApartRecord, verdict: Verdict, hours: Hours | None) -> str:
        if self.account.volunteer is None:
            raise DecisionError(marked("People of the station enter and confirm hours, with a volunteer number."))
        book = HandBook(self.unit, self.ports, record.service_point)
        if verdict is Verdict.PROPOSE:
            if hours is None:
                raise DecisionError(marked("Say whose hours, from when until when."))
            return book.propose(hours, self.account.volunteer)
        session = self._proposed(record)
        if verdict is Verdict.CONFIRM:
            book.confirm(session, self.account.volunteer)
        else:
            book.withdraw(session, self.account.volunteer)
        return session

    def _proposed(self, record: SetApartRecord) -> str:
        past = self.unit.decisions.history(record.id)
        sessions = [each.session for each in past if each.verdict is Verdict.PROPOSE and each.session]
        if not sessions:
            raise DecisionError(marked("Nothing was proposed for this record."))
        return sessions[-1]
