"""A volunteer's own calendar: a link that opens it and nothing else, and what stands in it.

Upstream: ``calendars``, ``store.calendar_links``, ``store.rosters``.
Downstream: ``console.calendar_feed``, ``console.my_times``.

The link is a secret of its own, 128 random bits, and not the phone's: it is handed to servers of others, which ask for
it every hour. In the database stands its SHA-256. The calendar tells of the volunteer's own places alone.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

from sync.platform import roster_terms, wording
from sync.platform.ports import Ports, unix_ms
from sync.platform.records import Volunteer
from sync.platform.rostering.calendars import Occasion, calendar_of
from sync.platform.rostering.model import TOLD, Assignment, PlaceNote, Post, PostState
from sync.platform.store import Unit
from sync.platform.wording import marked, words_in
from sync.protocol.vocabulary import AssignmentState

LINK_BYTES = 16
MAX_LINK = 64  # characters looked at
DAY_MS = 86_400_000
BACK_MS = 30 * DAY_MS  # what is over, and what was taken back, is told for so long
AHEAD_MS = 400 * DAY_MS
CALENDAR_NAME = marked("My volunteer duty")
ASKED_TITLE = marked("Asked: %(title)s")
ASK_NOTE = marked("You have not answered yet. Say yes or no on your phone's page or at the kiosk.")
STATUS: Mapping[AssignmentState, str] = {AssignmentState.OFFERED: "TENTATIVE", AssignmentState.ACCEPTED: "CONFIRMED"}


def open_calendar(unit: Unit, ports: Ports, volunteer: str) -> str:
    """Open a volunteer's calendar, close the earlier links, and return the new link's secret; it is kept nowhere."""
    now_ms = unix_ms(ports.clock())
    secret = base64.urlsafe_b64encode(ports.entropy(LINK_BYTES)).decode().rstrip("=")
    unit.calendar_links.close_all(volunteer, now_ms)
    unit.calendar_links.open(_digest(secret), volunteer, now_ms)
    return secret


def whose(unit: Unit, secret: str) -> Volunteer | None:
    """Return whose calendar a secret opens, or None."""
    return unit.calendar_links.find(_digest(secret)) if len(secret) <= MAX_LINK else None


def calendar_for(unit: Unit, volunteer: str, now_ms: int, language: str) -> bytes:
    """Return a volunteer's calendar: what is asked, agreed on, and within 30 days over or taken back."""
    span = now_ms - BACK_MS, now_ms + AHEAD_MS
    found = unit.rosters.of_volunteers((volunteer,), *span, None, cancelled=True)
    told = [pair for pair in found if _is_told(unit, *pair, now_ms)]
    names = {point.id: point.name for point in unit.registry.service_points()}
    notes = unit.openings.places({post.point for _, post in told})
    made = (_occasion(place, post, names.get(post.point, post.point), notes, language) for place, post in told)
    return calendar_of(words_in(language).gettext(CALENDAR_NAME), made)


def _is_told(unit: Unit, place: Assignment, post: Post, now_ms: int) -> bool:
    if post.state is PostState.PUBLISHED and place.state in TOLD:
        return True
    if place.state is AssignmentState.DRAFT or post.state is PostState.DRAFT:
        return False
    return place.changed_ms > now_ms - BACK_MS and unit.calendar_links.was_told(place.id)


def _occasion(place: Assignment, post: Post, point: str, notes: Mapping[str, PlaceNote], language: str) -> Occasion:
    words = words_in(language)
    service = wording.SERVICES.get(post.service)
    title = f"{words.gettext(service) if service else post.service} · {point}"
    stands = post.state is PostState.PUBLISHED and place.state in STATUS
    asked = stands and place.state is AssignmentState.OFFERED
    note = notes.get(post.point)
    state = words.gettext(roster_terms.STATES[place.state])
    return Occasion(
        id=place.id,
        starts_ms=post.starts_ms,
        ends_ms=post.ends_ms,
        title=words.gettext(ASKED_TITLE) % {"title": title} if asked else title,
        where=", ".join(filter(None, (point, note.address if note else ""))),
        notes=words.gettext(ASK_NOTE) if asked else state,
        status=STATUS[place.state] if stands else "CANCELLED",
        sequence=place.version + post.version - 1,  # either may change alone
        changed_ms=place.changed_ms,
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
