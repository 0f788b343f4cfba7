"""The wire as a state machine: devices, agents and a platform to which anything happens, in any order.

Upstream: ``wire_device``, ``wire_platform``, ``wire_way``, ``wire_promises``.
Downstream: ``test_wire``, ``__main__``.

Every part is real but the network: stations, mailbox files, relays, the platform's whole application and its database.
When a life ends everything heals and drains, and then the promises must hold.
"""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sync.agent.plan import TIMER_S
from sync.protocol.events import AutoClose, CheckOut, Choice, Presented, Tally
from sync.protocol.reconciling import MISSING_PATH
from sync.protocol.vocabulary import AutoCloseReason
from tests.machines.wire_device import WireDevice, first_devices
from tests.machines.wire_platform import DEVICES, Platform
from tests.machines.wire_promises import Memory, after_a_step, at_the_end
from tests.machines.wire_way import Fate
from tests.support.clock import FakeClocks
from tests.support.community import ISSUED

MEMORY = Path("/dev/shm")  # noqa: S108 - memory, where there is one
PEOPLE = tuple(f"41030200000001{number:02d}" for number in range(4))
CARD = Presented("410302", "0001", "010203040506")
UNKEPT = "a text with U+0000 \x00 in it"  # no database keeps it: the platform sets it apart
HOUR_S, DAY_S = 3600, 86_400
MOST_MACHINES, MOST_ROUNDS, MOST_STEPS = 5, 6, 60

some = st.integers(0, 7)
people = st.sampled_from(PEOPLE)
waits = st.sampled_from([1, 10, 200, 700, HOUR_S, 5 * HOUR_S, 13 * HOUR_S, DAY_S, 3 * DAY_S])
bad = st.sampled_from([fate for fate in Fate if fate is not Fate.SOUND])
fates = st.lists(st.one_of(st.just(Fate.SOUND), bad, bad), max_size=4)
sayings = st.sampled_from(["end", "end", "tally", "choose", "close", "poison"])
stays = st.lists(st.tuples(some, people, st.sampled_from([0, 200, HOUR_S])), min_size=1, max_size=4)


