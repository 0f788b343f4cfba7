"""``kiosk operator``: the desk's acts by hand, for a station whose screen is broken and for the keeper.

Upstream: ``kiosk.composition``, ``kiosk.presenter.operators``.
Downstream: ``kiosk.cli``, ``operator_desk`` (the acts of the desk).

Certificate and PIN come from standard input, never from the command line, which every program of the machine can read.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from kiosk.composition import open_catalogues, open_station
from kiosk.domain.hours_entry import HoursEntry
from kiosk.presenter.operators import sentence_of
from kiosk.presenter.phrases import Language, Phrases
from kiosk.timekeeping.moment import instant_of
from kiosk.usecases.operator_outcomes import EntryRefused, OperatorRefused, SignedIn
from kiosk.usecases.outcomes import NotRecorded, Refused
from sync.protocol.vocabulary import EntryReason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kiosk.settings import KioskSettings
    from kiosk.station import Station
    from kiosk.usecases.operator_outcomes import OperatorOutcome

DONE, REFUSED, NOT_RECORDED = 0, 3, 4


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an operator showed and typed."""

    certificate: str
    pin: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence for the person, and the exit code."""

    sentence: str
    code: int


@dataclass(frozen=True, slots=True)
class Stated:
    """Hours as they were typed; ``starts`` and ``ends`` are local, ISO 8601 without a zone."""

    volunteer: str
    service: str
    starts: datetime
    ends: datetime
    reason: str
    team: str | None


def listing(settings: KioskSettings) -> list[dict[str, Any]]:
    """Return every appointment of this service point, and how it stands."""
    with opened(settings) as station, station.device.ledger.reading() as reading:
        moment, data = station.clock.now(), station.device.shelf.current().data
        return [
            {
                "operator": each.volunteer,
                "name": each.display_name,
                "role": each.role,
                "team": each.team,
                "from": instant_of(each.from_ms).isoformat(),
                "until": instant_of(each.until_ms).isoformat(),
                "in_term": each in station.operators.know.held_by(each.volunteer, moment),
                "has_pin": reading.pin_of(each.volunteer).kept is not None,
                "tries": reading.pin_of(each.volunteer).tries,
            }
            for each in data.appointments
        ]


def waiting(settings: KioskSettings) -> list[dict[str, Any]]:
    """Return the hours entered by hand that wait for a second person."""
    with opened(settings) as station, station.device.ledger.reading() as reading:
        return [
            {
                "session": each.session.id,
                "volunteer": each.session.volunteer,
                "name": each.name,
                "started_at": instant_of(each.session.started.est_ms).isoformat(),
                "minutes": each.session.original_ns // 60_000_000_000,
                "entered_by": each.check_in.body["entered_by"],
                "reason": each.check_in.body["reason"],
            }
            for each in reading.unconfirmed_entries()
        ]


def sign_in(settings: KioskSettings, who: Credentials) -> Answer:
    """Try a certificate and a PIN."""
    return _as(settings, who, lambda _station, operator: operator)


def set_pin(settings: KioskSettings, who: Credentials) -> Answer:
    """Keep an operator's first PIN."""
    with opened(settings) as station:
        return _answer(station.operators.set_pin(who.certificate, who.pin))


def reset(settings: KioskSettings, operator: str, by: Credentials | None) -> Answer:
    """Clear an operator's PIN, in a head's name or (None) as the keeper of this machine."""
    if by is not None:
        return _as(settings, by, lambda station, head: station.operators.reset_pin(operator, head))
    with opened(settings) as station:
        return _answer(station.operators.reset_pin(operator, None))


def enter_hours(settings: KioskSettings, who: Credentials, stated: Stated) -> Answer:
    """Propose hours that no scan recorded."""
    zone = ZoneInfo(settings.station.zone)
    starts_at, ends_at = (local.replace(tzinfo=zone) for local in (stated.starts, stated.ends))
    reason = EntryReason(stated.reason)
    entry = HoursEntry(stated.volunteer, stated.service, starts_at, ends_at, reason, stated.team)
    return _as(settings, who, lambda station, operator: station.operators.enter_hours(operator, entry))


def _as(settings: KioskSettings, who: Credentials, act: Callable[[Station, SignedIn], OperatorOutcome]) -> Answer:
    with opened(settings) as station:
        operator = station.operators.sign_in(who.certificate, who.pin)
        return _answer(act(station, operator) if isinstance(operator, SignedIn) else operator)


def _answer(outcome: OperatorOutcome) -> Answer:
    sentence = sentence_of(outcome, Phrases(open_catalogues()[Language.CHINESE]))
    if isinstance(outcome, NotRecorded):
        return Answer(sentence, NOT_RECORDED)
    return Answer(sentence, REFUSED if isinstance(outcome, OperatorRefused | EntryRefused | Refused) else DONE)


@contextmanager
def opened(settings: KioskSettings) -> Iterator[Station]:
    """Open this device's station for the length of a command."""
    station = open_station(settings)
    try:
        yield station
    finally:
        station.close()
