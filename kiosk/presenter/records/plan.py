"""Own shifts to come, trainings and kit held, in words.

Upstream: ``listing`` (the rail).
Downstream: ``pages``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.domain.roster import ends_at, starts_at
from kiosk.presenter.icons import Icon, service_icon
from kiosk.presenter.records.acts import Tab
from kiosk.presenter.records.listing import local_day, rail, times_of
from kiosk.presenter.records.views import PlanLine, PlanList, PlanView
from sync.protocol.vocabulary import KitItem

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.views import Countdown
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.record_outcomes import OwnRecords
    from sync.protocol.reference import RosteredShift

SHIFTS, TRAININGS = 5, 3  # as many as fit
_KIT = {KitItem.CAP: Icon.CAP, KitItem.ARMBAND: Icon.ARMBAND}


def plan_view(records: OwnRecords, voice: Voice, countdown: Countdown) -> PlanView:
    """Put what lies ahead and what is held into words."""
    phrases = voice.phrases
    shifts = tuple(_shift(shift, voice) for shift in records.shifts[:SHIFTS])
    trained = tuple(_training(name, at, voice) for name, at in list(records.trained.items())[:TRAININGS])
    kit = tuple(
        PlanLine(_KIT[item], phrases.of("kit_item", item), phrases.say("plan.pieces", count=count))
        for item, count in sorted(records.kit.items())
    )
    return PlanView(
        rail=rail(records, Tab.PLAN, voice, countdown),
        shifts=PlanList(phrases.say("plan.shifts"), shifts, "" if shifts else phrases.say("plan.no_shifts")),
        trained=PlanList(phrases.say("plan.trained"), trained, "" if trained else phrases.say("plan.no_trained")),
        kit=PlanList(phrases.say("plan.kit"), kit, "" if kit else phrases.say("plan.no_kit")),
    )


def _shift(shift: RosteredShift, voice: Voice) -> PlanLine:
    begin, end = starts_at(shift), ends_at(shift)
    on = local_day(begin, voice)
    day = voice.phrases.say("header.date", date=voice.date(on), weekday=voice.weekday(on))
    service = voice.phrases.name_of("service", shift.service)
    detail = voice.phrases.say("records.between").join((times_of(begin, end, voice), service))
    return PlanLine(service_icon(shift.service), day, detail)


def _training(name: str, lapses: datetime | None, voice: Voice) -> PlanLine:
    phrases = voice.phrases
    until = phrases.say("plan.no_lapse")
    if lapses is not None:
        on = local_day(lapses, voice)
        until = phrases.say("plan.until", date=phrases.say("date.of_year", date=voice.date(on), year=on.year))
    return PlanLine(Icon.TUTORING, phrases.name_of("training", name), until)
