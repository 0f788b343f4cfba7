"""Reference data: what the platform tells a device, so that it can work alone for weeks.

Upstream: ``trust``, ``events``, ``roster``, ``signing.documents``.
Downstream: ``kiosk.usecases.apply_reference_data``, ``sync.platform`` (publishes it).

Today it travels as one signed file that a person or the provisioning step brings; the changes feed (protocol.md) brings
the same parts as pages later, through the same use case.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from sync.protocol.errors import SignatureError
from sync.protocol.events import Id, UnixMs, VolunteerNumber, Word
from sync.protocol.roster import AnswerSettled, OpenPost, SwapAsked, Version
from sync.protocol.signing.documents import SignedDocument, open_document
from sync.protocol.vocabulary import AssignmentState

REFERENCE_DATA = "reference_data"


class ServicePoint(msgspec.Struct, frozen=True):
    """服务点: the place. ``opens``/``closes`` are local ``HH:MM``; None where it never closes."""

    id: Id
    name: str
    region: Word
    opens: str | None = None
    closes: str | None = None


class RosteredShift(msgspec.Struct, frozen=True):
    """One volunteer's planned shift at this service point; UTC ms, end excluded.

    Attributes:
        id: of the assignment; a check-in that matches names it.
        state: ``offered`` or ``accepted``; an older platform tells of none that was not accepted.
        post: the post 班次 it is a place at; None of an older platform.
        version: rises with every change of the assignment.
    """

    id: Id
    volunteer: VolunteerNumber
    display_name: str
    service: Word
    starts_ms: UnixMs
    ends_ms: UnixMs
    team: Word | None = None
    state: AssignmentState = AssignmentState.ACCEPTED
    post: Id | None = None
    version: Version = 0


class Appointment(msgspec.Struct, frozen=True):
    """An operator's role at this service point and its term (REQ 2.1); UTC ms, end excluded.

    ``role`` is ``head`` 站长, ``deputy_head`` 副站长, ``organiser`` 组织委员, ``publicist`` 宣传委员 or
    ``captain`` 服务队队长.
    """

    volunteer: VolunteerNumber
    display_name: str
    role: Word
    from_ms: UnixMs
    until_ms: UnixMs
    team: Word | None = None


class ListedVolunteer(msgspec.Struct, frozen=True):
    """One line of the directory: who may be recognised by a number alone, where a station allows that."""

    volunteer: VolunteerNumber
    display_name: str


class Training(msgspec.Struct, frozen=True):
    """A training 培训 that a volunteer holds, until it lapses (UTC ms) where it does; its name in any script."""

    name: Word
    lapses_ms: UnixMs | None = None


class Standing(msgspec.Struct, frozen=True):
    """What the platform knows of a volunteer who serves here (architecture.md, Names); all of it may be absent.

    Attributes:
        confirmed_minutes: confirmed at every station, as of the reference data.
        star: the level held, 0–5.
        suspended: may not serve now.
        adult_from_ms: the day of the eighteenth birthday as UTC ms; None: adult. Minors serve by day, with consent.
        guardian_consent: a guardian has agreed (requirements, Minors).
        trained: the trainings held (REQ 2.4a).
        paid: a social worker, whose duty here is paid work and counts nothing (令67 Art 19).
    """

    volunteer: VolunteerNumber
    confirmed_minutes: Annotated[int, Meta(ge=0)] = 0
    star: Annotated[int, Meta(ge=0, le=5)] = 0
    suspended: bool = False
    adult_from_ms: UnixMs | None = None
    guardian_consent: bool = False
    trained: list[Training] = []
    paid: bool = False


class ServiceRule(msgspec.Struct, frozen=True):
    """What holds of one service kind at this point.

    Attributes:
        service: its id.
        training: the training it asks for, or None.
        strict: without that training it cannot be chosen; else there is a warning.
        tallies: what is counted at its end, by tally kind; empty: all of them.
    """

    service: Word
    training: Word | None = None
    strict: bool = False
    tallies: list[Word] = []


class OpenElsewhere(msgspec.Struct, frozen=True):
    """A session that is open at another service point, as far as the platform knew (duty-rules.md 7)."""

    session: Id
    volunteer: VolunteerNumber
    service_point: Id
    place: str
    started_ms: UnixMs


class NearbyShift(msgspec.Struct, frozen=True):
    """A shift of a volunteer at another service point: who comes here by mistake is shown the way; UTC ms.

    ``place`` is that point's name, ``address`` how to get there in words, or empty.
    """

    id: Id
    volunteer: VolunteerNumber
    service_point: Id
    place: str
    starts_ms: UnixMs
    ends_ms: UnixMs
    address: str = ""


class ReferenceData(msgspec.Struct, frozen=True):
    """Everything a device must know; a higher version replaces a lower one whole.

    Attributes:
        issued_ms: when the platform made it, UTC ms: no true instant of the device is earlier.
        trust_list: a document of its own, signed by the root key.
        revocations: a document of its own, signed by the root key; None where no list exists yet.
        notices: short lines for the idle screen.
        standings: of the volunteers who serve here.
        services: rules of service kinds; a kind without one has none.
        elsewhere: sessions open at other service points.
        open_posts: posts here with places left, of the next fortnight.
        swaps: exchanges between volunteers of this point.
        settled: what became of answers, until it was seen.
        nearby: shifts of this point's volunteers at other points, of today and tomorrow, to show the way (REQ 0.4).
    """

    version: Annotated[int, Meta(ge=1)]
    issued_ms: UnixMs
    device: Id
    service_point: ServicePoint
    trust_list: SignedDocument
    roster: list[RosteredShift] = []
    notices: list[str] = []
    appointments: list[Appointment] = []
    directory: list[ListedVolunteer] = []
    revocations: SignedDocument | None = None
    standings: list[Standing] = []
    services: list[ServiceRule] = []
    elsewhere: list[OpenElsewhere] = []
    open_posts: list[OpenPost] = []
    swaps: list[SwapAsked] = []
    settled: list[AnswerSettled] = []
    nearby: list[NearbyShift] = []

    def standing_of(self, volunteer: str) -> Standing | None:
        """Return what the platform knows of a volunteer, or None."""
        return next((each for each in self.standings if each.volunteer == volunteer), None)

    def tallies_of(self, service: str) -> tuple[str, ...]:
        """Return what is counted at the end of a service kind; empty: everything that is known."""
        return next((tuple(rule.tallies) for rule in self.services if rule.service == service), ())


def read_reference_data(document: SignedDocument, root_public: bytes) -> ReferenceData:
    """Return the reference data of a document signed by the root key.

    Raises:
        SignatureError: signed by another key, changed, or without the fields of reference data.
    """
    payload: dict[str, Any] = open_document(document, REFERENCE_DATA, root_public)
    try:
        return msgspec.convert(payload, ReferenceData)
    except msgspec.ValidationError as error:
        raise SignatureError(f"the reference data is signed, but is not complete: {error}") from error
