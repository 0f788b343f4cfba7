"""``kiosk ledger verify``: a device's file, a copy of it or an export, held against all that vouches for it.

Upstream: ``kiosk.store.inspection``, ``sync.protocol.{audit,chain_file,checkpoint}``.
Downstream: ``kiosk.cli``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from kiosk.composition import load_enrolment, open_catalogues
from kiosk.domain.refusal import RecordingFault
from kiosk.presenter.phrases import Language, Phrases
from kiosk.store.inspection import MAGIC, NotADeviceFileError, count_sessions, inspect, wrongly_listed
from kiosk.timekeeping.moment import instant_of
from kiosk.usecases.errors import NotEnrolledError, RecordingError
from sync.protocol.audit import Audit, Fault, Record, Report, Wrong
from sync.protocol.chain_file import MOST_LINE_BYTES, Heading, read_heading, read_line
from sync.protocol.checkpoint import Checkpoint, is_signed_by
from sync.protocol.envelope import Position
from sync.protocol.errors import ProtocolError
from sync.protocol.signing.keys import SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import BinaryIO

    from kiosk.settings import KioskSettings

KEY_HEX = 64


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it.

    Attributes:
        report: of the records.
        key: whose signatures were checked: ``given``, ``enrolled``, ``own`` (the file's own word) or ``none``.
        sessions: how many sessions were folded anew; None where the records were not good, or the file has none.
    """

    report: Report
    key: str
    sessions: int | None = None

    @property
    def exit_code(self) -> int:
        """0: nothing was tampered with; 1: something was."""
        return 1 if self.report.faults else 0

    def as_json(self, zone: ZoneInfo) -> dict[str, Any]:
        """Return it as JSON values; instants in the station's zone, ISO 8601."""
        report = self.report
        return {
            "good": not report.faults,
            "records": report.records,
            "sessions": self.sessions,
            "witnesses": report.witnesses,
            "key": self.key,
            "streams": [
                {"stream": head.stream, "records": head.seq, "good_until": report.good_until(head.stream)}
                for head in report.heads
            ],
            "faults": [_fault_json(fault, zone) for fault in report.faults],
        }

    def lines(self, zone: ZoneInfo) -> Iterator[str]:
        """Yield what a person reads: Chinese, and the same in English."""
        for language in Language:
            words = Phrases(open_catalogues()[language])
            yield from _lines(self, words, zone)


