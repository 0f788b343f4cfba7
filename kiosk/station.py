"""A station without its screen and camera: the device's file, and everything a person can do with it.

Upstream: ``kiosk.usecases``, ``kiosk.store``, ``kiosk.timekeeping``.
Downstream: ``composition`` wires one, ``commands`` use it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.usecases.errors import NotEnrolledError

if TYPE_CHECKING:
    from kiosk.store.device_file import DeviceFile
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
    from kiosk.usecases.confirm_session import ConfirmSession
    from kiosk.usecases.decide_objection import DecideObjection
    from kiosk.usecases.dismiss_proposal import DismissProposal
    from kiosk.usecases.end_elsewhere import EndElsewhere
    from kiosk.usecases.enter_hours import EnterHours
    from kiosk.usecases.export_ledger import ExportLedger
    from kiosk.usecases.forget_absent import ForgetAbsent
    from kiosk.usecases.hold_drill import HoldDrill
    from kiosk.usecases.keep_beat import KeepBeat
    from kiosk.usecases.know_operator import KnowOperator
    from kiosk.usecases.lead_group import LeadGroup
    from kiosk.usecases.leave_fork import LeaveFork
    from kiosk.usecases.move_kit import MoveKit
    from kiosk.usecases.note_anchors import NoteAnchors
    from kiosk.usecases.open_own_records import OpenOwnRecords
    from kiosk.usecases.own_record import ObjectToSession, ReadOwnRecord
    from kiosk.usecases.present_certificate import PresentCertificate
    from kiosk.usecases.rate_by_recipient import RateByRecipient
    from kiosk.usecases.rate_service import RateService
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


@dataclass(frozen=True, slots=True)
class OperatorsDesk:
    """值班台 without its screens: everything an operator can do, and the device's list of what waits."""

    know: KnowOperator
    receive: ReceiveOperator
    sign_in: SignInOperator
    set_pin: SetPin
    reset_pin: ResetPin
    enter_hours: EnterHours
    read_people: ReadPeople
    export: StepExport
    read_desk: ReadDesk
    read_queue: ReadQueue
    read_session: ReadSession
    confirm_session: ConfirmSession
    amend_session: AmendSession
    void_session: VoidSession
    decide_objection: DecideObjection
    dismiss_proposal: DismissProposal
    rate_service: RateService
    kit: MoveKit
    group: LeadGroup
    drill: HoldDrill


@dataclass(frozen=True, slots=True)
class LedgerKeeping:
    """What keeps the ledger: its head signed, a forked stream left, exports, names forgotten in time."""

    seal_head: SealHead
    leave_fork: LeaveFork
    export: ExportLedger
    forget_absent: ForgetAbsent


@dataclass(frozen=True, slots=True)
class Records:
    """我的记录 and 服务评价: what a volunteer does with own records, and somebody served with a face."""

    open: OpenOwnRecords
    read: ReadOwnRecord
    object: ObjectToSession
    apply_for_star: ApplyForStar
    answer_roster: AnswerRoster
    rate: RateByRecipient


@dataclass(frozen=True, slots=True)
class Answers:
    """What a volunteer may say after a scan: when an earlier duty ended, that one elsewhere did, 换岗, 接着值."""

    state_end: StateEnd
    end_elsewhere: EndElsewhere
    change_service: ChangeService
    stay_on: StayOn


@dataclass(frozen=True, slots=True)
class Telling:
    """What the platform is told beside events, through the mailbox: how the device is, and old events once more."""

    how: TellHow
    bring_back: BringBack


@dataclass(frozen=True, slots=True)
class Station:
    """One kiosk without its screen and camera: the device's file and everything a person can do with it."""

    device: DeviceFile
    clock: TrustedClock
    present: PresentCertificate
    undo: UndoScan
    choose: ChooseService
    tally: RecordTally
    close_overdue: CloseOverdue
    answers: Answers
    close_group: CloseGroup
    keep_beat: KeepBeat
    note_anchors: NoteAnchors
    read_board: ReadBoard
    apply_reference: ApplyReferenceData
    operators: OperatorsDesk
    records: Records
    keeping: LedgerKeeping
    telling: Telling

    def tend(self, camera: str = "") -> None:
        """Do what time asks for, at start and every minute; ``camera`` is how the camera is, where there is one.

        Take up newer reference data, keep this boot's heartbeat, learn the time from the mailbox, close what is
        overdue; leave a stream that another machine writes to as well, and sign the head of the chain; tell the
        platform how the device is, and offer it old events where it has lost them.
        """
        self.device.shelf.refresh()
        passed_ms = max(self._floor_ms(), self.keep_beat())
        self.clock.learn(self.note_anchors(), passed_ms)
        self.close_overdue()
        self.close_group.idle()
        self.operators.drill.tend()
        self.keeping.leave_fork()
        self.keeping.seal_head()
        self.keeping.forget_absent()
        self.telling.how(camera)
        self.telling.bring_back()

    def close(self) -> None:
        """Close the device's file."""
        self.device.close()

    def _floor_ms(self) -> int:
        try:
            return self.device.shelf.current().data.issued_ms
        except NotEnrolledError:
            return 0
