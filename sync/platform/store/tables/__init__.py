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
from sync.platform.store.tables.idle import NoticeRow, ShiftRow
from sync.platform.store.tables.incidents import AlarmRow, BatchRow, QuarantineRow
from sync.platform.store.tables.ledger import EventRow, NameRow, SessionRow, TimeMarkRow
from sync.platform.store.tables.people import AppointmentRow, ServiceRuleRow, StandingRow, TrainingRow, VolunteerRow
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
from sync.platform.store.tables.wire import DeviceKeyRow, DeviceReportRow, EnrolmentCodeRow

__all__ = [
    "AccountRow",
    "AlarmNoteRow",
    "AlarmRow",
    "AppointmentRow",
    "ArrivalBaseRow",
    "AuditRow",
    "BatchRow",
    "CertificateRow",
    "CheckpointRow",
    "ConsoleSessionRow",
    "DayCardRow",
    "DeviceKeyRow",
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
    "OverlapRow",
    "ParcelRow",
    "PhoneRow",
    "PlatformStateRow",
    "QuarantineDecisionRow",
    "QuarantineRow",
    "QuarantineStateRow",
    "RecordBundleRow",
    "RecordExportRow",
    "ReportedRow",
    "Row",
    "SerialCounterRow",
    "ServicePointRow",
    "ServiceRuleRow",
    "SessionRow",
    "ShiftRow",
    "SignInTryRow",
    "SignedListRow",
    "StandingRow",
    "StarApplicationRow",
    "TallyStateRow",
    "TargetRow",
    "TimeMarkRow",
    "TrainingRow",
    "TransferredRow",
    "TrustedPlatformRow",
    "VolunteerRow",
    "VolunteerTotalRow",
]
