"""The plain model: what duty-rules.md says, in words and dictionaries, beside what truly happened.

Upstream: ``watch`` (the truth), ``sync.protocol.vocabulary`` (words only).
Downstream: ``duty_machine``.

Nothing of the product is used here but its words, so that the booth and the model agree only by both being right.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sync.protocol.vocabulary import Matter, Provenance, SessionState
from tests.machines.watch import Instant, Watch

LEAST_MIN, CAP_MIN, MARGIN_MIN = 5, 12 * 60, 15
MINUTE_MS = 60_000
COUNTING = frozenset({SessionState.CLOSED, SessionState.CONFIRMED, SessionState.AMENDED})
DECIDED = frozenset({SessionState.CONFIRMED, SessionState.AMENDED})


@dataclass
class Proposal:
    """A correction or a withdrawal that one person proposes; times UTC ms, None where it is about the service."""

    event: str
    by: str
    starts_ms: int | None = None
    ends_ms: int | None = None
    service: str | None = None
    holds: bool = False
    dismissed: bool = False

    @property
    def waits(self) -> bool:
        """Whether a second person has still to say something."""
        return not self.holds and not self.dismissed

    @property
    def original_ms(self) -> int | None:
        """How long it says that the duty was."""
        return None if self.starts_ms is None or self.ends_ms is None else self.ends_ms - self.starts_ms


@dataclass
class Said:
    """The volunteer's word on the end: how long the duty was; a length is true whatever the clock was."""

    event: str
    lasted_ms: int


@dataclass
class Awaited:
    """What waits for an operator's confirmation, and whose word it is."""

    event: str
    by: str | None
    what: Proposal | None = None


@dataclass
class Stay:
    """One duty of one volunteer: who, when truly, and everything that was said of it.

    Attributes:
        check_in: event id of the scan, or of the entry.
        entered: by whom the hours were typed and how long they were (ms); None for a scanned duty.
        out: event id of the check-out that stands, ``ended`` its instant.
        left_open: the rules closed it, for nobody else did.
        vouched: the event ids of ends that an operator stands for; ``beyond`` those with the time after the shift.
        objections: event ids, and whether each still stands.
        measured_ms: how long it was by its two scans.
    """

    id: str
    volunteer: str
    service: str
    team: str | None
    check_in: str
    began: Instant
    shift: tuple[int, int] | None = None
    paid: bool = False
    drill: bool = False
    entered: tuple[str, int] | None = None
    undone: bool = False
    out: str | None = None
    ended: Instant | None = None
    left_open: bool = False
    said: Said | None = None
    vouched: set[str] = field(default_factory=set)
    beyond: set[str] = field(default_factory=set)
    corrections: list[Proposal] = field(default_factory=list)
    withdrawals: list[Proposal] = field(default_factory=list)
    objections: dict[str, bool] = field(default_factory=dict)
    quality: str | None = None
    measured_ms: int = 0

    @property
    def counts_nothing(self) -> bool:
        """Paid work and practice."""
        return self.paid or self.drill

    @property
    def end_event(self) -> str | None:
        """The event that says when it ended, whoever said so."""
        if self.entered is not None:
            return self.check_in
        if self.left_open:
            return None if self.said is None else self.said.event
        return self.out

    @property
    def corrected(self) -> Proposal | None:
        """The correction of its times that holds, the latest."""
        return next((each for each in reversed(self.corrections) if each.holds and each.starts_ms is not None), None)

    @property
    def kind(self) -> str:
        """The service kind as it stands: the latest correction that holds, or what was tapped."""
        told = [] if self.undone else [each.service for each in self.corrections if each.holds and each.service]
        return told[-1] if told else self.service

    def recorded(self) -> SessionState:
        """What the scans alone make of it."""
        if self.undone:
            return SessionState.VOID
        if self.entered is not None or self.left_open:
            return SessionState.PROVISIONAL
        if self.out is None:
            return SessionState.OPEN
        return SessionState.PROVISIONAL if self.measured_ms > CAP_MIN * MINUTE_MS else SessionState.CLOSED

    def state(self) -> SessionState:
        """What it is now."""
        state = self.recorded()
        if state is SessionState.VOID:
            return state
        if self.end_event in self.vouched and state is not SessionState.OPEN:
            state = SessionState.CONFIRMED
        for correction in self.corrections:
            if correction.holds and (correction.starts_ms is not None or state in COUNTING):
                state = SessionState.AMENDED
        counts = state in COUNTING and not self.counts_nothing
        gone = any(each.holds or (each.waits and not counts) for each in self.withdrawals)
        return SessionState.VOID if gone else state

    def provenance(self) -> Provenance:
        """How its hours are known."""
        if self.corrected is not None and not self.undone:
            return Provenance.CORRECTION
        if self.entered is not None:
            return Provenance.CAPTAIN_ENTRY
        if self.left_open:
            stated = self.end_event in self.vouched
            return Provenance.ONE_SCAN_STATED if stated else Provenance.ONE_SCAN_AUTO
        return Provenance.ONE_SCAN if self.out is None else Provenance.TWO_SCANS

    def said_ms(self) -> int | None:
        """How long it was, where a person says so and that holds; None: the scans tell, or nobody."""
        if self.corrected is not None:
            return self.corrected.original_ms
        if self.left_open and self.said is not None and self.end_event in self.vouched:
            return self.said.lasted_ms
        return None if self.entered is None else self.entered[1]

    def waits_for(self) -> frozenset[Matter]:
        """What a person has still to do about it."""
        found, state = set(), self.state()
        unsaid = state is SessionState.PROVISIONAL and self.left_open and self.said is None
        if state not in {SessionState.OPEN, SessionState.VOID} and not self.counts_nothing:
            if unsaid:
                found.add(Matter.END_UNKNOWN)
            elif state not in DECIDED:
                found.add(Matter.CONFIRM if self.entered is None else Matter.SECOND_PERSON)
            if self.quality is None and state is not SessionState.PROVISIONAL:
                found.add(Matter.RATE)
        if state is not SessionState.VOID and any(each.waits for each in (*self.corrections, *self.withdrawals)):
            found.add(Matter.SECOND_PERSON)
        if any(self.objections.values()):
            found.add(Matter.OBJECTION)
        return frozenset(found)

    def awaits(self, *, beyond: bool = False) -> list[Awaited]:
        """What an operator could confirm of it."""
        state = self.state()
        if state is SessionState.VOID:
            return []
        found = [Awaited(each.event, each.by, each) for each in (*self.corrections, *self.withdrawals) if each.waits]
        end = self.end_event
        again = beyond and state is SessionState.CONFIRMED and self.shift is not None and end not in self.beyond
        undecided = state in {SessionState.CLOSED, SessionState.PROVISIONAL}
        if end is not None and not self.counts_nothing and (undecided or again):
            hours = Awaited(end, None if self.entered is None else self.entered[0])
            return [hours] if again else [hours, *found]
        return found

    def minutes(self, starts_ms: int, original_ms: int) -> int:
        """What it counts: whole minutes within its shift, nothing under five, twelve hours at most."""
        if self.state() not in COUNTING or self.counts_nothing:
            return 0
        ends_ms = starts_ms + original_ms
        if self.shift is not None and self.corrected is None:
            if self.end_event not in self.beyond:
                ends_ms = min(ends_ms, self.shift[1] + MARGIN_MIN * MINUTE_MS)
            starts_ms = max(starts_ms, self.shift[0] - MARGIN_MIN * MINUTE_MS)
        minutes = max(0, ends_ms - starts_ms) // MINUTE_MS
        return 0 if minutes < LEAST_MIN else min(minutes, CAP_MIN)


