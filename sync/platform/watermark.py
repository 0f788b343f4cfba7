"""A device's statement of how far its records reach is held against what is here; so the watermark goes forward.

Upstream: ``completeness``, ``store``, ``sync.protocol``.
Downstream: ``contacting`` (hears statements), ``taking`` (events came), ``rostering.reviewing`` (asks).

A statement that is not met yet is kept; the batch that brings its head meets it. What is missing before a head that is
here hides a time, and no more than that: from the event before it to the one behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sync.platform.completeness import MOST_SPANS, Gap, Line, lower_ms, off_spans, walk, with_gaps
from sync.platform.store import Unit
from sync.protocol.checkpoint import Checkpoint
from sync.protocol.contact import Reached, StreamHead
from sync.protocol.timeline import EARLIEST_MS, locate, place_of

Lines = Mapping[str, Line]


def hear(device: str, reached: Reached, unit: Unit, now_ms: int) -> None:
    """Take a device's statement, within a transaction of that device.

    Args:
        device: whose signature was verified.
        reached: what its kiosk said.
        unit: the open transaction.
        now_ms: the platform's time, UTC ms.
    """
    lines, stream = unit.marks.of((device,)).get(device, {}), reached.heads[-1].stream
    line = lines.get(stream, Line(stream))
    follows = tuple(head.stream for head in reached.heads[:-1])
    heard = replace(line, said=reached, follows=follows, first_ms=line.first_ms or now_ms, last_ms=now_ms)
    unit.marks.put(device, [heard])
    advance(device, unit)


def hear_checkpoint(device: str, checkpoint: Checkpoint, unit: Unit, now_ms: int) -> None:
    """Take a signed checkpoint for a statement of its stream, where it is the newest: sticks carry no other.

    Its stamp too was read before its head; :func:`advance` is the caller's to call, when the batch's events are stored.
    """
    line = unit.marks.of((device,)).get(device, {}).get(checkpoint.stream, Line(checkpoint.stream))
    newest = [each.stamp for each in (line.said, line.met) if each is not None]
    if any(place_of(each) >= place_of(checkpoint.stamp) for each in newest):
        return
    said = Reached([StreamHead(checkpoint.stream, checkpoint.seq, checkpoint.h)], checkpoint.stamp)
    unit.marks.put(device, [replace(line, said=said, first_ms=line.first_ms or now_ms, last_ms=now_ms)])


def advance(device: str, unit: Unit) -> None:
    """Find out how far a device is known complete now, within a transaction of that device."""
    lines = unit.marks.of((device,)).get(device, {})
    if not any(line.is_open for line in lines.values()):
        return
    forked = unit.heads.forked(device, lines)
    after = {stream: replace(line, forked=line.forked or stream in forked) for stream, line in lines.items()}
    for stream, line in list(after.items()):
        if line.said is not None:
            after.update(_met(line, line.said, after, unit))
        if after[stream].gaps:
            after[stream] = with_gaps(after[stream], _still_missing(after[stream], unit))
    unit.marks.put(device, [line for stream, line in after.items() if line != lines.get(stream)])


def _met(line: Line, said: Reached, lines: Lines, unit: Unit) -> dict[str, Line]:
    """Return the lines that a statement moves: all of its streams where every head is reached, else none of them."""
    moved: dict[str, Line] = {}
    proved = line.met.heads if line.met else []
    for head in said.heads:
        own, writes = lines.get(head.stream, Line(head.stream)), head is said.heads[-1]
        if writes and own.forked:
            return {}
        held = own if head in proved else _held(own, head, unit, writes=writes)
        if held is None:
            return {}
        if writes and held.forked:
            return {head.stream: held}
        moved[head.stream] = held
    moved[line.stream] = _vouched(moved[line.stream], said, unit)
    return moved


def _held(own: Line, head: StreamHead, unit: Unit, *, writes: bool) -> Line | None:
    """Return a line where it holds all up to a head; itself, forked, where another machine wrote; None: not yet.

    Args:
        own: the line of the head's stream.
        head: what was said.
        unit: the open transaction.
        writes: the file still writes to this stream.
    """
    if head.h not in unit.heads.at(head.stream, head.seq):
        return replace(own, forked=True) if writes and head.seq <= own.seq and not own.gaps else None
    if own.forked:  # another branch: all of it, once
        found = walk(unit.marks.links(head.stream, 0, head.seq), head, 0, "")
        return None if found.missing else own
    if head.seq <= own.seq:
        return own
    found = walk(unit.marks.links(head.stream, own.seq, head.seq), head, own.seq, own.h)
    if not found.joins:
        return replace(own, forked=True)
    gaps = [*own.gaps, *_placed(own, found.missing, unit)]
    return with_gaps(replace(own, seq=head.seq, h=head.h), gaps)


def _vouched(line: Line, said: Reached, unit: Unit) -> Line:
    """Return a line of which a statement is met."""
    since = line.met.stamp if line.met else None
    log = unit.times.over(line.stream, [said.stamp, *([since] if since else [])])
    to_ms = lower_ms(locate(said.stamp, log).lo_ms, line.last_ms)
    off = sorted({*line.off, *off_spans(log, since, said.stamp)})[-MOST_SPANS:] if since else line.off
    begun_ms = line.begun_ms or _begun_ms(line, unit)
    reached_ms = max(line.complete_to_ms, to_ms)
    return replace(line, complete_to_ms=reached_ms, begun_ms=begun_ms, off=tuple(off), said=None, met=said)


def _begun_ms(line: Line, unit: Unit) -> int:
    """When the first event of a stream was recorded at the latest, UTC ms."""
    first = unit.marks.stamps(line.stream, (1,)).get(1)
    hi_ms = line.first_ms if first is None else locate(first, unit.times.over(line.stream, (first,))).hi_ms
    return min(hi_ms, line.first_ms)


def _placed(line: Line, missing: Iterable[tuple[int, int]], unit: Unit) -> Iterator[Gap]:
    """Return missing events with the time in which they can have been recorded: between their neighbours."""
    for first, last in missing:
        stamps = unit.marks.stamps(line.stream, (first - 1, last + 1))
        log = unit.times.over(line.stream, stamps.values()) if stamps else None
        before, after = stamps.get(first - 1), stamps.get(last + 1)
        lo_ms = locate(before, log).lo_ms if before and log else EARLIEST_MS
        hi_ms = min(locate(after, log).hi_ms, line.last_ms) if after and log else line.last_ms
        yield Gap(first, last, lo_ms, max(lo_ms, hi_ms))


def _still_missing(line: Line, unit: Unit) -> Iterator[Gap]:
    """Look again at what was missing."""
    for gap in line.gaps:
        links = unit.marks.links(line.stream, gap.first - 1, gap.last + 1)
        behind = next((link for link in links if link.seq == gap.last + 1), None)
        if behind is None:
            yield gap
            continue
        found = walk(links, StreamHead(line.stream, behind.seq, behind.h), gap.first - 1, "").missing
        yield from (gap,) if found == ((gap.first, gap.last),) else _placed(line, found, unit)
