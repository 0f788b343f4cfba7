"""What volunteers said of the roster, and what became of it.

Upstream: ``tables``, ``mapping``, ``rostering.model``.
Downstream: ``rostering.answering``, ``present``.

A word that waits is decided in the order of arrival: by when it was received, then by its place in its device's
stream. Of a settled one nothing changes any more but that it was seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from sync.platform.rostering.model import Answer, Given
from sync.platform.store import mapping
from sync.platform.store.tables import EventRow, PostRow, RosterAnswerRow
from sync.protocol.envelope import Envelope
from sync.protocol.roster import AnswerSettled
from sync.protocol.vocabulary import AnswerOutcome, LeaveReason, RosterAnswer, RosterReason

CHUNK = 500
_TOLD = tuple(answer.value for answer in RosterAnswer if answer is not RosterAnswer.SEEN)


class RosterAnswers:
    """The answers of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, id_: str) -> Answer | None:
        """Return an answer."""
        row = self._session.get(RosterAnswerRow, id_)
        return None if row is None else _answer_of(row)

    def put(self, answer: Answer) -> None:
        """Write an answer that is new, or what became of it."""
        self._session.merge(_row_of(answer))
        self._session.flush()

    def is_waiting(self) -> bool:
        """Tell whether any answer waits to be decided."""
        query = select(RosterAnswerRow.id).where(RosterAnswerRow.outcome.is_(None)).limit(1)
        return self._session.scalar(query) is not None

    def waiting(self, limit: int, besides: Collection[str] = ()) -> tuple[Answer, ...]:
        """Return the first answers that wait, in the order of arrival; those of some ids are passed over."""
        query = (
            select(RosterAnswerRow)
            .outerjoin(EventRow, EventRow.id == RosterAnswerRow.id)
            .where(RosterAnswerRow.outcome.is_(None), RosterAnswerRow.id.not_in(sorted(besides)))
            .order_by(RosterAnswerRow.received_ms, func.coalesce(EventRow.stream, ""), EventRow.seq, RosterAnswerRow.id)
        )
        return tuple(map(_answer_of, self._session.scalars(query.limit(limit))))

    def latest_on_page(self, volunteer: str) -> int:
        """Return when the latest word of a volunteer's on a page was received, UTC ms; 0: there is none."""
        query = select(func.max(RosterAnswerRow.received_ms)).where(RosterAnswerRow.volunteer == volunteer)
        return self._session.scalar(query.where(RosterAnswerRow.source != mapping.DEVICE)) or 0

    def of_post(self, volunteer: str, post: str) -> tuple[Answer, ...]:
        """Return all that a volunteer said of a post, and of the places at it, that is settled."""
        query = select(RosterAnswerRow).where(
            RosterAnswerRow.volunteer == volunteer,
            RosterAnswerRow.post == post,
            RosterAnswerRow.outcome.is_not(None),
        )
        rows = self._session.scalars(query.order_by(RosterAnswerRow.received_ms, RosterAnswerRow.id))
        return tuple(map(_answer_of, rows))

    def of_volunteer(self, volunteer: str, since_ms: int) -> tuple[Answer, ...]:
        """Return what a volunteer said since an instant (UTC ms) that waits, or whose outcome they have not read.

        Not what a booth brought of nothing known here: it may belong to another platform, below this one.
        """
        query = select(RosterAnswerRow).where(
            RosterAnswerRow.volunteer == volunteer,
            RosterAnswerRow.received_ms >= since_ms,
            RosterAnswerRow.seen_ms.is_(None),
            RosterAnswerRow.answer.in_(_TOLD),
            or_(
                RosterAnswerRow.outcome.is_(None),
                RosterAnswerRow.post.is_not(None),
                RosterAnswerRow.source != mapping.DEVICE,
            ),
        )
        rows = self._session.scalars(query.order_by(RosterAnswerRow.received_ms, RosterAnswerRow.id))
        return tuple(map(_answer_of, rows))

    def recorded(self, ids: Iterable[str]) -> dict[str, Envelope]:
        """Return the events of those answers that a device recorded, by id."""
        found: dict[str, Envelope] = {}
        columns = [getattr(EventRow, name) for name in mapping.EVENT_READ]
        for row in self._session.execute(select(*columns).where(EventRow.id.in_(sorted(set(ids))))):
            envelope = mapping.recorded_from(row).envelope
            found[envelope.id] = envelope
        return found

    def unseen(self, point: str, volunteers: Collection[str], since_ms: int) -> tuple[AnswerSettled, ...]:
        """Return what became of answers and was not read, settled since an instant (UTC ms), as devices are told.

        What was said of nothing that ever was is not told: there is no post to name.

        Args:
            point: of answers about posts there, whoever gave them.
            volunteers: whose answers about any post.
            since_ms: UTC ms.
        """
        settled = (
            select(RosterAnswerRow, PostRow)
            .join(PostRow, PostRow.id == RosterAnswerRow.post)
            .where(RosterAnswerRow.outcome.is_not(None), RosterAnswerRow.seen_ms.is_(None))
            .where(RosterAnswerRow.settled_ms >= since_ms, RosterAnswerRow.answer.in_(_TOLD))
        )
        every = sorted(set(volunteers))
        chunks = (every[at : at + CHUNK] for at in range(0, len(every), CHUNK))
        whose = [PostRow.service_point == point, *(RosterAnswerRow.volunteer.in_(chunk) for chunk in chunks)]
        found = {
            row.id: _settled_of(row, row.outcome, post)
            for narrowed in whose
            for row, post in self._session.execute(settled.where(narrowed))
            if row.outcome
        }
        return tuple(found[id_] for id_ in sorted(found))


