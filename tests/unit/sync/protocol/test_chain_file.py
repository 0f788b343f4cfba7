"""The chain as a file: what is written is read again, and what is no line of it is a record that was changed."""

from __future__ import annotations

import msgspec
import pytest

from sync.protocol.audit import Record
from sync.protocol.chain_file import Heading, Line, encode_line, read_heading, read_line, sign_heading
from sync.protocol.checkpoint import sign_checkpoint
from sync.protocol.envelope import Position
from sync.protocol.errors import ProtocolError
from sync.protocol.signing.keys import SigningKey
from tests.support.envelopes import chain_of, stamp

KEY = SigningKey(b"d" * 32)
CHAIN = chain_of(2)
HEAD = Position("stream-1", 2, CHAIN[-1].h)
HEADING = Heading("device-1", KEY.public.hex(), stamp(60), [HEAD], 1, 2)
FIRST = encode_line(sign_heading(HEADING, KEY))


def test_the_heading_is_read_with_the_key_that_is_known_or_with_its_own() -> None:
    assert read_heading(FIRST, None) == read_heading(FIRST, KEY.public) == HEADING


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\xff",
        b"{}",
        encode_line(Line(event=CHAIN[0])),
        FIRST.replace(b'"events":2', b'"events":1'),
        FIRST.replace(b'"events":2', b'"events":"two"'),
    ],
)
def test_what_is_no_heading_of_that_key_is_refused(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_heading(line, None)


def test_the_heading_of_another_device_is_refused() -> None:
    with pytest.raises(ProtocolError):
        read_heading(FIRST, SigningKey(b"x" * 32).public)


def test_every_kind_of_line_is_read_again() -> None:
    checkpoint = sign_checkpoint(HEAD, stamp(60), KEY)
    assert read_line(encode_line(Line(checkpoint=checkpoint))) == checkpoint
    assert read_line(encode_line(Line(acknowledged=HEAD))) == HEAD
    assert read_line(encode_line(Line(event=CHAIN[1]))) == Record("stream-1", 2, CHAIN[1])


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (b"", ("", 0)),
        (b"{}", ("", 0)),
        (b"[" * 5000, ("", 0)),
        (b'{"event": 7}', ("", 0)),
        (b'{"event": {"stream": "stream-1", "seq": 2}}', ("stream-1", 2)),
        (b'{"event": {"stream": 1, "seq": "two"}}', ("", 0)),
    ],
)
def test_a_line_that_cannot_be_read_keeps_the_place_it_names(line: bytes, place: tuple[str, int]) -> None:
    assert read_line(line) == Record(*place, None)


def test_a_line_holds_one_thing_and_no_more_bytes_than_it_must() -> None:
    assert encode_line(Line(event=CHAIN[0])) == b'{"event":' + msgspec.json.encode(CHAIN[0]) + b"}\n"
