"""When a word was said, and which of one volunteer's words holds (docs/adr/0031). Pure but for :func:`given_of`.

Upstream: ``store`` (what devices said of their time), ``sync.protocol.timeline``.
Downstream: ``deciding``, ``swapping``.

A booth's clock may be wrong, so a word of a device lies between two bounds; one of a page is known to the millisecond.
Of words of one device their order is known whatever its clock did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.platform.rostering.model import Answer, Given
from sync.protocol.timeline import locate

if TYPE_CHECKING:
    from sync.platform.store import Unit
    from sync.protocol.envelope import Envelope


@dataclass(frozen=True, slots=True)
class Word:
    """One volunteer's yes or no to one post.

    Attributes:
        given: between which instants it was said.
        stream: of the device, or empty; words of one stream are ordered by ``seq``.
    """

    yes: bool
    given: Given
    stream: str = ""
    seq: int = 0


def was_said_after(one: Word, other: Word) -> bool:
    """Tell whether a word was surely said after another one."""
    if one.stream and one.stream == other.stream:
        return one.seq > other.seq
    return one.given.lo_ms > other.given.hi_ms


def is_yes(words: Iterable[Word]) -> bool:
    """Tell whether it is yes that holds: each no was followed by a yes for sure. Whatever the order they came in."""
    said = tuple(words)
    wanted = [word for word in said if word.yes]
    refused = [word for word in said if not word.yes]
    return bool(wanted) and all(any(was_said_after(yes, no) for yes in wanted) for no in refused)


def given_of(unit: Unit, answer: Answer, recorded: Mapping[str, Envelope], not_before_ms: int = 0) -> Given:
    """Return when an answer was given, as well as is known now.

    Args:
        unit: of a transaction.
        answer: as it was received: nothing is received before it was said.
        recorded: the events of answers that devices recorded, by id.
        not_before_ms: when that of which it was said came about, UTC ms: nobody answers what is not there yet.
    """
    event = recorded.get(answer.id)
    if event is None:
        return Given(answer.received_ms, answer.received_ms, answer.received_ms)
    book = unit.times.around_scans([event])[event.stream]
    bounds = locate(event.stamp, book.around([event.stamp]))
    hi_ms = min(bounds.hi_ms, answer.received_ms)
    lo_ms = min(max(bounds.lo_ms, not_before_ms), hi_ms)
    return Given(lo_ms, min(max(bounds.est_ms, lo_ms), hi_ms), hi_ms)


def word_of(answer: Answer, given: Given, recorded: Mapping[str, Envelope], *, yes: bool) -> Word:
    """Return an answer as a yes or no."""
    event = recorded.get(answer.id)
    return Word(yes, given) if event is None else Word(yes, given, event.stream, event.seq)
