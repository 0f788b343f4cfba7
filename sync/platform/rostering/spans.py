"""Arithmetic of spans of time, [from, until) in UTC ms: pure.

Upstream: nothing.
Downstream: ``served``, ``coverage``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
Spans: TypeAlias = tuple[Span, ...]


def union(spans: Iterable[Span]) -> Spans:
    """Return the same time as spans that are sorted and apart; empty and backward ones hold none."""
    found: list[Span] = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return tuple(found)


def within(spans: Iterable[Span], others: Iterable[Span]) -> Spans:
    """Return what lies in both."""
    left, right = union(spans), union(others)
    found, here, there = [], 0, 0
    while here < len(left) and there < len(right):
        begin, end = max(left[here][0], right[there][0]), min(left[here][1], right[there][1])
        if begin < end:
            found.append((begin, end))
        if left[here][1] < right[there][1]:
            here += 1
        else:
            there += 1
    return tuple(found)


def without(spans: Iterable[Span], others: Iterable[Span]) -> Spans:
    """Return what lies in the first and in none of the others."""
    left = union(spans)
    if not left:
        return ()
    edges, begin = [], left[0][0]
    for from_ms, until_ms in union(others):
        edges.append((begin, from_ms))
        begin = max(begin, until_ms)
    edges.append((begin, left[-1][1]))
    return within(left, edges)


def length(spans: Iterable[Span]) -> int:
    """Return how long some spans last together, ms; what several hold once."""
    return sum(end - begin for begin, end in union(spans))
