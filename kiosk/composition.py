"""The one place that wires the kiosk: settings in, a station with its use cases out.

Upstream: every room below.
Downstream: ``commands``.

Randomness has its home here, behind the port ``Ids``.
"""

from __future__ import annotations

import gettext
import importlib.metadata
import secrets
import stat
import uuid
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk.certificate import pin
from kiosk.export.mounted import MountedSticks
from kiosk.export.stick import FolderSpool, FolderStick
from kiosk.export.writers import ChainWriter, TableWriters
from kiosk.presenter.kiosk_presenter import KioskPresenter
from kiosk.presenter.phrases import Language, Phrases
from kiosk.station import Answers, LedgerKeeping, OperatorsDesk, Records, Station, Telling
from kiosk.timekeeping.system import SystemClock
from kiosk.timekeeping.trusted import TrustedClock
from kiosk.usecases.amend_session import AmendSession
from kiosk.usecases.answer_roster import AnswerRoster
from kiosk.usecases.apply_for_star import ApplyForStar
from kiosk.usecases.apply_reference_data import ApplyReferenceData
from kiosk.usecases.bring_back import BringBack
from kiosk.usecases.change_service import ChangeService
from kiosk.usecases.choose_service import ChooseService
from kiosk.usecases.close_group import CloseGroup
from kiosk.usecases.close_overdue import CloseOverdue
from kiosk.usecases.combined_reference import Trusted
from kiosk.usecases.confirm_session import ConfirmSession
from kiosk.usecases.decide_objection import DecideObjection
from kiosk.usecases.dismiss_proposal import DismissProposal
from kiosk.usecases.end_elsewhere import EndElsewhere
from kiosk.usecases.enter_hours import EnterHours
from kiosk.usecases.errors import NotEnrolledError
from kiosk.usecases.export_ledger import ExportLedger
from kiosk.usecases.forget_absent import ForgetAbsent
from kiosk.usecases.hold_drill import HoldDrill
from kiosk.usecases.keep_beat import KeepBeat
from kiosk.usecases.know_operator import KnowOperator
from kiosk.usecases.lead_group import LeadGroup
from kiosk.usecases.leave_fork import LeaveFork
from kiosk.usecases.move_kit import MoveKit
from kiosk.usecases.note_anchors import NoteAnchors
from kiosk.usecases.open_own_records import LookedAt, OpenOwnRecords
from kiosk.usecases.own_record import ObjectToSession, ReadOwnRecord
from kiosk.usecases.present_certificate import PresentCertificate
from kiosk.usecases.rate_by_recipient import RateByRecipient
from kiosk.usecases.rate_service import RateService
from kiosk.usecases.reach import DeskRoom
from kiosk.usecases.read_board import ReadBoard
from kiosk.usecases.read_desk import ReadDesk
from kiosk.usecases.read_people import ReadPeople
from kiosk.usecases.read_queue import ReadQueue
from kiosk.usecases.read_session import ReadSession
from kiosk.usecases.receive_operator import ReceiveOperator
from kiosk.usecases.record_tally import RecordTally
from kiosk.usecases.reset_pin import ResetPin
from kiosk.usecases.seal_head import SealHead
from kiosk.usecases.set_pin import SetPin
from kiosk.usecases.sign_in_operator import SignInOperator
from kiosk.usecases.state_end import StateEnd
from kiosk.usecases.stay_on import StayOn
from kiosk.usecases.step_export import StepExport
from kiosk.usecases.tell_how import TellHow
from kiosk.usecases.undo_scan import UndoScan
from kiosk.usecases.void_session import VoidSession
from sync.protocol.checkpoint import sign_checkpoint
from sync.protocol.enrolment import Enrolment, read_enrolment
from sync.protocol.errors import ProtocolError
from sync.protocol.signing.keys import SigningKey

if TYPE_CHECKING:
    from datetime import tzinfo

    from kiosk.domain.policy import DutyPolicy
    from kiosk.presenter.phrases import Translations
    from kiosk.settings import KioskSettings
    from kiosk.store.device_file import DeviceFile
    from kiosk.timekeeping.trusted import Clocks
    from kiosk.usecases.ports import Ids
    from kiosk.usecases.present_certificate import CertificateRules