@dataclass
class Group:
    """A visiting team's group: its id, and the scans in it that stand, the opening first."""

    id: str
    by: str
    service: str
    team: str | None
    scans: dict[str, Instant] = field(default_factory=dict)


@dataclass
class Model:
    """Everything that is true of a booth's duty."""

    watch: Watch
    stays: dict[str, Stay] = field(default_factory=dict)
    drill_since: Instant | None = None
    group: Group | None = None
    promised: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    parked: set[str] = field(default_factory=set)
    suspended: set[str] = field(default_factory=set)
    minors: set[str] = field(default_factory=set)
    paid: set[str] = field(default_factory=set)
    roster: dict[str, tuple[int, int]] = field(default_factory=dict)
    stars: dict[str, set[int]] = field(default_factory=dict)

    @property
    def drill(self) -> bool:
        """Whether the station practises."""
        return self.drill_since is not None

    def open_of(self, volunteer: str, *, drill: bool) -> Stay | None:
        """Return the duty a volunteer is on, or None."""
        mine = [each for each in self.stays.values() if each.volunteer == volunteer and each.drill == drill]
        found = [each for each in mine if each.entered is None and each.state() is SessionState.OPEN]
        assert len(found) <= 1, "nobody is on duty twice"
        return found[0] if found else None

    def open(self) -> list[Stay]:
        """Return every duty that goes on."""
        return [each for each in self.stays.values() if each.state() is SessionState.OPEN]

    def unended_of(self, volunteer: str) -> list[Stay]:
        """Return the duties of a volunteer of which nobody has said when they ended."""
        mine = [each for each in self.stays.values() if each.volunteer == volunteer]
        return [each for each in mine if Matter.END_UNKNOWN in each.waits_for()]
