"""What a device is told, as one document and as single entries of the changes feed: two spellings of one thing.

Upstream: ``changes``, ``reference``.
Downstream: ``sync.platform`` takes it apart, ``kiosk.usecases.combined_reference`` puts it together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgspec

from sync.protocol.changes import Topic, Upsert
from sync.protocol.reference import (
    Appointment,
    ListedVolunteer,
    NearbyShift,
    OpenElsewhere,
    RosteredShift,
    ServicePoint,
    ServiceRule,
    Standing,
)
from sync.protocol.roster import AnswerSettled, OpenPost, SwapAsked
from sync.protocol.signing.documents import SignedDocument

T = TypeVar("T", bound=msgspec.Struct)
ONLY = ""  # the key of a topic that has one entry


class Notice(msgspec.Struct, frozen=True):
    """A short line for the idle screen, and its place among them from 0."""

    place: int
    text: str


class Told(msgspec.Struct, frozen=True):
    """Everything a device is told but the two lists that the root key signs; fields as in ``ReferenceData``."""

    service_point: ServicePoint
    roster: list[RosteredShift] = []
    notices: list[str] = []
    appointments: list[Appointment] = []
    directory: list[ListedVolunteer] = []
    standings: list[Standing] = []
    services: list[ServiceRule] = []
    elsewhere: list[OpenElsewhere] = []
    open_posts: list[OpenPost] = []
    swaps: list[SwapAsked] = []
    settled: list[AnswerSettled] = []
    nearby: list[NearbyShift] = []

    def fields(self) -> dict[str, Any]:
        """Return its fields by name, for the document that holds them too."""
        return {name: getattr(self, name) for name in self.__struct_fields__}


def entries_of(told: Told) -> Iterator[Upsert]:
    """Yield it as entries, each topic and key once."""
    keyed: dict[Topic, dict[str, msgspec.Struct]] = {
        Topic.SERVICE_POINT: {ONLY: told.service_point},
        Topic.ROSTER: {each.id: each for each in told.roster},
        Topic.NOTICE: {str(place): Notice(place, text) for place, text in enumerate(told.notices)},
        Topic.APPOINTMENT: {_office(each): each for each in told.appointments},
        Topic.DIRECTORY: {each.volunteer: each for each in told.directory},
        Topic.STANDING: {each.volunteer: each for each in told.standings},
        Topic.SERVICE: {each.service: each for each in told.services},
        Topic.ELSEWHERE: {each.session: each for each in told.elsewhere},
        Topic.OPEN_POST: {each.id: each for each in told.open_posts},
        Topic.SWAP: {each.id: each for each in told.swaps},
        Topic.SETTLED: {each.id: each for each in told.settled},
        Topic.NEARBY: {each.id: each for each in told.nearby},
    }
    for topic, values in keyed.items():
        for key, value in values.items():
            yield Upsert(topic.value, key, msgspec.to_builtins(value))


def told_by(entries: Iterable[Upsert]) -> Told | None:
    """Return what entries say; None where they do not say of which service point.

    Topics of a newer platform, and values that this program cannot read, are left out: one of them stops no other.
    """
    values: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in entries:
        values[each.topic].append(each.value)
    points = _read(values[Topic.SERVICE_POINT], ServicePoint)
    if not points:
        return None
    return Told(
        service_point=points[0],
        roster=sorted(_read(values[Topic.ROSTER], RosteredShift), key=lambda each: (each.starts_ms, each.id)),
        notices=[each.text for each in sorted(_read(values[Topic.NOTICE], Notice), key=lambda each: each.place)],
        appointments=sorted(_read(values[Topic.APPOINTMENT], Appointment), key=_by_begin),
        directory=sorted(_read(values[Topic.DIRECTORY], ListedVolunteer), key=lambda each: each.volunteer),
        standings=sorted(_read(values[Topic.STANDING], Standing), key=lambda each: each.volunteer),
        services=sorted(_read(values[Topic.SERVICE], ServiceRule), key=lambda each: each.service),
        elsewhere=sorted(_read(values[Topic.ELSEWHERE], OpenElsewhere), key=lambda each: each.session),
        open_posts=sorted(_read(values[Topic.OPEN_POST], OpenPost), key=lambda each: (each.starts_ms, each.id)),
        swaps=sorted(_read(values[Topic.SWAP], SwapAsked), key=lambda each: each.id),
        settled=sorted(_read(values[Topic.SETTLED], AnswerSettled), key=lambda each: each.id),
        nearby=sorted(_read(values[Topic.NEARBY], NearbyShift), key=lambda each: (each.starts_ms, each.id)),
    )


def documents_in(entries: Iterable[Upsert], topic: Topic) -> list[SignedDocument]:
    """Return the signed documents of a topic, their signatures not checked."""
    return _read([each.value for each in entries if each.topic == topic], SignedDocument)


def _office(appointment: Appointment) -> str:
    team = () if appointment.team is None else (appointment.team,)
    return "/".join((appointment.volunteer, appointment.role, str(appointment.from_ms), *team))


def _by_begin(appointment: Appointment) -> tuple[int, str, str]:
    return appointment.from_ms, appointment.role, _office(appointment)


def _read(values: Iterable[dict[str, Any]], kind: type[T]) -> list[T]:
    found = []
    for value in values:
        try:
            found.append(msgspec.convert(value, kind))
        except msgspec.ValidationError:
            continue
    return found
