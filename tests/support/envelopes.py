"""Envelopes of a made-up device: a recorder that seals what a test says, onto one chain, at given clock readings."""

from __future__ import annotations

from dataclasses import dataclass, field

from sync.protocol.envelope import Envelope, Position, Stamp, seal
from sync.protocol.events import Anchor, Aside, AutoClose, Body, CheckIn, CheckOut, Presented, Shift, Undo
from sync.protocol.vocabulary import AutoCloseReason

NS_PER_S = 1_000_000_000
START_MS = 1_800_000_000_000  # 2027-01-15T08:00:00Z
NAME = Aside("张晓明", "5a" * 16)
CARD = Presented("410302", "0001", "010203040506")


def stamp(second: float = 0, *, boot: int = 1, wall_ms: int | None = None, clk: str = "unknown") -> Stamp:
    """Return the readings so many seconds after the start of a boot; the wall clock is right unless told."""
    bt_ns = round(second * NS_PER_S)
    right_ms = START_MS + bt_ns // 1_000_000
    return Stamp(f"boot-{boot}", boot, bt_ns // 1000, right_ms if wall_ms is None else wall_ms, clk)


def check_in(session: str = "s1", *, volunteer: str = "V1", shift: Shift | None = None) -> CheckIn:
    """Return the body of a check-in."""
    return CheckIn(session, volunteer, CARD, NAME.digest(), "directions", "point-1", shift=shift)


def check_out(session: str = "s1", *, volunteer: str = "V1") -> CheckOut:
    """Return the body of a check-out."""
    return CheckOut(session, volunteer, CARD)


def auto_close(session: str = "s1", *, at_ms: int = START_MS + 3600_000) -> AutoClose:
    """Return the body of an automatic closing at its cap."""
    return AutoClose(session, AutoCloseReason.CAP, at_ms)


def anchor(second: float = 0, *, boot: int = 1, rtt_ns: int = 0, server_ms: int | None = None) -> Anchor:
    """Return the body of an anchor so many seconds after the start of a boot."""
    bt_ns = round(second * NS_PER_S)
    return Anchor(
        f"boot-{boot}",
        boot,
        bt_ns // 1000,
        START_MS + bt_ns // 1_000_000 if server_ms is None else server_ms,
        rtt_ns // 1000,
    )


@dataclass
class Recorder:
    """Seals bodies one after another; every id is ``e1``, ``e2`` and so on."""

    stream: str = "stream-1"
    envelopes: list[Envelope] = field(default_factory=list)

    def record(self, body: Body, at: Stamp | None = None, aside: Aside | None = None) -> Envelope:
        """Seal a body onto the chain."""
        head = self.envelopes[-1] if self.envelopes else None
        position = Position(self.stream, head.seq, head.h) if head else Position(self.stream)
        id_ = f"{self.stream}-e{len(self.envelopes) + 1}"
        envelope = seal(body, id_=id_, at=position, stamp=at or stamp(len(self.envelopes)), aside=aside)
        self.envelopes.append(envelope)
        return envelope

    def undo(self, of: Envelope, at: Stamp | None = None) -> Envelope:
        """Take an event back."""
        return self.record(Undo(str(of.body["session"]), of.id), at)


def chain_of(count: int, *, stream: str = "stream-1") -> list[Envelope]:
    """Return so many envelopes of one stream: check-ins of different sessions."""
    recorder = Recorder(stream)
    for number in range(count):
        recorder.record(check_in(f"s{number}"), aside=NAME)
    return recorder.envelopes