PROGRAM = "wenming-duty-kiosk"
ASSETS = Path(__file__).parents[1] / "assets"
STICKS = (Path("/media"), Path("/run/media"), Path("/mnt"))  # where desktops and operators mount them


class RandomIds:
    """The port ``Ids`` from the kernel's randomness."""

    def new_id(self) -> str:
        """Return a UUIDv4 as text."""
        return str(uuid.uuid4())

    def new_salt(self) -> str:
        """Return 16 random bytes as hex."""
        return secrets.token_hex(16)


def open_station(settings: KioskSettings, clocks: Clocks | None = None, ids: Ids | None = None) -> Station:
    """Open the device's file and wire the use cases.

    Args:
        settings: of this kiosk.
        clocks: where readings come from; None for this machine's.
        ids: where ids and salts come from; None for the kernel's randomness.

    Raises:
        NotEnrolledError: the enrolment file is missing or not valid; the sentence says what to do.
        RecordingError: the device's file cannot be opened.
    """
    enrolment = load_enrolment(settings.device.enrolment.expanduser())
    root_public, zone, policy = bytes.fromhex(enrolment.root_public), ZoneInfo(settings.station.zone), settings.duty
    clocks, ids, limits = clocks or SystemClock(), ids or RandomIds(), policy.policy()
    file = settings.device.file.expanduser()
    from kiosk.store.device_file import open_device_file  # noqa: PLC0415 - 0.3 s that the first frame does not wait for

    now = clocks.read()
    device = open_device_file(file, boot_id=now.boot_id, trusted=_trusted(enrolment), zone=zone, ids=ids, now=now)
    clock = TrustedClock(clocks, device.boot_n)
    ledger, shelf, mailbox = device.ledger, device.shelf, device.mailbox
    keeping = _keeping(device, clock, enrolment, settings)
    station = Station(
        device=device,
        clock=clock,
        present=PresentCertificate(clock, ids, ledger, shelf, limits, zone, settings.certificates.rules()),
        undo=UndoScan(clock, ledger, limits),
        choose=ChooseService(clock, ledger, shelf),
        tally=RecordTally(clock, ledger),
        close_overdue=CloseOverdue(clock, ledger, shelf, limits, zone),
        answers=Answers(
            state_end=StateEnd(clock, ledger, shelf, limits, zone),
            end_elsewhere=EndElsewhere(clock, ledger, shelf, limits),
            change_service=ChangeService(clock, ids, ledger, shelf, limits),
            stay_on=StayOn(clock, ids, ledger, shelf, limits),
        ),
        close_group=CloseGroup(clock, ledger, limits),
        keep_beat=KeepBeat(clock, ledger),
        note_anchors=NoteAnchors(clock, ledger, mailbox),
        read_board=ReadBoard(clock, ledger, shelf, mailbox, zone),
        apply_reference=ApplyReferenceData(shelf, root_public, enrolment.device),
        operators=_operators_desk(device, clock, ids, limits, keeping.export, zone),
        records=_records(device, clock, limits, settings.certificates.rules()),
        keeping=keeping,
        telling=Telling(TellHow(clock, mailbox, _version()), BringBack(mailbox)),
    )
    _refresh(station, enrolment)
    station.tend()
    station.keeping.seal_head(at_once=True)
    return station


def _trusted(enrolment: Enrolment) -> Trusted:
    feed = enrolment.platform_public
    return Trusted(bytes.fromhex(enrolment.root_public), bytes.fromhex(feed) if feed else None, enrolment.device)


def _keeping(device: DeviceFile, clock: TrustedClock, enrolment: Enrolment, settings: KioskSettings) -> LedgerKeeping:
    key, ledger = SigningKey(bytes.fromhex(enrolment.seed)), device.ledger
    seal_head = SealHead(clock, ledger, lambda head, stamp: sign_checkpoint(head, stamp, key))
    spool = FolderSpool(device.file.with_name(f"{device.file.name}-export"))
    words = {language: Phrases(catalogue) for language, catalogue in open_catalogues().items()}
    writers = TableWriters(words[Language.CHINESE], words[Language.ENGLISH], ZoneInfo(settings.station.zone))
    days, chain = settings.privacy.forget_after_days, ChainWriter(key, tuple(enrolment.earlier_public))
    return LedgerKeeping(
        seal_head=seal_head,
        leave_fork=LeaveFork(clock, ledger, seal_head),
        forget_absent=ForgetAbsent(clock, device.memory, device.shelf, days, spool.expire),
        export=ExportLedger(clock, ledger, device.shelf, seal_head, writers, chain, spool, FolderStick()),
    )