def _settled_of(row: RosterAnswerRow, outcome: str, post: PostRow) -> AnswerSettled:
    return AnswerSettled(
        id=row.id,
        volunteer=row.volunteer,
        answer=RosterAnswer(row.answer),
        of=row.of,
        outcome=AnswerOutcome(outcome),
        starts_ms=post.starts_ms,
        ends_ms=post.ends_ms,
        service=post.service,
        why=None if row.why is None else RosterReason(row.why),
    )


def _answer_of(row: RosterAnswerRow) -> Answer:
    given = None
    if row.given_lo_ms is not None and row.given_est_ms is not None and row.given_hi_ms is not None:
        given = Given(row.given_lo_ms, row.given_est_ms, row.given_hi_ms)
    return Answer(
        id=row.id,
        volunteer=row.volunteer,
        answer=RosterAnswer(row.answer),
        of=row.of,
        source=row.source,
        received_ms=row.received_ms,
        version=row.version,
        colleague=row.colleague,
        in_return=row.in_return,
        reason=None if row.reason is None else LeaveReason(row.reason),
        given=given,
        post=row.post,
        outcome=None if row.outcome is None else AnswerOutcome(row.outcome),
        why=None if row.why is None else RosterReason(row.why),
        settled_ms=row.settled_ms,
        seen_ms=row.seen_ms,
    )


def _row_of(answer: Answer) -> RosterAnswerRow:
    given = answer.given
    return RosterAnswerRow(
        id=answer.id,
        volunteer=answer.volunteer,
        answer=answer.answer.value,
        of=answer.of,
        version=answer.version,
        colleague=answer.colleague,
        in_return=answer.in_return,
        reason=None if answer.reason is None else answer.reason.value,
        source=answer.source,
        received_ms=answer.received_ms,
        given_lo_ms=None if given is None else given.lo_ms,
        given_est_ms=None if given is None else given.est_ms,
        given_hi_ms=None if given is None else given.hi_ms,
        post=answer.post,
        outcome=None if answer.outcome is None else answer.outcome.value,
        why=None if answer.why is None else answer.why.value,
        settled_ms=answer.settled_ms,
        seen_ms=answer.seen_ms,
    )
