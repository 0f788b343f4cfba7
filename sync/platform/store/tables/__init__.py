"""The platform's tables as typed rows, a module a subject; ``mapping`` stands between them and the values.

Upstream: SQLAlchemy, ``dialect``.
Downstream: ``mapping``, the repositories, ``migrations`` (a test holds them equal).

All ``…_ms`` are UTC milliseconds since 1970. Rows of ``events`` are immutable by trigger; names stand in a table of
their own, because a name can be erased (个保法 47) and an event cannot.
"""

from sync.platform.store.tables.accounts import (
    AccountRow,
    AlarmNoteRow,
    AuditRow,
    ConsoleSessionRow,
    HandStreamRow,
    QuarantineDecisionRow,
    QuarantineStateRow,
    SignInTryRow,
)
from sync.platform.store.tables.arrivals import ArrivalBaseRow
from sync.platform.store.tables.beside import FaceRow, KitRow, StarApplicationRow
from sync.platform.store.tables.cards import CertificateRow, DayCardRow, IssuerKeyRow, PhoneRow, SerialCounterRow
from sync.platform.store.tables.devices import CheckpointRow, DeviceRow, PlatformStateRow, ServicePointRow
from sync.platform.store.tables.feed import FeedEntryRow, FeedPlaceRow, SignedListRow
from sync.platform.store.tables.idle import NoticeRow
from sync.platform.store.tables.incidents import AlarmRow, BatchRow, QuarantineRow
from sync.platform.store.tables.ledger import EventRow, NameRow, SessionRow, TimeMarkRow
from sync.platform.store.tables.people import AppointmentRow, ServiceRuleRow, StandingRow, TrainingRow, VolunteerRow
from sync.platform.store.tables.rostering import (
    AssignmentRow,
    AvailabilityExceptionRow,
    AvailabilityRow,
    CalendarLinkRow,
    OpeningRow,
    PlaceNoteRow,
    PostRow,
    ProposalRow,
    RosterAnswerRow,
    RosterLogRow,
    RosterProfileRow,
    SpecialDayRow,
    SwapRow,
    TemplateRow,
)
from sync.platform.store.tables.row import Row
from sync.platform.store.tables.tallies import MonthlyTotalRow, OverlapRow, TallyStateRow, VolunteerTotalRow
from sync.platform.store.tables.upward import (
    ParcelRow,
    RecordBundleRow,
    RecordExportRow,
    ReportedRow,
    TargetRow,
    TransferredRow,
    TrustedPlatformRow,
)
from sync.platform.store.tables.wire import DeviceKeyRow, DeviceMarkRow, DeviceReportRow, EnrolmentCodeRow

__all__ = [
    "AccountRow",
    "AlarmNoteRow",
    "AlarmRow",
    "AppointmentRow",
    "ArrivalBaseRow",
    "AssignmentRow",
    "AuditRow",
    "AvailabilityExceptionRow",
    "AvailabilityRow",
    "BatchRow",
    "CalendarLinkRow",
    "CertificateRow",
    "CheckpointRow",
    "ConsoleSessionRow",
    "DayCardRow",
    "DeviceKeyRow",
    "DeviceMarkRow",
    "DeviceReportRow",
    "DeviceRow",
    "EnrolmentCodeRow",
    "EventRow",
    "FaceRow",
    "FeedEntryRow",
    "FeedPlaceRow",
    "HandStreamRow",
    "IssuerKeyRow",
    "KitRow",
    "MonthlyTotalRow",
    "NameRow",
    "NoticeRow",
    "OpeningRow",
    "OverlapRow",
    "ParcelRow",
    "PhoneRow",
    "PlaceNoteRow",
    "PlatformStateRow",
    "PostRow",
    "ProposalRow",
    "QuarantineDecisionRow",
    "QuarantineRow",
    "QuarantineStateRow",
    "RecordBundleRow",
    "RecordExportRow",
    "ReportedRow",
    "RosterAnswerRow",
    "RosterLogRow",
    "RosterProfileRow",
    "Row",
    "SerialCounterRow",
    "ServicePointRow",
    "ServiceRuleRow",
    "SessionRow",
    "SignInTryRow",
    "SignedListRow",
    "SpecialDayRow",
    "StandingRow",
    "StarApplicationRow",
    "SwapRow",
    "TallyStateRow",
    "TargetRow",
    "TemplateRow",
    "TimeMarkRow",
    "TrainingRow",
    "TransferredRow",
    "TrustedPlatformRow",
    "VolunteerRow",
    "VolunteerTotalRow",
]
