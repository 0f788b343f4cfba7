"""What happened to one session, event by event, in the reader's words: facts of devices, and what persons said of them.

Upstream: ``views``, ``terms``, ``sync.protocol``.
Downstream: ``duty_pages``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync.platform import terms, wording
from sync.platform.console.reader import Reader
from sync.platform.console.views import counted
from sync.protocol import events, judgements
from sync.protocol.envelope import Envelope
from sync.protocol.events import Body
from sync.protocol.timeline import Bounds
from sync.protocol.vocabulary import BoundsQuality


@dataclass(frozen=True, slots=True)
class Happening:
    """One event and its true time, as far as it is known; ``is_undone``: it was taken back."""

    envelope: Envelope
    body: Body
    at: Bounds
    device: str
    is_undone: bool


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event as the page shows it: local time, what, by whom, and the particulars."""

    at: str
    is_exact: bool
    kind: str
    by: str
    is_judgement: bool
    particulars: tuple[str, ...]
    device: str
    is_undone: bool


def history_of(happenings: Sequence[Happening], names: Mapping[str, str], reader: Reader) -> tuple[HistoryLine, ...]:
    """Return the lines of a history, earliest first; ``names`` are the registered ones by number."""
    kinds = {each.envelope.id: reader.word(wording.KINDS, each.envelope.kind) for each in happenings}
    ordered = sorted(happenings, key=lambda each: (each.at.est_ms, each.envelope.stream, each.envelope.seq))
    return tuple(_line(each, kinds, names, reader) for each in ordered)


def speakers(bodies: Iterable[Body]) -> frozenset[str]:
    """Return the numbers of those who said something of the session."""
    return frozenset(by for body in bodies if (by := _speaker(body)))


def _line(each: Happening, kinds: Mapping[str, str], names: Mapping[str, str], reader: Reader) -> HistoryLine:
    by = _speaker(each.body)
    return HistoryLine(
        at=reader.moment(each.at.est_ms),
        is_exact=each.at.quality is not BoundsQuality.CLAMPED,
        kind=kinds[each.envelope.id],
        by=f"{names.get(by, '')} {by}".strip() if by else "",
        is_judgement=isinstance(each.body, _SAID),
        particulars=tuple(part for part in _particulars(each.body, kinds, reader) if part),
        device=each.device,
        is_undone=each.is_undone,
    )


def _speaker(body: Body) -> str:
    for name in ("entered_by", "confirmed_by", "voided_by", "decided_by", "rated_by", "witness"):
        if by := getattr(body, name, None):
            return str(by)
    return str(body.volunteer) if isinstance(body, judgements.Statement | judgements.Objection) else ""


def _particulars(body: Body, kinds: Mapping[str, str], reader: Reader) -> Iterable[str]:
    if isinstance(body, _JUDGED):
        return _of_judgement(body, kinds, reader)
    return _of_fact(body, kinds, reader)


def _of_fact(body: Body, kinds: Mapping[str, str], reader: Reader) -> Iterable[str]:
    if isinstance(body, events.CheckIn | events.Choice):
        yield reader.word(wording.SERVICES, body.service)
    if isinstance(body, events.CheckIn | events.CheckOut):
        yield reader.word(terms.TRUST, body.certificate.trust)
    if isinstance(body, events.Tally):
        yield from counted(body.counts, reader)
    if isinstance(body, events.Undo):
        yield kinds.get(body.of, "")
    if isinstance(body, events.AutoClose):
        yield reader.word(terms.ENDINGS, body.reason)
        yield reader.moment(body.at_ms)
    if isinstance(body, judgements.CaptainEntry):
        yield reader.word(terms.ENTRIES, body.reason)
        yield f"{reader.moment(body.starts_ms)} – {reader.moment(body.ends_ms)}"
    if isinstance(body, judgements.Statement):
        yield reader.word(terms.ANSWERS, body.answer)
        yield reader.moment(body.ends_ms)


def _of_judgement(body: Body, kinds: Mapping[str, str], reader: Reader) -> Iterable[str]:
    if isinstance(body, judgements.Confirmation | judgements.Decision):
        yield kinds.get(body.of, "")
    if isinstance(body, judgements.Confirmation) and body.beyond_shift:
        yield reader.word(wording.FLAGS, "beyond_shift")
    if isinstance(body, judgements.Decision):
        yield reader.say(wording.marked("Upheld")) if body.upheld else reader.say(wording.marked("Not upheld"))
        yield reader.word(terms.DECISIONS, body.reason)
    if isinstance(body, judgements.Amendment):
        yield from _changes(body, reader)
    if isinstance(body, judgements.Void):
        yield reader.word(terms.WITHDRAWALS, body.reason)
    if isinstance(body, judgements.Objection):
        yield reader.word(terms.OBJECTIONS, body.reason)
    if isinstance(body, judgements.Rating):
        yield reader.word(terms.QUALITIES, body.quality)
        yield from (reader.word(terms.EFFECTS, effect) for effect in body.effects)
        yield from counted(body.counts, reader)


def _changes(body: judgements.Amendment, reader: Reader) -> Iterable[str]:
    yield reader.word(terms.CORRECTIONS, body.reason)
    if body.starts_ms is not None:
        yield f"{reader.say(wording.marked('Start'))} {reader.moment(body.starts_ms)}"
    if body.ends_ms is not None:
        yield f"{reader.say(wording.marked('End'))} {reader.moment(body.ends_ms)}"
    if body.service is not None:
        yield reader.word(wording.SERVICES, body.service)


_JUDGED = (
    judgements.Confirmation,
    judgements.Decision,
    judgements.Amendment,
    judgements.Void,
    judgements.Objection,
    judgements.Rating,
)
_SAID = (*_JUDGED, judgements.Statement, judgements.CaptainEntry)
