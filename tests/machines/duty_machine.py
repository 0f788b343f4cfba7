"""Duty as a state machine: scans, operators' acts, kills, power cuts, clock jumps, platform answers, in any order.

Upstream: ``model``, ``watch``, ``perils``, ``far_side``, ``promises``; the real station of ``tests.support.station``.
Downstream: ``test_duty``, ``__main__``.

Every rule does something to a real booth (real use cases, a real SQLite file) and says in the plain model what must be
true now. Where the booth cannot know the time well enough, more than one outcome is right; then the model learns which
it was, and the weaker promises of ``promises`` still hold.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kiosk.domain.hours_entry import HoursEntry
from kiosk.usecases.desk_outcomes import (
    Change,
    DeskRefused,
    DrillEnded,
    DrillStarted,
    GroupDone,
    GroupOpen,
    Mark,
    ObjectionDecided,
    ProposalDismissed,
    Ruling,
    SessionAmended,
    SessionConfirmed,
    SessionRated,
    SessionVoided,
)
from kiosk.usecases.operator_outcomes import HoursEntered, SignedIn
from kiosk.usecases.outcomes import (
    CheckedIn,
    CheckedInAsking,
    CheckedOut,
    EndStated,
    Forgotten,
    GroupDeed,
    GroupScanned,
    JustStarted,
    Refused,
    Undone,
)
from kiosk.usecases.record_outcomes import FaceTaken, Objected, OwnRecords, StarAppliedFor
from kiosk.usecases.state_end import Said as Answer
from sync.mailbox import link
from sync.mailbox.agent_side import AgentMailbox
from sync.mailbox.engine import open_engine, writing
from sync.protocol.envelope import Envelope
from sync.protocol.reference import Appointment, ListedVolunteer, RosteredShift, Standing
from sync.protocol.vocabulary import (
    AmendmentReason,
    DecisionReason,
    EntryReason,
    Face,
    ObjectionReason,
    Quality,
    ServiceKind,
    SessionState,
    StatementAnswer,
    VoidReason,
)
from tests.machines import perils
from tests.machines.far_side import FarSide, Fate, deliver
from tests.machines.model import COUNTING, Group, Model, Proposal, Said, Stay
from tests.machines.promises import after_a_step, at_the_end, own_records_are_right, rows_of
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


some = st.integers(0, 7)
people, officers, kinds = st.sampled_from(VOLUNTEERS), st.sampled_from(OPERATORS), st.sampled_from(list(ServiceKind))
waits = st.one_of(
    st.sampled_from([1, 6, 11, 60, 181, 299, 301, 700, 1800, HOUR_S, 5 * HOUR_S, 13 * HOUR_S, DAY_S, 3 * DAY_S]),
    st.integers(0, 12 * HOUR_S),
)
stays = st.one_of(st.sampled_from([299, 300, 901, HOUR_S, 4 * HOUR_S]), st.integers(181, 13 * HOUR_S))
absences = st.integers(HOUR_S, 3 * DAY_S)
teams = st.sampled_from([None, RED])
perils_of = st.sampled_from(["jump", "jump", "battery", "no battery", "restart", "kill", "die"])
offs = st.one_of(st.integers(1, 600), st.integers(1, 5 * DAY_S))
modes = st.sampled_from(["drill", "group"])
news = st.sampled_from(["suspended", "minors", "paid", "roster", "roster"])
doomed = st.sampled_from(["present", "undo", "confirm", "void", "close"])
answers = st.sampled_from([0, 0, 0, 60, 181])
walls = st.one_of(st.just(0), st.integers(-56 * YEAR_MS, 10 * YEAR_MS), st.integers(-DAY_S * 1000, DAY_S * 1000))
lengths_min = st.integers(1, 12 * 60)

acts = st.sampled_from(
    ["confirm", "confirm", "confirm", "amend", "amend_service", "withdraw", "dismiss", "rate", "object", "decide"]
)
hows = st.builds(
    How,
    item=some,
    beyond=st.booleans(),
    upheld=st.booleans(),
    after_min=st.integers(-120, 120),
    length_min=lengths_min,
    kind=kinds,
    quality=st.sampled_from(Quality),
)
words = st.lists(st.tuples(acts, officers, hows), max_size=4)
duties = st.lists(st.tuples(people, stays, words), min_size=2, max_size=4)
Word: TypeAlias = tuple[str, str, How]
_TIMES_DO_NOT_FIT = {"not_yet_over", "overlaps", "no_change"}


class DutyMachine(RuleBasedStateMachine):
    """One booth, four volunteers of whom two are operators, a third operator, and a platform."""

    @initialize(drift_ppm=st.integers(-400, 400), duties=duties)
    def open(self, drift_ppm: int, duties: list[tuple[str, int, list[Word]]]) -> None:
        """A booth is put up, whose clock runs a little wrong; some have served there already."""
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
        self.tell()
        self.note()
        for volunteer, lasts_s, words in duties:
            self.serve_once(volunteer, lasts_s, tended=False, words=words)

    # ---- what volunteers do

    @rule(volunteer=people)
    def scan(self, volunteer: str) -> None:
        """Somebody shows a card."""
        self.show(volunteer)

    @rule(volunteer=people, lasts_s=stays, tended=st.booleans(), words=words)
    def serve(self, volunteer: str, lasts_s: int, tended: bool, words: list[Word]) -> None:
        """Somebody comes, serves and leaves, and others have something to say of it."""
        self.serve_once(volunteer, lasts_s, tended=tended, words=words)

    def serve_once(self, volunteer: str, lasts_s: int, *, tended: bool, words: list[Word]) -> None:
        """One duty from its first scan to its second."""
        self.show(volunteer)
        self.clocks.elapse(lasts_s)
        if tended:
            self.tend()
        self.show(volunteer)
        self.say(volunteer, words)

    @precondition(lambda self: self.model.stays)
    @rule(which=some, soon_s=st.sampled_from([0, 0, 3, 10, 11, 100, 180, 181]))
    def undo(self, which: int, soon_s: int) -> None:
        """The latest scan, or an earlier one, is taken back."""
        self.clocks.elapse(soon_s)
        stay = self.pick(which)
        event = stay.out or stay.check_in
        expected = self.may_undo(stay)
        outcome = self.booth.station.undo(event)
        assert expected in {None, isinstance(outcome, Undone)}, (outcome, stay)
        if isinstance(outcome, Undone):
            if self.model.group is not None:
                self.model.group.scans.pop(event, None)
            if stay.out is None:
                stay.undone = True
            else:
                stay.out, stay.ended, stay.measured_ms = None, None, 0

    @precondition(lambda self: any(each.entered is None for each in self.model.stays.values()))
    @rule(which=some, kind=kinds, tea=st.integers(0, 99))
    def tap(self, which: int, kind: ServiceKind, tea: int) -> None:
        """On a card another service kind is tapped, or counts, which move no hours."""
        scanned = [each for each in self.model.stays.values() if each.entered is None]
        stay = scanned[-1 - which % len(scanned)]
        self.booth.station.choose(stay.id, kind.value)
        if stay.state() is SessionState.OPEN and stay.kind != kind:
            stay.service = kind.value
        self.booth.station.tally(stay.id, {"tea": tea})
        assert dict(self.booth.session(stay.id).session.tallies) == {"tea": tea}

    @precondition(lambda self: any(each.out for each in self.model.stays.values()))
    @rule(which=some, kind=kinds, later_s=st.sampled_from([0, 0, 5, 180, 181]))
    def change_service(self, which: int, kind: ServiceKind, later_s: int) -> None:
        """换岗: the next session begins at the very instant at which the last one ended."""
        self.clocks.elapse(later_s)
        ended = [each for each in self.model.stays.values() if each.out and each.ended]
        stay = ended[-1 - which % len(ended)]
        assert stay.out is not None
        assert stay.ended is not None
        fresh = stay.ended.boot == self.clocks.boot and self.model.watch.age_s(stay.ended) <= ANSWER_S
        expected = fresh and self.model.open_of(stay.volunteer, drill=stay.drill) is None
        outcome = self.booth.station.answers.change_service(stay.out, kind.value)
        assert isinstance(outcome, CheckedIn) == expected, (outcome, stay)
        if isinstance(outcome, CheckedIn):
            following = Stay(
                outcome.session_id, stay.volunteer, kind.value, stay.team, outcome.event_id, stay.ended, stay.shift
            )
            following.paid, following.drill = stay.paid, stay.drill
            self.model.stays[following.id] = following
            self.scanned(outcome.event_id, following.began)

    @rule(volunteer=people, asleep_s=absences, part=st.floats(-0.1, 1.1), later_s=answers, words=words)
    def forget(self, volunteer: str, asleep_s: int, part: float, later_s: int, words: list[Word]) -> None:
        """Somebody leaves without a scan, comes another day, and says when it ended, or walks on."""
        self.show(volunteer)
        self.clocks.elapse(asleep_s)
        self.tend()
        self.show(volunteer)
        if self.asked is not None and self.asked.volunteer_number == volunteer:
            self.answer(self.asked, part, later_s)
            self.say_of(self.model.stays[self.asked.asks.session_id], words)

    def answer(self, asked: CheckedInAsking, part: float, later_s: int) -> None:
        """The volunteer says when the forgotten duty ended."""
        assert isinstance(asked.asks, Forgotten)
        self.clocks.elapse(later_s)
        duty, stay = asked.asks.duty, self.model.stays[asked.asks.session_id]
        ends_at = duty.starts_at + (duty.until - duty.starts_at) * part
        said = Answer(stay.id, StatementAnswer.OTHER_TIME, ends_at)
        outcome = self.booth.station.answers.state_end(asked.event_id, said)
        scan = self.model.stays[asked.session_id].began
        fresh = scan.boot == self.clocks.boot and self.model.watch.age_s(scan) <= ANSWER_S
        possible = duty.starts_at - A_MOMENT < ends_at < duty.until + A_MOMENT  # the reckoning is good to a ms
        if not fresh or stay.said is not None or not possible:
            assert not isinstance(outcome, EndStated), "only a fresh scan speaks, once, of an end that can have been"
        if isinstance(outcome, EndStated):
            lasted_ms = (ends_at - duty.starts_at) // timedelta(milliseconds=1)
            stay.said = Said(self.newest_event("statement"), lasted_ms)

    @rule(volunteer=people, level=st.integers(1, 2), face=st.sampled_from(Face))
    def touch(self, volunteer: str, level: int, face: Face) -> None:
        """A star is applied for; somebody who was served touches a face."""
        self.touch_face(face)
        self.apply_for_star(volunteer, level)

    def apply_for_star(self, volunteer: str, level: int) -> None:
        """A star is applied for: one level after another, each once, by confirmed hours."""
        opened = self.records_of(volunteer)
        applied = self.model.stars.setdefault(volunteer, set())
        expected = level == 1 and level not in applied and opened.star.confirmed_minutes >= 100 * 60
        outcome = self.booth.station.records.apply_for_star(opened.scan, level)
        assert isinstance(outcome, StarAppliedFor) == expected, outcome
        if expected:
            applied.add(level)

    def touch_face(self, face: Face) -> None:
        """Somebody who was served touches a face; where nobody is on duty it is about nobody."""
        on_duty = [each for each in self.model.open() if each.drill == self.model.drill]
        outcome = self.booth.station.records.rate(face)
        assert on_duty or not isinstance(outcome, FaceTaken), outcome

    # ---- what operators do

    @precondition(lambda self: self.model.stays)
    @rule(which=some, words=words)
    def judge(self, which: int, words: list[Word]) -> None:
        """Something is said of an earlier duty."""
        self.say_of(self.pick(which), words)

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

    @rule(operator=officers, volunteer=people, ago_s=stays, length_min=lengths_min, team=teams, words=words)
    def enter(
        self, operator: str, volunteer: str, ago_s: int, length_min: int, team: str | None, words: list[Word]
    ) -> None:
        """An operator types hours that no scan recorded; alone they count nothing."""
        starts_at = self.booth.station.clock.now().at - timedelta(seconds=ago_s)
        starts_at = starts_at.replace(microsecond=0)
        length = timedelta(minutes=length_min)
        entry = HoursEntry(
            volunteer, ServiceKind.TUTORING, starts_at, starts_at + length, EntryReason.FORGOT_CARD, team
        )
        outcome = self.booth.station.operators.enter_hours(signed_in(operator), entry)
        if operator == CAPTAIN and team != RED:
            assert not isinstance(outcome, HoursEntered), "a captain's reach ends with the own team"
        if isinstance(outcome, HoursEntered):
            event, length_ms = self.newest_event("captain_entry"), length_min * 60_000
            stay = Stay(outcome.session_id, volunteer, ServiceKind.TUTORING, team, event, self.model.watch.now())
            stay.entered = operator, length_ms
            self.model.stays[stay.id] = stay
            self.say_of(stay, words)

    @rule(operator=officers, mode=modes, kind=kinds, team=teams, on=st.booleans())
    def switch(self, operator: str, mode: str, kind: ServiceKind, team: str | None, on: bool) -> None:
        """An operator switches drill mode, or opens or closes a visiting team's group."""
        if mode == "drill":
            self.drill(operator, on=on)
        else:
            self.group(operator, kind, team, opens=on)

    def drill(self, operator: str, *, on: bool) -> None:
        """The station begins to practise, or ends it."""
        room = self.booth.station.operators.drill
        expected = operator != CAPTAIN and self.model.drill is not on
        outcome = room.start(signed_in(operator)) if on else room.end(signed_in(operator))
        assert isinstance(outcome, DrillStarted | DrillEnded) == expected, outcome
        if expected and on:
            self.model.drill_since = self.model.watch.now()
        elif expected:
            self.end_drill()

    def group(self, operator: str, kind: ServiceKind, team: str | None, *, opens: bool) -> None:
        """A visiting team's group is opened, or closed."""
        room = self.booth.station.operators.group
        if opens:
            outcome = room.open(signed_in(operator), kind.value, team)
            assert isinstance(outcome, GroupOpen) == (self.model.group is None)
            if isinstance(outcome, GroupOpen):
                self.model.group = Group(outcome.group, operator, kind.value, team)
                self.scanned(outcome.group, self.model.watch.now())
        else:
            assert isinstance(room.close(signed_in(operator)), GroupDone) == (self.model.group is not None)
            self.model.group = None

    # ---- what the platform does

    @rule(there_s=st.floats(0, 20), back_s=st.floats(0, 20), tended=st.booleans())
    def exchange(self, there_s: float, back_s: float, tended: bool) -> None:
        """The platform says its time; the way there and back take their time, not the same."""
        sent_ns = self.clocks.bt_ns
        self.clocks.elapse(there_s)
        server_ms = self.clocks.true_ms
        self.clocks.elapse(back_s)
        now = self.clocks.read()
        engine = open_engine(self.booth.file)
        with writing(engine) as connection:
            link.put_exchange(connection, link.Exchange(now.boot_id, now.bt_ns, server_ms, now.bt_ns - sent_ns))
        engine.dispose()
        self.model.watch.answered((now.bt_ns - sent_ns) / 1e9)
        if tended:
            self.tend()

    @rule(fate=st.sampled_from(Fate), most=st.sampled_from([1, 5, 500]))
    def send(self, fate: Fate, most: int) -> None:
        """The agent sends a batch; anything may become of it on the way."""
        mailbox = AgentMailbox(self.booth.file)
        settled = deliver(mailbox, self.far, self.clocks, fate, most)
        mailbox.close()
        self.model.acknowledged |= settled.acknowledged
        self.model.parked |= settled.parked
        if settled.answered:
            self.model.watch.answered(0.0)

    @rule(volunteer=people, what=news, offset_min=st.integers(-90, 240))
    def tell_of(self, volunteer: str, what: str, offset_min: int) -> None:
        """The platform tells something new: a shift, a suspension, a minor, paid work; or takes it back."""
        if what == "roster":
            starts_ms = int(self.clocks.true_ms + offset_min * 60_000)
            self.model.roster[volunteer] = starts_ms, starts_ms + 3 * 3_600_000
        else:
            told: set[str] = getattr(self.model, what)
            told ^= {volunteer}
        self.tell()

    # ---- what happens to the booth

    @rule(seconds=waits, tended=st.booleans())
    def wait(self, seconds: int, tended: bool) -> None:
        """Time passes."""
        self.clocks.elapse(seconds)
        if tended:
            self.tend()

    @rule(peril=perils_of, volunteer=people, off_s=offs, error_ms=walls, act=doomed, at=st.sampled_from([1, 2, None]))
    def endanger(self, peril: str, volunteer: str, off_s: int, error_ms: int, act: str, at: int | None) -> None:
        """Something happens to the clock, the power or the program."""
        match peril:
            case "jump":
                self.jump(error_ms)
            case "battery" | "no battery":
                self.cut_power(off_s, battery=peril == "battery")
            case "restart" | "kill":
                self.restart(cleanly=peril == "restart")
            case _:
                self.die(volunteer, act, at)

    def jump(self, error_ms: int) -> None:
        """Somebody sets the wall clock."""
        self.clocks.wall_error_ms = error_ms

    def cut_power(self, off_s: int, *, battery: bool) -> None:
        """The power goes for a while; afterwards the wall clock says what it said on, or 1970."""
        left = perils.image_of(self.booth)
        self.clocks.reboot(off_s=off_s, wall_ms=None if battery else 0)
        self.model.watch.booted()
        perils.start_on(self.booth, left)
        self.tended()

    def restart(self, *, cleanly: bool) -> None:
        """The program ends, or is killed, and starts again."""
        if cleanly:
            self.booth.restart()
        else:
            perils.kill(self.booth)
        self.tended()

    def die(self, volunteer: str, act: str, at: int | None) -> None:
        """The program is killed within a transaction: nothing of it is there."""
        station, stay = self.booth.station, self.pick(0) if self.model.stays else None
        head, of = signed_in(DEPUTY), "none" if stay is None else stay.id
        acts: dict[str, tuple[Any, ...]] = {
            "present": (station.present, at, self.cards[volunteer]),
            "undo": (station.undo, at, "none" if stay is None else stay.out or stay.check_in),
            "confirm": (station.operators.confirm_session, at, head, of),
            "void": (station.operators.void_session, at, head, of, VoidReason.DUPLICATE),
            "close": (station.close_overdue, at),
        }
        if perils.kill_within(self.booth, *acts[act]):
            self.tended()

    # ---- what must be true

    @invariant()
    def promises_hold(self) -> None:
        """After every step the booth is what the model says."""
        if hasattr(self, "model"):
            self.note()
            after_a_step(self.booth, self.model)

    def teardown(self) -> None:
        """At the end everything else is asked for."""
        if not hasattr(self, "model"):
            return
        try:
            rows = rows_of(self.booth)
            for volunteer in VOLUNTEERS:
                own_records_are_right(self.records_of(volunteer), volunteer, rows, self.model)
            at_the_end(self.booth, self.model, self.far, self.shuffled())
        finally:
            self.booth.station.close()
            self.far.close()
            self.root.cleanup()

    # ---- how the rules do it

    def show(self, volunteer: str) -> None:
        """Show a card; the outcome must be one that the model allows."""
        model, watch = self.model, self.model.watch
        current, group = model.open_of(volunteer, drill=model.drill), model.group
        allowed = self.may_come_of(volunteer, current)
        outcome = self.booth.station.present(self.cards[volunteer])
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
        return {planned} if lo_ms >= first_ms + 1 and hi_ms < last_ms - 1 else {planned, None}

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
        directory = [ListedVolunteer(each, NAME) for each in VOLUNTEERS]
        document = self.booth.community.reference(
            version=self.version,
            roster=tuple(shifts),
            appointments=offices,
            standings=standings,
            directory=directory,
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
        times = [None if at is None else round(at.timestamp() * 1000) for at in (change.starts_at, change.ends_at)]
        return Proposal(self.newest_event("amendment"), operator, *times, change.service, holds)

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
