"""排班: when points are open, what is needed there, who is asked, what they answered, and who changed what.

Upstream: SQLAlchemy, ``dialect``, ``row``.
Downstream: ``tables``.

Days are local, ISO 8601 (``2026-11-24``); times of a day are ``HH:MM``, ``24:00`` for its end; weekdays 0 to 6,
Monday first. What people change carries a ``version`` that rises by one with every change; ``roster_log`` has each.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sync.platform.store.dialect import SERIAL
from sync.platform.store.tables.row import Row


class OpeningRow(Row):
    """One span of a weekday at which a service point is open; a point without any is open as its own row says."""

    __tablename__ = "opening_hours"
    service_point: Mapped[str] = mapped_column(ForeignKey("service_points.id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opens: Mapped[str] = mapped_column(primary_key=True)
    closes: Mapped[str]


class SpecialDayRow(Row):
    """A day unlike its weekday; ``service_point`` is ``*`` for all. ``opens`` and ``closes`` are empty where closed."""

    __tablename__ = "special_days"
    service_point: Mapped[str] = mapped_column(primary_key=True)
    on_day: Mapped[str] = mapped_column(primary_key=True)
    opens: Mapped[str]
    closes: Mapped[str]
    label: Mapped[str]


class TemplateRow(Row):
    """A pattern from which posts are made; ``weekdays`` is JSON, ``days`` a word of ``rostering.model.Days``."""

    __tablename__ = "shift_templates"
    id: Mapped[str] = mapped_column(primary_key=True)
    service_point: Mapped[str] = mapped_column(ForeignKey("service_points.id"), index=True)
    name: Mapped[str]
    service: Mapped[str]
    team: Mapped[str | None]
    skill: Mapped[str | None]
    training: Mapped[str | None]
    weekdays: Mapped[str]
    days: Mapped[str]
    starts: Mapped[str]
    ends: Mapped[str]
    needed: Mapped[int]
    from_on: Mapped[str | None]
    until_on: Mapped[str | None]
    ended: Mapped[bool]
    version: Mapped[int]


class PostRow(Row):
    """班次: a span at a service point that needs volunteers; ``state`` is ``draft``, ``published`` or ``cancelled``."""

    __tablename__ = "posts"
    __table_args__ = (
        Index("ix_posts_place", "service_point", "ends_ms"),
        Index("ix_posts_ends", "ends_ms"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    service_point: Mapped[str] = mapped_column(ForeignKey("service_points.id"))
    service: Mapped[str]
    team: Mapped[str | None]
    skill: Mapped[str | None]
    training: Mapped[str | None]
    starts_ms: Mapped[int]
    ends_ms: Mapped[int]
    on_day: Mapped[str]
    needed: Mapped[int]
    state: Mapped[str]
    template: Mapped[str | None]
    version: Mapped[int]


class AssignmentRow(Row):
    """A volunteer's place at a post; ``state`` as ``AssignmentState``, ``reason`` JSON of why it was proposed, or None.

    ``pinned``: the planner wants it so; ``changed_by`` is an account's id, a volunteer's number or ``solver``.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index("ix_assignments_post", "post"),
        Index("ix_assignments_volunteer", "volunteer", "post"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    post: Mapped[str] = mapped_column(ForeignKey("posts.id"))
    volunteer: Mapped[str] = mapped_column(ForeignKey("volunteers.number"))
    state: Mapped[str]
    pinned: Mapped[bool]
    reason: Mapped[str | None]
    version: Mapped[int]
    changed_ms: Mapped[int]
    changed_by: Mapped[str]


class RosterProfileRow(Row):
    """What a volunteer brings and would like; ``skills``, ``points`` and ``mates`` are JSON lists."""

    __tablename__ = "roster_profiles"
    volunteer: Mapped[str] = mapped_column(ForeignKey("volunteers.number"), primary_key=True)
    team: Mapped[str | None]
    skills: Mapped[str]
    points: Mapped[str]
    mates: Mapped[str]
    most_a_week: Mapped[int]
    guide: Mapped[bool]
    newcomer: Mapped[bool]
    version: Mapped[int]


class AvailabilityRow(Row):
    """服务时间: a span of a weekday at which a volunteer can come."""

    __tablename__ = "availability"
    volunteer: Mapped[str] = mapped_column(ForeignKey("volunteers.number"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    starts: Mapped[str] = mapped_column(primary_key=True)
    ends: Mapped[str]


class AvailabilityExceptionRow(Row):
    """A span (UTC ms, end excluded) at which a volunteer can come though the pattern says no, or the other way."""

    __tablename__ = "availability_exceptions"
    __table_args__ = (Index("ix_availability_exceptions_ends", "volunteer", "until_ms"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    volunteer: Mapped[str] = mapped_column(ForeignKey("volunteers.number"))
    from_ms: Mapped[int]
    until_ms: Mapped[int]
    free: Mapped[bool]
    reason: Mapped[str | None]


class SwapRow(Row):
    """换班: one volunteer asks a colleague to serve instead, for one of theirs or for nothing."""

    __tablename__ = "swaps"
    __table_args__ = (Index("ix_swaps_asked", "asked_ms"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    assignment: Mapped[str] = mapped_column(ForeignKey("assignments.id"), index=True)
    volunteer: Mapped[str]
    colleague: Mapped[str]
    in_return: Mapped[str | None]
    state: Mapped[str]
    why: Mapped[str | None]
    version: Mapped[int]
    asked_ms: Mapped[int]
    settled_ms: Mapped[int | None]


class RosterAnswerRow(Row):
    """A volunteer's word, as it was given, and what became of it; ``outcome`` is None while it waits.

    ``id`` is that of its event, or of the page's own making; ``source`` is ``device``, ``page`` or ``planner``. ``of``
    is an id as a device or page said it and need not exist. ``given_…_ms`` are when it was given, as well as is known.
    """

    __tablename__ = "roster_answers"
    __table_args__ = (
        Index("ix_roster_answers_outcome", "outcome", "received_ms"),
        Index("ix_roster_answers_volunteer", "volunteer", "received_ms"),
        Index("ix_roster_answers_of", "of"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    volunteer: Mapped[str]
    answer: Mapped[str]
    of: Mapped[str]
    version: Mapped[int]
    colleague: Mapped[str | None]
    in_return: Mapped[str | None]
    reason: Mapped[str | None]
    source: Mapped[str]
    received_ms: Mapped[int]
    given_lo_ms: Mapped[int | None]
    given_est_ms: Mapped[int | None]
    given_hi_ms: Mapped[int | None]
    post: Mapped[str | None]
    outcome: Mapped[str | None]
    why: Mapped[str | None]
    settled_ms: Mapped[int | None]
    seen_ms: Mapped[int | None]


class RosterLogRow(Row):
    """One change of anything above: who, when, and JSON of before and after (None: there was none)."""

    __tablename__ = "roster_log"
    __table_args__ = (
        Index("ix_roster_log_subject", "kind", "subject", "version"),
        Index("ix_roster_log_place", "service_point", "at_ms"),
        Index("ix_roster_log_by", "by", "at_ms"),
    )
    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    at_ms: Mapped[int]
    by: Mapped[str]
    source: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str]
    version: Mapped[int]
    service_point: Mapped[str | None]
    before: Mapped[str | None]
    after: Mapped[str | None]


class ProposalRow(Row):
    """One run of the solver; ``scope``, ``progress`` and ``result`` are JSON (``rostering.proposals``)."""

    __tablename__ = "roster_proposals"
    id: Mapped[str] = mapped_column(primary_key=True)
    asked_by: Mapped[str]
    asked_ms: Mapped[int]
    scope: Mapped[str]
    state: Mapped[str]
    progress: Mapped[str | None]
    result: Mapped[str | None]
    changed_ms: Mapped[int]


class CalendarLinkRow(Row):
    """A secret address of a volunteer's own calendar, by its SHA-256 (hex); it opens nothing else."""

    __tablename__ = "calendar_links"
    link: Mapped[str] = mapped_column(primary_key=True)
    volunteer: Mapped[str] = mapped_column(ForeignKey("volunteers.number"), index=True)
    opened_ms: Mapped[int]
    closed_ms: Mapped[int | None]


class PlaceNoteRow(Row):
    """Of a service point: host unit and address (REQ 1.1a), as people are told how to get there."""

    __tablename__ = "place_notes"
    service_point: Mapped[str] = mapped_column(ForeignKey("service_points.id"), primary_key=True)
    host_unit: Mapped[str]
    address: Mapped[str]
    version: Mapped[int]