class WireMachine(RuleBasedStateMachine):
    """Up to three devices on up to five machines, and one platform."""

    without: frozenset[str] = frozenset()  # calls that the platform does not answer
    key_days: int | None = None  # how old a device's key may grow
    over = False  # whether the end was looked at already

    @initialize(devices=st.integers(1, 3), stays=stays)
    def open(self, devices: int, stays: list[tuple[int, str, int]]) -> None:
        """A platform and some booths are put up, and duty begins."""
        place = MEMORY if MEMORY.is_dir() else None
        self.root = tempfile.TemporaryDirectory(prefix="wire-", dir=place, ignore_cleanup_errors=True)
        folder = Path(self.root.name)
        self.truth = FakeClocks()
        self.platform = Platform(folder, self.truth)
        self.machines = first_devices(folder, self.platform, DEVICES[:devices], self.key_days)
        self.platform.backup()
        for machine in self.machines:
            machine.way.without = self.without
            machine.copy()
        self.memory = Memory(self.platform.held())
        self.sessions: list[tuple[str, str]] = []
        booth = self.machines[0].booth
        self.cards = {each: booth.card(each, expires_at=ISSUED + timedelta(days=7000)) for each in PEOPLE}
        for which, volunteer, seconds in stays:
            self.scan(which, volunteer, seconds)

    def at(self, which: int) -> WireDevice:
        """Return a machine."""
        return self.machines[which % len(self.machines)]

    # ---- what is recorded

    @rule(which=some, volunteer=people, seconds=st.sampled_from([0, 200, HOUR_S]))
    def scan(self, which: int, volunteer: str, seconds: int) -> None:
        """Somebody shows a card."""
        machine = self.at(which)
        machine.booth.station.present(self.cards[volunteer])
        begun = "SELECT session FROM ledger WHERE kind = 'check_in' ORDER BY position DESC LIMIT 1"
        for (session,) in machine.booth.rows(begun):
            if (session, volunteer) not in self.sessions:
                self.sessions.append((session, volunteer))
        self.pass_time(seconds)

    @precondition(lambda self: self.sessions)
    @rule(which=some, session=some, saying=sayings)
    def say(self, which: int, session: int, saying: str) -> None:
        """A machine records something of a session that began anywhere."""
        machine = self.at(which)
        id_, volunteer = self.sessions[-1 - session % len(self.sessions)]
        body = {
            "end": CheckOut(id_, volunteer, CARD),
            "tally": Tally(id_, {"tea": 1 + session}),
            "choose": Choice(id_, f"kind-{session}"),
            "close": AutoClose(id_, AutoCloseReason.CAP, self.truth.true_ms),
            "poison": Choice(id_, UNKEPT),
        }[saying]
        machine.record(body)

    @rule(which=some, row=some)
    def damage(self, which: int, row: int) -> None:
        """A disk changes what waits to be sent."""
        damaged = self.at(which).damage(row)
        if damaged is not None:
            self.memory.damaged.add(damaged)

    # ---- what agents and networks do

    @rule(which=some, fates=st.lists(fates, min_size=1, max_size=4))
    def work(self, which: int, fates: list[list[Fate]]) -> None:
        """An agent tries some times, and each call meets its fate."""
        machine = self.at(which)
        for chosen in fates:
            before = self.platform.held()
            revoked = self.platform.is_revoked(machine.id)
            wait_s = machine.work(chosen)
            if wait_s:
                self.pass_time(wait_s)
                machine.work(chosen)
            assert not revoked or self.platform.held() == before, "from a revoked device nothing is taken"

    @precondition(lambda self: any(each.way.late or each.way.old for each in self.machines))
    @rule(which=some, request=some, again=st.booleans())
    def arrive(self, which: int, request: int, again: bool) -> None:
        """A request arrives that was late, or that somebody else has kept and sends again."""
        way = self.at(which).way
        requests = way.old if again else way.late
        if requests:
            chosen = requests[request % len(requests)]
            if not again:
                requests.remove(chosen)
            self.platform.call(chosen)

    # ---- what time and people do

    @rule(seconds=waits)
    def pass_time(self, seconds: float) -> None:
        """Time passes."""
        for clocks in (self.truth, *(machine.clocks for machine in self.machines)):
            clocks.elapse(seconds)

    @rule(which=some)
    def tend(self, which: int) -> None:
        """The minute is over at a booth."""
        self.at(which).booth.station.tend()

    @rule(which=some)
    def reboot(self, which: int) -> None:
        """The power of a machine is cut."""
        self.at(which).reboot()
        self._same_time()

    @rule(which=some)
    def copy(self, which: int) -> None:
        """Somebody keeps a copy of a card."""
        self.at(which).copy()

    @rule(which=some, copy=some)
    def go_back(self, which: int, copy: int) -> None:
        """Somebody puts an older copy in place of a card."""
        machine = self.at(which)
        machine.go_back_to(machine.copies[copy % len(machine.copies)])
        self._same_time()

    @precondition(lambda self: len(self.machines) < MOST_MACHINES)
    @rule(which=some)
    def clone(self, which: int) -> None:
        """Somebody puts a copy of a card into another machine."""
        fresh = self.at(which).clone(len(self.machines))
        fresh.way.without = self.without
        fresh.copy()
        self.machines.append(fresh)
        self._same_time()

    @rule()
    def back_up(self) -> None:
        """The platform's keeper makes a backup."""
        self.platform.backup()

    @rule(which=some, new_epoch=st.sampled_from([True, True, False]))
    def restore(self, which: int, new_epoch: bool) -> None:
        """The platform's keeper puts a backup in place."""
        backups = self.platform.backups
        self.platform.restore(backups[-1 - which % len(backups)], new_epoch=new_epoch)
        self.memory.platform_restored(self.platform.held())

    @rule(which=some)
    def revoke(self, which: int) -> None:
        """The platform's keeper refuses a device."""
        self.platform.revoke(self.at(which).id)

    @rule(which=some)
    def readmit(self, which: int) -> None:
        """The platform's keeper lets a device in again."""
        self.platform.readmit(self.at(which).id)

    def _same_time(self) -> None:
        """What a machine took to start has passed everywhere."""
        latest_ns = max(machine.clocks.true_ns for machine in self.machines)
        for clocks in (self.truth, *(machine.clocks for machine in self.machines)):
            clocks.elapse((latest_ns - clocks.true_ns) / 1e9)

    # ---- what is promised

    @invariant()
    def nothing_is_lost_on_the_way(self) -> None:
        """Whatever was just done."""
        if hasattr(self, "memory"):
            after_a_step(self.memory, self.platform, self.machines)

    def teardown(self) -> None:
        """All heals, all drains; then everything is there, once."""
        if not hasattr(self, "memory"):
            return
        try:
            if not self.over:
                self.end()
        finally:
            for machine in self.machines:
                machine.close()
            self.platform.close()
            self.root.cleanup()

    def end(self) -> None:
        """Heal, and hold all against the promises."""
        self.heal()
        sent = [envelope for machine in self.machines for envelope in machine.way.sent.values()]
        at_the_end(self.memory, self.platform, self.machines, sent)

    def heal(self) -> None:
        """Everybody is let in, a day passes, agents work and booths tend themselves until nothing is left to do."""
        for device in DEVICES:
            self.platform.readmit(device)
        self.pass_time(DAY_S)
        for _ in range(MOST_ROUNDS):
            before = [len(machine.recorded()) for machine in self.machines]
            for machine in self.machines:
                self.drain(machine)
                machine.booth.station.tend()
            self.nothing_is_lost_on_the_way()
            if before == [len(machine.recorded()) for machine in self.machines]:
                break
        for machine in self.machines:
            self.drain(machine)

    def drain(self, machine: WireDevice) -> None:
        """An agent works until it has nothing to send and nothing to ask."""
        for _ in range(MOST_STEPS):
            wait_s = machine.work()
            if wait_s and not machine.is_busy():
                return
            if wait_s:
                self.pass_time(TIMER_S)
        raise AssertionError(f"it never drains: {machine.mailbox.overview().link.trouble}")


class KeysMachine(WireMachine):
    """Devices that change their keys every few days; of a copied card only one machine would keep a good one."""

    key_days = 3
    clone = None  # type: ignore[assignment]
    go_back = None  # type: ignore[assignment]


class DeafMachine(WireMachine):
    """A world in which nobody can ask the platform what it lacks: one that was restored stays poorer."""

    without = frozenset({MISSING_PATH})
