"""Reads the rows out of a damaged SQLite file, page by page, without SQLite and without trusting anything it says.

Upstream: the bytes of a database file and of its ``-wal`` (format: sqlite.org/fileformat2).
Downstream: ``salvage``, which believes a row only when its own hash does.

::

    file   page 1 (100 bytes of header first) │ page 2 │ …       one b-tree page each; rows stand in its cells
    -wal   header (32 bytes) │ frame: header (24 bytes) + page │ …   newer versions of pages, in order of commits

No tree is walked: every page that looks like a leaf (or an inner page of an index, which holds rows too) gives its
cells, so that rows outlive the header, the schema and the inner pages above them. On a page whose own head is damaged
every offset is tried.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Value = int | float | str | bytes | None
WAL_HEADER, FRAME_HEADER, FILE_HEADER = 32, 24, 100
DEFAULT_PAGE = 4096
SMALLEST_PAGE, LARGEST_PAGE = 512, 65536
TABLE_LEAF, INDEX_LEAF, INDEX_INNER, TABLE_INNER = 13, 10, 2, 5
MOST_COLUMNS = 64
LEAST_PAYLOAD = 2
MORE = 0x80  # in a varint: another byte follows
MOST_PAYLOAD = 16 * 1024 * 1024  # a length above this is damage: reference data is a hundredth of it
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_NULL, _REAL, _ZERO, _ONE, _FIRST_BLOB = 0, 7, 8, 9, 12
_FRAME = struct.Struct(">II8s")  # page number, pages after this commit (0: no commit), salts


@dataclass(frozen=True, slots=True)
class Record:
    """One row as it stands in a cell; ``rowid`` is None in an index or a table without row ids."""

    rowid: int | None
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """One page in the ``-wal``: its number, its content, whether it ends a commit, and the salts of its generation."""

    page: int
    content: bytes
    commits: bool
    salts: bytes


def page_size_of(head: bytes, wal: bytes) -> int:
    """Return the page size that the file's header names, else the ``-wal``'s, else SQLite's usual one."""
    named = int.from_bytes(head[16:18], "big")
    for size in (65536 if named == 1 else named, int.from_bytes(wal[8:12], "big")):
        if SMALLEST_PAGE <= size <= LARGEST_PAGE and size & (size - 1) == 0:
            return size
    return DEFAULT_PAGE


def frames_of(wal: bytes, page_size: int) -> list[Frame]:
    """Return every whole frame of a ``-wal``, whatever its checksum says."""
    step = FRAME_HEADER + page_size
    found = []
    for at in range(WAL_HEADER, len(wal) - step + 1, step):
        page, pages_after, salts = _FRAME.unpack_from(wal, at)
        found.append(Frame(page, wal[at + FRAME_HEADER : at + step], pages_after != 0, salts))
    return found


def committed(wal: bytes, frames: list[Frame]) -> list[Frame]:
    """Return the frames of the newest generation up to its last commit; what stands behind was never confirmed."""
    if not frames:
        return []
    salts = wal[16:24] if any(frame.salts == wal[16:24] for frame in frames) else frames[0].salts
    current = [number for number, frame in enumerate(frames) if frame.salts == salts and frame.commits]
    return [frame for frame in frames[: current[-1] + 1] if frame.salts == salts] if current else []


def records_on(page: bytes, number: int, read: Callable[[int], bytes | None]) -> Iterator[Record]:
    """Yield the rows of one page; ``read`` gives other pages by number, for rows longer than a page."""
    begin = FILE_HEADER if number == 1 else 0
    kind = page[begin] if len(page) > begin else 0
    if kind in {TABLE_LEAF, INDEX_LEAF, INDEX_INNER}:
        yield from _cells(page, begin, kind, read)
    elif kind != TABLE_INNER and any(page):
        for at in range(begin, len(page)):
            record = _record_at(page, at, TABLE_LEAF, read)
            if record is not None:
                yield record


def _cells(page: bytes, begin: int, kind: int, read: Callable[[int], bytes | None]) -> Iterator[Record]:
    count = int.from_bytes(page[begin + 3 : begin + 5], "big")
    first = begin + (12 if kind == INDEX_INNER else 8)
    whole = first + 2 * count <= len(page)
    for number in range(count if whole else 0):
        at = int.from_bytes(page[first + 2 * number : first + 2 * number + 2], "big")
        record = _record_at(page, at + (4 if kind == INDEX_INNER else 0), kind, read)
        if record is None:
            whole = False
        else:
            yield record
    if not whole and kind == TABLE_LEAF:
        for at in range(first, len(page)):
            record = _record_at(page, at, TABLE_LEAF, read)
            if record is not None:
                yield record


def _record_at(page: bytes, at: int, kind: int, read: Callable[[int], bytes | None]) -> Record | None:
    try:
        size, at = _varint(page, at)
        rowid = None
        if kind == TABLE_LEAF:
            rowid, at = _varint(page, at)
        if not LEAST_PAYLOAD <= size <= MOST_PAYLOAD:
            return None
        payload = _payload(page, at, size, kind, read)
        return None if payload is None else Record(rowid, _values(payload))
    except (IndexError, ValueError, struct.error):
        return None


def _payload(page: bytes, at: int, size: int, kind: int, read: Callable[[int], bytes | None]) -> bytes | None:
    """Return the whole payload of a cell, following its chain of overflow pages."""
    usable = len(page)
    most = usable - 35 if kind == TABLE_LEAF else (usable - 12) * 64 // 255 - 23
    if size <= most:
        return page[at : at + size] if at + size <= usable else None
    least = (usable - 12) * 32 // 255 - 23
    local = least + (size - least) % (usable - 4)
    local = local if local <= most else least
    found, following = page[at : at + local], int.from_bytes(page[at + local : at + local + 4], "big")
    while len(found) < size:
        more = read(following) if following > 1 else None
        if more is None:
            return None
        following, found = int.from_bytes(more[:4], "big"), found + more[4 : 4 + size - len(found)]
    return found


def _values(payload: bytes) -> tuple[Value, ...]:
    """Decode a record; raises ``ValueError`` or ``IndexError`` where it is none."""
    header, at = _varint(payload, 0)
    types = []
    while at < header:
        serial, at = _varint(payload, at)
        types.append(serial)
    if at != header or not 0 < len(types) <= MOST_COLUMNS:
        raise ValueError
    values = []
    for serial in types:
        value, at = _value(payload, at, serial)
        values.append(value)
    if at != len(payload):
        raise ValueError
    return tuple(values)


def _value(payload: bytes, at: int, serial: int) -> tuple[Value, int]:
    if serial in _INTEGER_BYTES:
        end = at + _INTEGER_BYTES[serial]
        return int.from_bytes(payload[at:end], "big", signed=True), end
    if serial >= _FIRST_BLOB:
        end = at + (serial - 12) // 2
        if end > len(payload):
            raise ValueError
        content = payload[at:end]
        return (content.decode() if serial % 2 else content), end
    if serial == _REAL:
        return struct.unpack_from(">d", payload, at)[0], at + 8
    if serial in {_ZERO, _ONE}:
        return serial - _ZERO, at
    if serial == _NULL:
        return None, at
    raise ValueError


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = 0
    for number in range(8):
        byte = content[at + number]
        value = value << 7 | byte & 0x7F
        if byte < MORE:
            return value, at + number + 1
    return value << 8 | content[at + 8], at + 9
