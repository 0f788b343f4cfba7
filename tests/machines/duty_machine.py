"""Duty as a state machine: scans, operators' acts, kills, power cuts, clock jumps, platform answers, in any order.

Upstream: ``model``, ``watch``, ``perils``, ``far_side``, ``promises``; the real station of ``tests.support.station``.
Downstream: ``test_duty``, ``__main__``.

Every rule does something to a real booth (real use cases, a real SQLite file) and says in the plain model what must be
true now. Where the booth cannot know the time well enough, more than one outcome is right; then the model learns which
it was, and the weaker promises of ``promises`` still hold.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from kiosk.domain.hours_entry import HoursEntry
from kiosk.usecases.desk_outcomes import (
    DrillEnded,
    DrillStarted,
    GroupDone,
    GroupOpen,
)
from kiosk.usecases.operator_outcomes import HoursEntered
from kiosk.usecases.outcomes import (
    CheckedIn,
    CheckedInAsking,
    EndStated,
    Forgotten,
    Undone,
)
from kiosk.usecases.record_outcomes import FaceTaken, StarAppliedFor
from kiosk.usecases.state_end import Said as Answer
from sync.mailbox import link
from sync.mailbox.agent_side import AgentMailbox
from sync.mailbox.engine import open_engine, writing
from sync.protocol.vocabulary import (
    EntryReason,
    Face,
    Quality,
    ServiceKind,
    SessionState,
    StatementAnswer,
    VoidReason,
)
from tests.machines import perils
from tests.machines.far_side import Fate, deliver
from tests.machines.life import (
    A_MOMENT,
    ANSWER_S,
    CAPTAIN,
    DAY_S,
    DEPUTY,
    HOUR_S,
    OPERATORS,
    POST,
    RED,
    VOLUNTEERS,
    YEAR_MS,
    How,
    signed_in,
)
from tests.machines.model import Group, Said, Stay
from tests.machines.promises import after_a_step, at_the_end, own_records_are_right, rows_of
from tests.machines.sayings import Sayings, Word

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


class DutyMachine(Sayings):
    """One booth, four volunteers of whom two are operators, a third operator, and a platform."""

    @initialize(drift_ppm=st.integers(-400, 400), shift_in_min=st.integers(-90, 300), duties=duties)
    def open(self, drift_ppm: int, shift_in_min: int, duties: list[tuple[str, int, list[Word]]]) -> None:
        """A booth is put up, whose clock runs a little wrong; some have served there already."""
        self.put_up(drift_ppm, shift_in_min)
        for volunteer, lasts_s, words in duties:
            self.serve_once(volunteer, lasts_s, tended=False, words=words)

    # ---- what volunteers do

    @rule(volunteer=people)
    def scan(self, volunteer: str) -> None:
        """Somebody shows a card."""
        self.show(volunteer)

    @rule(volunteer=people, lasts_s=stays, tended=st.booleans(), moves_to=st.none() | kinds, words=words)
    def serve(
        self, volunteer: str, lasts_s: int, tended: bool, moves_to: ServiceKind | None, words: list[Word]
    ) -> None:
        """Somebody comes, serves and leaves, or goes on with another kind; others have something to say of it."""
        self.serve_once(volunteer, lasts_s, tended=tended, words=words)
        ended = [each for each in self.model.stays.values() if each.ended is not None and each.out is not None]
        if moves_to is not None and ended:
            self.clocks.elapse(lasts_s % 7)
            self.move(ended[-1], moves_to)

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
        self.move(ended[-1 - which % len(ended)], kind)

    def move(self, stay: Stay, kind: ServiceKind) -> None:
        """Go on with another kind from a check-out of a moment ago."""
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

    @precondition(lambda self: any(each.out for each in self.model.stays.values()))
    @rule(which=some, later_s=st.sampled_from([0, 0, 5, 181]))
    def stay_on(self, which: int, later_s: int) -> None:
        """接着值下一班: only a moment after a check-out, by nobody on duty, and never what counts nothing."""
        self.clocks.elapse(later_s)
        ended = [each for each in self.model.stays.values() if each.out and each.ended]
        stay = ended[-1 - which % len(ended)]
        assert stay.out is not None
        assert stay.ended is not None
        outcome = self.booth.station.answers.stay_on(stay.out, POST)
        if isinstance(outcome, CheckedIn):
            fresh = stay.ended.boot == self.clocks.boot and self.model.watch.age_s(stay.ended) <= ANSWER_S
            assert fresh, stay
            assert self.model.open_of(stay.volunteer, drill=stay.drill) is None
            assert not stay.counts_nothing
            following = Stay(outcome.session_id, stay.volunteer, "tutoring", None, outcome.event_id, stay.ended)
            self.model.stays[following.id] = following
            self.scanned(outcome.event_id, following.began)
            self.note()

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
            self.plan(volunteer, offset_min)
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
