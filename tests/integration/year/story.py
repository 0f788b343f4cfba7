"""A year at a booth: twenty volunteers a day, who forget, err and change; a power that fails, a clock that is wrong.

Everything happens through the real use cases on a real device file; what truly happened goes into the notebook.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from kiosk.domain.hours_entry import HoursEntry
from kiosk.usecases.desk import QueuePage
from kiosk.usecases.desk_outcomes import Batch, Change, Mark, SessionAmended, SessionConfirmed, SessionVoided
from kiosk.usecases.operator_outcomes import HoursEntered, SignedIn
from kiosk.usecases.outcomes import CheckedIn, CheckedInAsking, CheckedOut, EndStated, Forgotten, Undone
from kiosk.usecases.state_end import Said
from sync.protocol.reference import Appointment, ListedVolunteer
from sync.protocol.vocabulary import (
    AmendmentReason,
    EntryReason,
    Matter,
    Quality,
    ServiceKind,
    StatementAnswer,
    VoidReason,
)
from tests.integration.year.notebook import Line, Notebook
from tests.support.clock import STARTING_S
from tests.support.community import ISSUED, milliseconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.station import Booth

HOUR_S, DAY_S = 3600, 86_400
REGULARS = [f"41030200000{number:05d}" for number in range(20, 60)]
HEAD, DEPUTY = "4103020000000101", "4103020000000102"
A_DAY = 20
JUST_STARTED_S = 200
OUTAGE_EVERY, OUTAGE = 90, range(14, 28)  # days without the platform


@dataclass
class Deed:
    """Something that happens at an instant of the good watch."""

    at_s: float
    does: Callable[[], None]


@dataclass
class Story:
    """One booth, its year, and the notebook beside it."""

    booth: Booth
    seed: int = 1
    notebook: Notebook = field(default_factory=Notebook)
    open: dict[str, str] = field(default_factory=dict)
    forgotten: dict[str, float] = field(default_factory=dict)
    cuts: int = 0

    def __post_init__(self) -> None:
        """Name the head and the deputy who will decide."""
        self.chance = random.Random(self.seed)  # noqa: S311 - a story, not a secret
        until = milliseconds(ISSUED + timedelta(days=800))
        offices = [
            Appointment(each, "王站长", role, milliseconds(ISSUED - timedelta(days=1)), until)
            for each, role in ((HEAD, "head"), (DEPUTY, "deputy_head"))
        ]
        directory = [ListedVolunteer(each, "张晓明") for each in REGULARS]
        reference = self.booth.community.reference(version=2, appointments=offices, directory=directory)
        assert self.booth.station.apply_reference(reference)
        self.head, self.deputy = SignedIn(HEAD, "王站长", ("head",)), SignedIn(DEPUTY, "王站长", ("deputy_head",))
        self.alive_since_s = self.now_s
        self.beat_s = self.now_s
        self.synced_since_boot = False

    @property
    def now_s(self) -> float:
        """The good watch."""
        return self.booth.clocks.true_ns / 1e9

    def live(self, days: int, watch: Callable[[int], None] = lambda _day: None) -> None:
        """Live through so many days, and let the officers do their work every week and at the end.

        ``watch`` is told each day that has passed.
        """
        for day in range(days):
            self.day(day, online=day % OUTAGE_EVERY not in OUTAGE)
            if day % 7 == 6:
                self.decide()
            watch(day)
        self.sync()
        self.settle()

    # ---- one day

    def day(self, number: int, *, online: bool) -> None:
        """Live one day from 06:00 to 06:00."""
        dawn_s = self.now_s
        deeds: list[Deed] = []
        for volunteer in self.chance.sample(REGULARS, A_DAY):
            deeds += self._duty(volunteer, dawn_s + self.chance.uniform(2, 10) * HOUR_S)
        if self.chance.random() < 1 / 7:
            deeds.append(Deed(dawn_s + self.chance.uniform(3, 15) * HOUR_S, self._cut_power))
        if online:
            deeds.append(Deed(dawn_s + 7 * HOUR_S + self.chance.uniform(0, 60), self.sync))
        deeds += [Deed(dawn_s + hour * HOUR_S + 5, self._tend) for hour in (1, 9, 17, 17.5)]
        for deed in sorted(deeds, key=lambda deed: deed.at_s):
            if deed.at_s > self.now_s:
                self.booth.clocks.elapse(deed.at_s - self.now_s)
            deed.does()
        self.booth.clocks.elapse(dawn_s + DAY_S - self.now_s)

    def _duty(self, volunteer: str, at_s: float) -> list[Deed]:
        stays_s = self.chance.choice((240, 1800, 5400, 9000, 14_000)) + self.chance.uniform(5, 55)
        whim = self.chance.random()
        arrives = Deed(at_s, lambda: self._arrive(volunteer, at_s + stays_s))
        if whim < 0.02:
            return [arrives, Deed(at_s + 6, lambda: self._take_back(volunteer))]
        if whim < 0.10:
            return [arrives]  # forgets
        leaves = Deed(at_s + stays_s, lambda: self._leave(volunteer, changes=whim > 0.97))
        again = Deed(at_s + stays_s + 5400, lambda: self._leave(volunteer))
        return [arrives, leaves, again] if whim > 0.97 else [arrives, leaves]

    def _arrive(self, volunteer: str, true_end_s: float) -> None:
        outcome = self.booth.station.present(self.booth.card(volunteer))
        assert isinstance(outcome, CheckedIn), outcome
        if isinstance(outcome, CheckedInAsking):
            self._answer(outcome)
        self.notebook.lines[outcome.session_id] = Line(volunteer, self.now_s)
        self.open[volunteer] = outcome.session_id
        self.forgotten[outcome.session_id] = max(true_end_s - self.now_s, 400.0)

    def _answer(self, outcome: CheckedInAsking) -> None:
        asked = outcome.asks
        assert isinstance(asked, Forgotten)
        line = self.notebook.lines[asked.session_id]
        assert line.ends_s is None, "nobody is asked about a duty that was ended"
        if self.chance.random() < 0.2:
            return  # walks on; is asked again next time
        lasted = timedelta(seconds=self.forgotten[asked.session_id])
        said = Said(asked.session_id, StatementAnswer.OTHER_TIME, asked.duty.starts_at + lasted)
        answered = self.booth.station.answers.state_end(outcome.event_id, said)
        assert isinstance(answered, EndStated), answered
        line.how = "stated"

    def _leave(self, volunteer: str, *, changes: bool = False) -> None:
        session_id = self.open.get(volunteer)
        if session_id is None or self.now_s - self.notebook.lines[session_id].starts_s < JUST_STARTED_S:
            return  # the rules ended it, or the power came back a moment ago: nothing is shown
        outcome = self.booth.station.present(self.booth.card(volunteer))
        assert isinstance(outcome, CheckedOut), outcome
        assert outcome.session_id == session_id
        self._end(session_id)
        if changes:
            kind = ServiceKind.TUTORING.value
            goes_on = self.booth.station.answers.change_service(outcome.event_id, kind)
            assert isinstance(goes_on, CheckedIn), goes_on
            self.notebook.lines[goes_on.session_id] = Line(volunteer, self.now_s)
            self.open[volunteer] = goes_on.session_id
            self.forgotten[goes_on.session_id] = 5400

    def _end(self, session_id: str) -> None:
        line = self.notebook.lines[session_id]
        line.ends_s = self.now_s
        line.counts_s = line.ends_s - line.starts_s
        if line.sure_s is not None:
            line.sure_s += self.now_s - self.alive_since_s
        del self.open[line.volunteer]

    def _take_back(self, volunteer: str) -> None:
        session_id = self.open.pop(volunteer)
        event = self.booth.session(session_id).check_in.id
        outcome = self.booth.station.undo(event)
        assert isinstance(outcome, Undone), outcome
        self.notebook.lines[session_id].struck = True

    # ---- the booth

    def _cut_power(self) -> None:
        """The power goes for up to two hours; half the time the wall clock begins again at 1970."""
        self.cuts += 1
        for session_id in self.open.values():
            line = self.notebook.lines[session_id]
            since_s = max(line.starts_s, self.alive_since_s)
            line.sure_s = (line.sure_s or 0.0) + max(0.0, self.beat_s - since_s)
        wall_ms = 0 if self.chance.random() < 0.5 else None
        off_s = self.chance.uniform(20, 2 * HOUR_S)
        self.booth.reboot(off_s=off_s, wall_ms=wall_ms)
        self.alive_since_s = self.now_s - STARTING_S
        self.beat_s = self.now_s

    def _tend(self) -> None:
        self.booth.station.tend()
        self.beat_s = self.now_s
        for session_id in list(self.open.values()):
            state = self.booth.session(session_id).session.state
            if state == "provisional":
                del self.open[self.notebook.lines[session_id].volunteer]

    def sync(self) -> None:
        """An exchange with the platform, whose clock is right; the wall clock is set by it."""
        self.booth.exchange()
        self.booth.clocks.wall_error_ms = 0
        self._tend()

    # ---- the officers

    def decide(self) -> None:
        """Confirm and rate what waits, correct one, withdraw one, enter one; the deputy is the second person."""
        operators, waiting = self.booth.station.operators, self._waiting(Matter.CONFIRM)
        done = operators.confirm_session.several(self.head, waiting)
        assert isinstance(done, Batch)
        assert not done.refused, done.refused
        for confirmed in done.done:
            assert isinstance(confirmed, SessionConfirmed)
            self._stands(confirmed.session_id)
        to_rate = self._waiting(Matter.RATE)
        assert isinstance(operators.rate_service.several(self.head, to_rate, Mark(Quality.GOOD)), Batch)
        ended = [each for each in waiting if self.notebook.lines[each].how == "two_scans"]
        if len(ended) > 1:
            self._correct(ended[0])
            if self.chance.random() < 0.3:
                self._withdraw(ended[1])
        self._enter()

    def _stands(self, session_id: str) -> None:
        """A stated end counts once it is confirmed."""
        line = self.notebook.lines[session_id]
        if line.how == "stated" and line.counts_s is None:
            line.counts_s = self.forgotten[session_id]

    def _correct(self, session_id: str) -> None:
        line, operators = self.notebook.lines[session_id], self.booth.station.operators
        starts_at = datetime.fromtimestamp(line.starts_s, UTC)
        change = Change(AmendmentReason.WRONG_END, starts_at, starts_at + timedelta(minutes=42))
        outcome = operators.amend_session(self.head, session_id, change)
        if not isinstance(outcome, SessionAmended):
            return  # it would overlap another of the same volunteer
        assert not outcome.holds
        assert isinstance(operators.confirm_session(self.deputy, session_id), SessionConfirmed)
        line.counts_s, line.sure_s = 42.0 * 60, None

    def _withdraw(self, session_id: str) -> None:
        operators = self.booth.station.operators
        outcome = operators.void_session(self.head, session_id, VoidReason.NOT_PRESENT)
        assert isinstance(outcome, SessionVoided), outcome
        assert isinstance(operators.confirm_session(self.deputy, session_id), SessionConfirmed)
        self.notebook.lines[session_id].struck = True

    def _enter(self) -> None:
        now_at = datetime.fromtimestamp(self.now_s, UTC)
        starts_at, volunteer = now_at - timedelta(hours=4), self.chance.choice(REGULARS)
        entry = HoursEntry(
            volunteer, ServiceKind.ENVIRONMENT, starts_at, starts_at + timedelta(minutes=95), EntryReason.FORGOT_CARD
        )
        outcome = self.booth.station.operators.enter_hours(self.head, entry)
        if isinstance(outcome, HoursEntered):
            confirmed = self.booth.station.operators.confirm_session(self.deputy, outcome.session_id)
            assert isinstance(confirmed, SessionConfirmed), confirmed
            line = Line(volunteer, starts_at.timestamp(), counts_s=95 * 60.0, how="entry")
            self.notebook.lines[outcome.session_id] = line

    def settle(self) -> None:
        """The end of the year: everything that can be decided is."""
        self.booth.clocks.elapse(DAY_S)
        self._tend()
        self.decide()

    def _waiting(self, matter: Matter) -> list[str]:
        found: list[str] = []
        page = 0
        while True:
            queue = self.booth.station.operators.read_queue(self.head, matter, page)
            assert isinstance(queue, QueuePage), queue
            found += [line.session_id for line in queue.lines]
            page += 1
            if page >= queue.pages:
                return found
