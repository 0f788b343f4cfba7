"""One booth and what is true of it: how every rule shows a card, lets time be looked after, tells and asks.

Upstream: ``model``, ``watch``, ``promises``; the real station of ``tests.support.station``.
Downstream: ``sayings``, ``duty_machine``.

Where the booth cannot know the time well enough, more than one outcome is right; then the model learns which it was.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine

from kiosk.usecases.desk_outcomes import (
    Change,
    DeskRefused,
)
from kiosk.usecases.operator_outcomes import SignedIn
from kiosk.usecases.outcomes import (
    CheckedIn,
    CheckedInAsking,
    CheckedOut,
    GroupDeed,
    GroupScanned,
    JustStarted,
    Refused,
)
from kiosk.usecases.record_outcomes import OwnRecords
from sync.protocol.envelope import Envelope
from sync.protocol.reference import Appointment, ListedVolunteer, RosteredShift, Standing
from sync.protocol.roster import OpenPost
from sync.protocol.vocabulary import (
    AmendmentReason,
    Quality,
    ServiceKind,
    SessionState,
)
from tests.machines.far_side import FarSide
from tests.machines.model import Model, Proposal, Stay
from tests.machines.promises import rows_of
from tests.machines.watch import Instant, Watch
from tests.support.clock import FakeClocks
from tests.support.community import ISSUED
from tests.support.station import Booth

HEAD, DEPUTY, CAPTAIN, ANN, BOB = (f"41030200000001{number:02d}" for number in range(5))
OPERATORS, VOLUNTEERS = (HEAD, DEPUTY, CAPTAIN), (HEAD, CAPTAIN, ANN, BOB)  # two of the operators serve as well
ROLES = {HEAD: "head", DEPUTY: "deputy_head", CAPTAIN: "captain"}
RED, NAME, FOR_EVER_MS = "red", "张晓明", 2**53 - 1
YEAR_MS, HOUR_S, DAY_S = 365 * 24 * 3_600_000, 3600, 86_400
JUST_STARTED_S, UNDO_S, ANSWER_S, GROUP_IDLE_S, DRILL_S = 180, 10, 180, 600, 3600
SERVED_S, UNSURE_S = 900, 60  # left so near its end a shift is served; and so well a duty's length is known
POST = "post-1"
A_MOMENT = timedelta(milliseconds=2)
MEMORY = Path("/dev/shm")  # noqa: S108 - memory, where there is one: a hundred booths come and go


@dataclass(frozen=True)
class How:
    """What exactly an operator says; each act takes what it needs of it."""

    item: int
    beyond: bool
    upheld: bool
    after_min: int
    length_min: int
    kind: ServiceKind
    quality: Quality


class Life(RuleBasedStateMachine):
    """A real booth (real use cases, a real SQLite file), a real platform, and the plain model of both."""

    def put_up(self, drift_ppm: int, shift_in_min: int) -> None:
        """Put up a booth whose clock runs so much wrong; two volunteers have a shift so many minutes from now."""
        place = MEMORY if MEMORY.is_dir() else None
        self.root = tempfile.TemporaryDirectory(prefix="duty-", dir=place, ignore_cleanup_errors=True)
        folder = Path(self.root.name) / "booth"
        folder.mkdir()
        self.clocks = FakeClocks(drift_ppm=drift_ppm)
        self.booth, self.far = Booth(folder, clocks=self.clocks), FarSide()
        self.model = Model(Watch(self.clocks))
        self.cards = {each: self.booth.card(each, expires_at=ISSUED + timedelta(days=7000)) for each in VOLUNTEERS}
        self.asked: CheckedInAsking | None = None
        self.version, self.recorded = 1, 0
        for volunteer in (ANN, CAPTAIN):
            self.plan(volunteer, shift_in_min)
        self.tell()
        self.note()

    def show(self, volunteer: str) -> None:
        """Show a card; the outcome must be one that the model allows."""
        model, watch = self.model, self.model.watch
        current, group = model.open_of(volunteer, drill=model.drill), model.group
        allowed = self.may_come_of(volunteer, current)
        outcome: Any = self.booth.station.present(self.cards[volunteer])
        word = _word_of(outcome)
        assert word in allowed, (outcome, current, allowed)
        assert isinstance(outcome, GroupScanned) == (group is not None and word != "refused")
        if word == "begin":
            if current is not None:
                current.left_open = True
            self.begun(volunteer, outcome)
        elif word == "end" and current is not None:
            current.out, current.ended = outcome.event_id, watch.now()
            if current.began.boot == current.ended.boot:
                current.measured_ms = (current.ended.bt_us - current.began.bt_us) // 1000
            assert self.event(outcome.event_id).body["session"] == current.id
        if word in {"begin", "end"}:
            self.scanned(outcome.event_id, watch.now())
        self.note()

    def may_come_of(self, volunteer: str, current: Stay | None) -> set[str]:
        """Return what a scan may come to by the words of the rules; one thing only, where the time is known."""
        watch, minor = self.model.watch, volunteer in self.model.minors
        begins = {"begin"}
        if volunteer in self.model.suspended:
            begins = {"refused"}
        elif minor and watch.slack_s(watch.now()) is not None:
            night = watch.is_night()
            begins = {"begin", "refused"} if night is None else {"refused" if night else "begin"}
        if current is None:
            return begins
        past = watch.past_limit(current.began, minor=minor)
        if current.began.boot == self.clocks.boot:
            ends = {"remind" if watch.age_s(current.began) < JUST_STARTED_S else "end"}
        else:
            ends = {"end", "remind"} if watch.now().true_s - current.began.true_s < JUST_STARTED_S + 1 else {"end"}
        return (set() if past is False else begins) | (set() if past is True else ends)

    def begun(self, volunteer: str, outcome: Any) -> None:
        """A duty began: as what, the record says; the model says whether that is right."""
        model, body = self.model, self.event(outcome.event_id).body
        shift, now = body.get("shift"), model.watch.now()
        stay = Stay(body["session"], volunteer, body["service"], body.get("team"), outcome.event_id, now)
        stay.shift = None if shift is None else (shift["starts_ms"], shift["ends_ms"])
        stay.paid, stay.drill = volunteer in model.paid, model.drill
        assert stay.shift in self.shifts_allowed(volunteer), (stay, model.roster)
        assert (body.get("paid", False), body.get("drill", False)) == (stay.paid, stay.drill)
        assert stay.team == (model.group.team if model.group else RED if stay.shift else None)
        assert model.group is None or stay.service == model.group.service
        model.stays[stay.id] = stay
        if isinstance(outcome, CheckedIn):
            unended = [] if model.drill else model.unended_of(volunteer)
            assert (outcome.unfinished_since is not None) == bool(unended), "a forgotten end is always told"
            asks = isinstance(outcome, CheckedInAsking)
            self.asked = outcome if isinstance(outcome, CheckedInAsking) else None
            assert not asks or self.asked is None or self.asked.asks.session_id in {each.id for each in unended}

    def shifts_allowed(self, volunteer: str) -> set[tuple[int, int] | None]:
        """Return the shift that a check-in now must match; both, where the time is not known well enough."""
        planned = self.model.roster.get(volunteer)
        if planned is None or self.model.group is not None:
            return {None}
        lo_ms, hi_ms = (second * 1000 for second in self.model.watch.range_now())
        first_ms, last_ms = planned[0] - HOUR_S * 1000, planned[1]
        if hi_ms < first_ms or lo_ms >= last_ms:
            return {None}
        served = {self.has_served(stay, last_ms) for stay in self.model.stays.values() if stay.volunteer == volunteer}
        if True in served:
            return {None}
        surely = None not in served and lo_ms >= first_ms + 1 and hi_ms < last_ms - 1
        return {planned} if surely else {planned, None}

    def has_served(self, stay: Stay, last_ms: int) -> bool | None:
        """Tell whether a duty was served to the end (UTC ms) of a shift, or nearly; None: the booth may think so."""
        if stay.drill != self.model.drill or stay.state() is SessionState.VOID:
            return False
        if stay.ended is None and not stay.left_open and stay.entered is None:
            return False
        scanned = stay.out is not None and stay.ended is not None and stay.entered is None and not stay.left_open
        if not scanned or stay.corrections or stay.ended is None or stay.ended.boot != self.clocks.boot:
            return None
        began, ended = self.model.watch.range_of(stay.began), self.model.watch.range_of(stay.ended)
        if began is None or ended is None or stay.began.boot != self.clocks.boot:
            return None
        nearly_s = last_ms / 1000 - SERVED_S
        if ended[1] < nearly_s - UNSURE_S or began[0] > last_ms / 1000 + UNSURE_S:
            return False
        return True if ended[0] > nearly_s + UNSURE_S and began[1] < last_ms / 1000 - UNSURE_S else None

    def scanned(self, event: str, at: Instant) -> None:
        """What is told to a person is on record for good; within a group it is one of its scans."""
        if self.model.group is not None:
            self.model.group.scans[event] = at
        self.model.promised |= {event} - {self.model.group.id if self.model.group else ""}

    def may_undo(self, stay: Stay) -> bool | None:
        """Tell whether the latest scan of a duty can be taken back; None: the age is not known well enough."""
        if stay.entered is not None:
            return False
        if stay.out is None:
            at, longest_s, effective = stay.began, JUST_STARTED_S, stay.state() is SessionState.OPEN
            effective = effective and not any(each.holds and each.starts_ms for each in stay.corrections)
        else:
            assert stay.ended is not None
            at, longest_s = stay.ended, UNDO_S
            effective = self.model.open_of(stay.volunteer, drill=stay.drill) is None
        if not effective:
            return False
        if at.boot == self.clocks.boot:
            return self.model.watch.age_s(at) <= longest_s
        return False if self.clocks.true_ns / 1e9 - at.true_s > longest_s + 1 else None

    def tend(self) -> None:
        """The minute is over."""
        self.booth.station.tend()
        self.tended()

    def tended(self) -> None:
        """The booth looked after what time asks for: its mailbox, what is overdue, an idle group, a drill too long."""
        model, watch = self.model, self.model.watch
        watch.take_up()
        watch.alive()
        for stay in model.open():
            past = watch.past_limit(stay.began, minor=stay.volunteer in model.minors)
            if past is None:
                past = rows_of(self.booth)[stay.id].state == SessionState.PROVISIONAL
            stay.left_open = past
        newest = None if model.group is None else list(model.group.scans.values())[-1]
        if newest is not None and (newest.boot != self.clocks.boot or watch.age_s(newest) > GROUP_IDLE_S):
            model.group = None
        if model.drill_since is not None and self.drill_is_over(model.drill_since):
            self.end_drill()
        self.note()

    def drill_is_over(self, since: Instant) -> bool:
        """Tell whether a drill has ended by itself."""
        if since.boot == self.clocks.boot:
            return self.model.watch.age_s(since) >= DRILL_S
        with self.booth.station.device.ledger.reading() as reading:
            return not reading.drill_on()

    def end_drill(self) -> None:
        """Whoever is still on duty in it is not any more."""
        self.model.drill_since = None
        for stay in self.model.open():
            stay.left_open = stay.left_open or stay.drill

    def plan(self, volunteer: str, in_min: int) -> None:
        """Put a shift of three hours into the roster."""
        starts_ms = self.clocks.true_ms + in_min * 60_000
        self.model.roster[volunteer] = starts_ms, starts_ms + 3 * 3_600_000

    def tell(self) -> None:
        """Bring the booth newer reference data."""
        self.version, model = self.version + 1, self.model
        offices = [Appointment(each, NAME, ROLES[each], 0, FOR_EVER_MS, RED) for each in OPERATORS]
        shifts = [
            RosteredShift(f"shift-{each}-{starts_ms}", each, NAME, "environment", starts_ms, ends_ms, RED)
            for each, (starts_ms, ends_ms) in model.roster.items()
        ]
        standings = [
            Standing(
                each,
                confirmed_minutes=100 * 60 if each == BOB else 0,
                suspended=each in model.suspended,
                adult_from_ms=FOR_EVER_MS // 2 if each in model.minors else None,
                guardian_consent=True,
                paid=each in model.paid,
            )
            for each in VOLUNTEERS
        ]
        now_ms = self.clocks.true_ms
        directory = [ListedVolunteer(each, NAME) for each in VOLUNTEERS]
        document = self.booth.community.reference(
            version=self.version,
            roster=tuple(shifts),
            appointments=offices,
            standings=standings,
            directory=directory,
            open_posts=[OpenPost(POST, "tutoring", now_ms, now_ms + 3 * HOUR_S * 1000, 1)],
        )
        assert self.booth.station.apply_reference(document)

    def note(self) -> None:
        """Whatever was recorded since shows that the booth was alive."""
        recorded = self.booth.rows("SELECT count(*) FROM ledger")[0][0]
        if recorded != self.recorded:
            self.model.watch.alive()
        self.recorded = recorded

    def pick(self, which: int) -> Stay:
        """Return one of the latest duties."""
        found = list(self.model.stays.values())[-8:]
        return found[-1 - which % len(found)]

    def change_of(self, stay: Stay, how: How) -> Change:
        """Return a correction of both times, from where the booth has the start."""
        starts_ms = rows_of(self.booth)[stay.id].started_ms + how.after_min * 60_000
        starts_at = datetime.fromtimestamp(max(starts_ms, 0) / 1000, UTC)
        return Change(AmendmentReason.WRONG_END, starts_at, starts_at + timedelta(minutes=how.length_min))

    def proposal(self, operator: str, change: Change, *, holds: bool = False) -> Proposal:
        """Return the proposal that was just recorded."""
        starts_ms, ends_ms = (
            None if at is None else round(at.timestamp() * 1000) for at in (change.starts_at, change.ends_at)
        )
        return Proposal(self.newest_event("amendment"), operator, starts_ms, ends_ms, change.service, holds)

    def records_of(self, volunteer: str) -> OwnRecords:
        """Return somebody's own records."""
        opened = self.booth.station.records.open(self.cards[volunteer])
        assert isinstance(opened, OwnRecords), opened
        return opened

    def event(self, event_id: str) -> Envelope:
        """Return a record that must be there."""
        with self.booth.station.device.ledger.reading() as reading:
            found = reading.event(event_id)
        assert found is not None
        return found

    def newest_event(self, kind: str) -> str:
        """Return the id of the newest record of a kind."""
        newest = "SELECT id FROM ledger WHERE kind = {!r} ORDER BY position DESC LIMIT 1"
        return str(self.booth.rows(newest.format(kind))[0][0])

    def shuffled(self) -> list[Envelope]:
        """Return all records in an order that has nothing to do with when they were made."""
        return sorted(self.booth.events(), key=lambda event: event.h)


def signed_in(operator: str) -> SignedIn:
    """Return an operator at the desk."""
    return SignedIn(operator, NAME, (ROLES[operator],))


def may_decide(operator: str, stay: Stay) -> bool:
    """Nobody decides about an own record, and a captain's reach ends with the own team."""
    return operator != stay.volunteer and (operator != CAPTAIN or stay.team == RED)


def reason(outcome: Any) -> str | None:
    """Return the word of a refusal at the desk."""
    return outcome.reason.value if isinstance(outcome, DeskRefused) else None


def _word_of(outcome: Any) -> str:
    words: dict[type, str] = {CheckedOut: "end", JustStarted: "remind", Refused: "refused"}
    if isinstance(outcome, GroupScanned):
        return {GroupDeed.CAME: "begin", GroupDeed.LEFT: "end", GroupDeed.ALREADY: "remind"}[outcome.deed]
    return "begin" if isinstance(outcome, CheckedIn) else words[type(outcome)]
