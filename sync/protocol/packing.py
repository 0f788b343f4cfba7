"""Bodies of calls: gzip JSON, decompressed within a cap that is set before anything is parsed.

Upstream: ``errors``.
Downstream: ``batch``, ``sync.agent``, ``sync.platform.api``.

Any gzip is taken. Ours is made with zlib's strategy ``Z_FILTERED``: ids and hashes are hexadecimal noise, in which
short matches cost more than they save (108 bytes an event of ordinary duty, against 118 with the default strategy).
"""

from __future__ import annotations

import zlib
from typing import TypeVar

import msgspec

from sync.protocol.errors import BatchError, BatchTooLargeError

MAX_COMPRESSED_BYTES = 256 * 1024
MAX_PLAIN_BYTES = 4 * 1024 * 1024
_GZIP = zlib.MAX_WBITS | 16  # zlib for "with a gzip header"; its time stays 0, so equal values are equal bytes
Said = TypeVar("Said")


def pack(value: object) -> bytes:
    """Return a value as the body of a call; the same bytes for the same value.

    Raises:
        BatchTooLargeError: the compressed body exceeds :data:`MAX_COMPRESSED_BYTES`; send half of it.
    """
    deflater = zlib.compressobj(level=6, wbits=_GZIP, strategy=zlib.Z_FILTERED)
    body = deflater.compress(msgspec.json.encode(value)) + deflater.flush()
    if len(body) > MAX_COMPRESSED_BYTES:
        raise BatchTooLargeError(f"{len(body)} bytes compressed, at most {MAX_COMPRESSED_BYTES} are taken")
    return body


def unpack(body: bytes, kind: type[Said]) -> Said:
    """Return the value of a body.

    Raises:
        BatchTooLargeError: more bytes than the wire allows, compressed or decompressed.
        BatchError: not whole gzip, not JSON, or not the fields of ``kind``.
    """
    try:
        return msgspec.json.decode(unzip(body), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BatchError(f"not what this call takes: {error}") from error


def unzip(body: bytes) -> bytes:
    """Return what a gzip body holds, at most :data:`MAX_PLAIN_BYTES`.

    Raises:
        BatchTooLargeError: more bytes than the wire allows, compressed or decompressed.
        BatchError: not whole gzip, or something after its end.
    """
    if len(body) > MAX_COMPRESSED_BYTES:
        raise BatchTooLargeError(f"{len(body)} bytes compressed, at most {MAX_COMPRESSED_BYTES} are taken")
    inflater = zlib.decompressobj(wbits=_GZIP)
    try:
        plain = inflater.decompress(body, MAX_PLAIN_BYTES)
    except zlib.error as error:
        raise BatchError("the body is not gzip") from error
    if inflater.unconsumed_tail:
        raise BatchTooLargeError(f"more than {MAX_PLAIN_BYTES} bytes when decompressed")
    if not inflater.eof or inflater.unused_data:
        raise BatchError("the gzip body is cut or has bytes after its end")
    return plain