@dataclass(slots=True)
class _Watched:
    """Counts what goes by, for whoever watches."""

    step: Callable[[int], None]
    every: int = 500
    seen: int = 0
    total: int = field(default=0)

    def over(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            yield item
            self.seen += 1
            if self.seen % self.every == 0:
                self.step(self.every)
        self.step(self.seen % self.every)


def verify(
    settings: KioskSettings, file: Path | None, key: str | None, progress: Callable[[str, int], Callable[[int], None]]
) -> Verdict:
    """Return what was found.

    Args:
        settings: of this kiosk: where its own file and enrolment are, and its zone.
        file: a device's file, a copy or an export; None for this kiosk's own file.
        key: the device's public key, 64 hex digits, or an enrolment file; None for this kiosk's own.
        progress: told the name of each phase and how many steps it has; returns what is called with steps made.

    Raises:
        RecordingError: the file is not there, or is neither a device's file nor an export.
    """
    chosen = (file or settings.device.file).expanduser()
    publics, whose = _publics_of(settings, key)
    try:
        with chosen.open("rb") as opened:
            is_export = opened.read(1) == b"{"
            opened.seek(0)
            if is_export:
                return _verify_export(opened, publics, whose, progress)
            if opened.read(len(MAGIC)) != MAGIC:
                raise RecordingError(RecordingFault.BROKEN, f"{chosen}: neither a device's file nor an export of one")
        return _verify_file(chosen, publics, whose, ZoneInfo(settings.station.zone), progress)
    except OSError as error:
        raise RecordingError(RecordingFault.READ_ONLY, f"{chosen}: {error.strerror}") from error
    except (NotADeviceFileError, ProtocolError) as error:
        raise RecordingError(RecordingFault.BROKEN, f"{chosen}: {error}") from error


def _verify_file(
    file: Path,
    publics: Sequence[bytes],
    whose: str,
    zone: ZoneInfo,
    progress: Callable[[str, int], Callable[[int], None]],
) -> Verdict:
    with inspect(file) as inspection:
        signed, spoilt = _sift(inspection.checkpoints(), publics)
        audit = Audit([*inspection.acknowledged, *inspection.copies(), *(each.head for each in signed)])
        for record in _Watched(progress("records", inspection.count())).over(inspection.records()):
            audit.take(record)
        for place in spoilt:
            audit.note(Wrong.CHECKPOINT, place)
        audit.expect(inspection.records_ever())
    report, sessions = audit.report(), None
    if not report.faults:
        sessions = count_sessions(file)
        for place in _Watched(progress("sessions", sessions)).over(wrongly_listed(file, zone)):
            if place is not None:
                audit.note(Wrong.PROJECTION, place)
        report = audit.report()
    return Verdict(report, whose, sessions)


def _verify_export(
    opened: BinaryIO, publics: Sequence[bytes], whose: str, progress: Callable[[str, int], Callable[[int], None]]
) -> Verdict:
    heading = _heading(opened.readline(MOST_LINE_BYTES), publics)
    own = publics or [bytes.fromhex(each) for each in (heading.public, *heading.earlier)]
    vouched: list[Position] = list(heading.heads)
    spoilt: list[Position] = []
    audit, checkpoints = None, 0
    for line in _Watched(progress("records", heading.events)).over(iter(lambda: opened.readline(MOST_LINE_BYTES), b"")):
        read = read_line(line)
        if isinstance(read, Record):
            audit = audit or Audit(vouched)
            audit.take(read)
        elif isinstance(read, Checkpoint):
            checkpoints += 1
            (vouched if _is_signed_by_any(read, own) else spoilt).append(read.head)
        else:
            vouched.append(read)
    audit = audit or Audit(vouched)
    missing = [Position(heading.heads[-1].stream)] if checkpoints < heading.checkpoints and heading.heads else []
    for place in (*spoilt, *missing):
        audit.note(Wrong.CHECKPOINT, place)
    audit.expect(heading.events)
    return Verdict(audit.report(), whose if publics else "own")


def _heading(line: bytes, publics: Sequence[bytes]) -> Heading:
    """Return the first line of an export that one of the keys signed; where none is known, the key it names itself."""
    refused: ProtocolError | None = None
    for public in publics:
        try:
            return read_heading(line, public)
        except ProtocolError as error:
            refused = refused or error
    if refused is not None:
        raise refused
    return read_heading(line, None)


def _is_signed_by_any(checkpoint: Checkpoint, publics: Sequence[bytes]) -> bool:
    return any(is_signed_by(checkpoint, public) for public in publics)


def _sift(found: Iterable[Checkpoint | int], publics: Sequence[bytes]) -> tuple[list[Checkpoint], list[Position]]:
    """Return the checkpoints that may vouch, and the places of those that were changed, removed or forged."""
    good: list[Checkpoint] = []
    spoilt: list[Position] = []
    for each in found:
        if isinstance(each, int):
            spoilt.append(good[-1].head if good else Position("", 0))
        elif not publics or _is_signed_by_any(each, publics):
            good.append(each)
        else:
            spoilt.append(each.head)
    return good, spoilt


def _publics_of(settings: KioskSettings, key: str | None) -> tuple[Sequence[bytes], str]:
    """Return the keys of which one must have signed a checkpoint, the present one first, and whose word that is."""
    if key is not None and len(key) == KEY_HEX and not Path(key).exists():
        try:
            return [bytes.fromhex(key)], "given"
        except ValueError as error:
            raise RecordingError(RecordingFault.BROKEN, "--key: not 64 hexadecimal digits") from error
    try:
        enrolment = load_enrolment(Path(key).expanduser() if key else settings.device.enrolment.expanduser())
    except NotEnrolledError:
        if key is not None:
            raise
        return [], "none"
    present = SigningKey(bytes.fromhex(enrolment.seed)).public
    earlier = (bytes.fromhex(each) for each in reversed(enrolment.earlier_public))
    return [present, *earlier], "given" if key else "enrolled"


def _lines(verdict: Verdict, words: Phrases, zone: ZoneInfo) -> Iterator[str]:
    report = verdict.report
    yield words.say("verify.read", records=report.records, streams=len(report.heads), witnesses=report.witnesses)
    yield words.of("verify", "key", verdict.key)
    if report.first is None:
        yield words.say("verify.good", sessions=verdict.sessions or 0)
        return
    for place, fault in enumerate(report.faults):
        row = _fault_json(fault, zone)
        shown = {**row, "seq": row["seq"] if fault.until_seq is None else f"{fault.seq}–{fault.until_seq}"}
        shown["kind"] = words.name_of("event", fault.kind) if fault.kind else "—"
        said = words.of("verify", fault.wrong.value, "", **{**shown, "at": shown["at"] or "—"})
        yield words.say("verify.first" if place == 0 else "verify.further", what=said)
    for head in report.heads:
        yield words.say("verify.still_good", stream=head.stream, until=report.good_until(head.stream), of=head.seq)


def _fault_json(fault: Fault, zone: ZoneInfo) -> dict[str, Any]:
    at = None if fault.wall_ms is None else instant_of(fault.wall_ms).astimezone(zone).isoformat(timespec="seconds")
    return {
        "wrong": fault.wrong.value,
        "stream": fault.stream,
        "seq": fault.seq,
        "until_seq": fault.until_seq,
        "kind": fault.kind,
        "at": at,
    }
