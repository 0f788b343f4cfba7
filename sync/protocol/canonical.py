"""The one byte form of a JSON value that is hashed and signed: RFC 8785 (JCS), without floats.

Upstream: nothing.
Downstream: ``envelope``, ``signing``.

Values are those that have one spelling: objects with string keys, arrays, strings without lone surrogates, integers
within ±(2**53 − 1), true, false, null. A property test holds the bytes equal to a reference implementation of RFC 8785.
"""

from __future__ import annotations

import msgspec

from sync.protocol.errors import ProtocolError

MAX_SAFE_INTEGER = 2**53 - 1  # RFC 8785 §3.2.2.3: numbers are IEEE doubles
_NOT_UNICODE = "a text holds half of a surrogate pair and cannot be written as UTF-8"
_encoder = msgspec.json.Encoder(order="sorted")


def canonical_bytes(value: object) -> bytes:
    """Return the canonical UTF-8 bytes of a JSON value or of a msgspec struct.

    Raises:
        ProtocolError: the value holds a float, an integer beyond 2**53 − 1, text that is not Unicode, or is nested
            deeper than the interpreter follows.
    """
    try:
        plain = msgspec.to_builtins(value)
        _refuse_ambiguous(plain)
        return _encoder.encode(plain)
    except UnicodeEncodeError as error:
        raise ProtocolError(_NOT_UNICODE) from error
    except RecursionError as error:
        raise ProtocolError("the value is nested too deeply") from error


def canonical_fields(struct: msgspec.Struct) -> bytes:
    """Return the same of a struct whose types leave no second spelling: texts, and integers within the safe range.

    Raises:
        ProtocolError: a text is not Unicode.
    """
    try:
        return _encoder.encode(struct)
    except UnicodeEncodeError as error:
        raise ProtocolError(_NOT_UNICODE) from error


def _refuse_ambiguous(value: object) -> None:
    if isinstance(value, dict):
        _refuse_ambiguous_members(value)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_ambiguous(item)
    elif isinstance(value, float):
        raise ProtocolError("floats have several spellings and are not part of the wire")
    elif isinstance(value, int) and abs(value) > MAX_SAFE_INTEGER:
        raise ProtocolError("an integer is beyond what every JSON reader keeps exactly")


def _refuse_ambiguous_members(value: dict[object, object]) -> None:
    for key, item in value.items():
        if not (isinstance(key, str) and key.isascii()):
            raise ProtocolError("an object key is not ASCII text")
        if type(item) is not str:  # most are texts: no call for them
            _refuse_ambiguous(item)