def _operators_desk(
    device: DeviceFile, clock: TrustedClock, ids: Ids, limits: DutyPolicy, export: ExportLedger, zone: tzinfo
) -> OperatorsDesk:
    know, ledger = KnowOperator(clock, device.shelf), device.ledger
    room = DeskRoom(know, clock, ledger)
    queue, amend = ReadQueue(room, zone), AmendSession(room, limits)
    return OperatorsDesk(
        know=know,
        receive=ReceiveOperator(know, ledger),
        sign_in=SignInOperator(know, ledger, pin.matches),
        set_pin=SetPin(know, ids, ledger),
        reset_pin=ResetPin(know, clock, ledger),
        enter_hours=EnterHours(know, clock, ids, ledger, limits),
        read_people=ReadPeople(know, clock, ledger),
        export=StepExport(know, clock, export, MountedSticks(STICKS), zone),
        read_desk=ReadDesk(room, queue, device.mailbox, limits, zone),
        read_queue=queue,
        read_session=ReadSession(room, queue),
        confirm_session=ConfirmSession(room),
        amend_session=amend,
        void_session=VoidSession(room),
        decide_objection=DecideObjection(room, amend),
        dismiss_proposal=DismissProposal(room),
        rate_service=RateService(room),
        kit=MoveKit(room),
        group=LeadGroup(room, ids),
        drill=HoldDrill(room, limits),
    )


def _records(device: DeviceFile, clock: TrustedClock, limits: DutyPolicy, rules: CertificateRules) -> Records:
    ledger, shelf, looked_at = device.ledger, device.shelf, LookedAt()
    return Records(
        open=OpenOwnRecords(clock, ledger, shelf, rules, looked_at),
        read=ReadOwnRecord(ledger),
        object=ObjectToSession(clock, ledger, limits),
        apply_for_star=ApplyForStar(clock, ledger, shelf, limits),
        answer_roster=AnswerRoster(clock, ledger, shelf, limits),
        rate=RateByRecipient(clock, ledger, shelf, limits, looked_at),
    )


def _version() -> str:
    try:
        return importlib.metadata.version(PROGRAM)
    except importlib.metadata.PackageNotFoundError:  # run from its folder, without having been installed
        return ""


def open_catalogues() -> dict[Language, Translations]:
    """Return the kiosk's catalogue of every language."""
    return {each: gettext.translation("kiosk", ASSETS / "locale", [each.value]) for each in Language}


def open_presenter(settings: KioskSettings) -> KioskPresenter:
    """Return a presenter that says what the screens say, with the station's limits and zone."""
    zone = ZoneInfo(settings.station.zone)
    return KioskPresenter("", settings.duty.policy(), zone, open_catalogues())


def load_enrolment(file: Path) -> Enrolment:
    """Return the enrolment of a file.

    Raises:
        NotEnrolledError: it is missing, readable by others, or not an enrolment.
    """
    try:
        return read_enrolment(file.read_bytes(), stat.S_IMODE(file.stat().st_mode))
    except OSError as error:
        raise NotEnrolledError(f"{file}: {error.strerror}; bring the device's enrolment file there") from error
    except ProtocolError as error:
        raise NotEnrolledError(f"{file}: {error}") from error


def _refresh(station: Station, enrolment: Enrolment) -> None:
    try:
        station.apply_reference(enrolment.reference)
    except ProtocolError as error:
        raise NotEnrolledError(f"the enrolment's reference data is not valid: {error}") from error
    meant_for = station.device.shelf.current().data.device
    if meant_for != enrolment.device:
        raise NotEnrolledError(f"the reference data is for device {meant_for}, this is {enrolment.device}; enrol again")
