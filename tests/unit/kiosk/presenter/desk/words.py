"""The closed lists that the operator's desk has a word for, each by the ids of its words."""

from __future__ import annotations

from kiosk.domain.operator_refusal import DeskRefusal
from kiosk.presenter.desk.details import SPOKEN_FLAGS
from kiosk.presenter.desk.door import Ask
from kiosk.presenter.desk.sheet import ACTS
from kiosk.presenter.desk.taps import Place
from kiosk.usecases.export_ports import ExportFault, Format, Phase
from kiosk.usecases.step_export import Months
from sync.protocol.vocabulary import (
    AmendmentReason,
    ClockQuality,
    DecisionReason,
    Effect,
    EntryReason,
    KitItem,
    Matter,
    ObjectionReason,
    Quality,
    VoidReason,
)

TEAMS = ("party", "youth", "women", "disabled_aid", "community", "civilised_unit")  # REQ 1.7
SAID = (
    *("amended", "amendment_waits", "voided", "void_waits", "upheld", "dismissed", "turned_down"),
    *("kit_out", "kit_back"),
)
DESK_FAMILIES: set[str] = set().union(
    {f"desk_place.{each}" for each in Place},
    {f"desk_pin.{each}.{part}" for each in Ask if each is not Ask.CARD for part in ("title", "hint")},
    {f"desk_act.{each}" for each in ACTS},
    {f"desk_flag.{each}" for each in SPOKEN_FLAGS},
    {f"queue_empty.{each}" for each in Matter},
    {f"desk_dial.{each}" for each in ("begin", "end")},
    {f"desk_clock.{each}" for each in ClockQuality},
    {f"export_months.{each}" for each in Months},
    {f"export_format.{each}" for each in Format},
    {f"desk_said.{each}" for each in SAID},
    {f"desk_refusal.{each}" for each in DeskRefusal},
    {f"desk_why.{each}" for each in DeskRefusal},
    {f"matter.{each}" for each in Matter},
    {f"team.{each}" for each in TEAMS},
    {f"amendment_reason.{each}" for each in AmendmentReason},
    {f"void_reason.{each}" for each in VoidReason},
    {f"decision_reason.{each}" for each in DecisionReason},
    {f"entry_reason.{each}" for each in EntryReason},
    {f"objection_reason.{each}" for each in ObjectionReason},
    {f"quality.{each}" for each in Quality},
    {f"effect.{each}" for each in Effect},
    {f"kit_item.{each}" for each in KitItem},
    {f"export.fault.{each}" for each in ExportFault},
    {f"export.progress.{each}" for each in Phase},
)
