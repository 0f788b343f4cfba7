"""A real HTTP server that answers as a test's script says: a platform, a captive portal, a broken proxy."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec

from sync.protocol.batch import Batch, EventReceipt, Receipt, body_sha256, decode_batch, encode_receipt
from sync.protocol.contact import CONTACT_PATH, ContactAnswer
from sync.protocol.reconciling import MISSING_PATH, MissingAnswer
from sync.protocol.vocabulary import EventOutcome

SERVER_MS = 1_800_000_000_789  # to the millisecond: a Date header would cut it to the second


@dataclass
class Call:
    """One request as it came, and the way to answer it."""

    handler: BaseHTTPRequestHandler
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def batch(self) -> Batch:
        """The batch within."""
        return decode_batch(self.body).batch

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        """Answer whole."""
        self.handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()
        self.handler.wfile.write(body)


Script = Callable[[Call], None]


def plain(call: Call) -> None:
    """Answer a contact, and a question for missing ids with none; there is no other call."""
    if call.path == CONTACT_PATH:
        call.answer(200, msgspec.json.encode(ContactAnswer(body_sha256(call.body), SERVER_MS, "epoch-1")))
    elif call.path == MISSING_PATH:
        call.answer(200, msgspec.json.encode(MissingAnswer(body_sha256(call.body), [], SERVER_MS, "epoch-1")))
    else:
        call.answer(404, b"{}")


@dataclass
class ScriptedServer:
    """The server: scripts are used up one a batch, the last one stays; ``beside`` answers every other call."""

    scripts: list[Script]
    calls: list[Call] = field(default_factory=list)
    url: str = ""
    stopping: threading.Event = field(default_factory=threading.Event)
    beside: Script = plain
    other_calls: list[Call] = field(default_factory=list)

    def take(self, call: Call) -> None:
        """Answer a request by its script."""
        if call.path != "/v1/events":
            self.other_calls.append(call)
            return self.beside(call)
        self.calls.append(call)
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        return script(call)

    def event_ids(self) -> list[str]:
        """Return the ids of all events that were sent, in order, again where sent again."""
        return [envelope.id for call in self.calls for envelope in call.batch.events]


@contextmanager
def serving(*scripts: Script) -> Iterator[ScriptedServer]:
    """Run a server with some scripts on a free port."""
    scripted = ScriptedServer(list(scripts))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.close_connection = True
            with suppress(OSError):
                scripted.take(Call(self, self.path, {k.lower(): v for k, v in self.headers.items()}, body))

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    Handler.protocol_version = "HTTP/1.1"
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    scripted.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield scripted
    finally:
        scripted.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


# Scripts


def receipt_of(call: Call, *, named: slice = slice(None), **changes: Any) -> Receipt:
    """Return the receipt of a call's batch, every named event accepted."""
    batch = call.batch
    events = [EventReceipt(envelope.id, EventOutcome.ACCEPTED) for envelope in batch.events[named]]
    receipt = Receipt(batch.id, body_sha256(call.body), events, SERVER_MS, "epoch-1")
    return msgspec.structs.replace(receipt, **changes)


def accept(call: Call) -> None:
    """Accept every event."""
    call.answer(200, encode_receipt(receipt_of(call)))


def accept_only(named: slice) -> Script:
    """Accept, but name only some events."""
    return lambda call: call.answer(200, encode_receipt(receipt_of(call, named=named)))


def outcome(each: EventOutcome, reason: str | None = None) -> Script:
    """Answer every event with one outcome."""

    def script(call: Call) -> None:
        events = [EventReceipt(envelope.id, each, reason) for envelope in call.batch.events]
        call.answer(200, encode_receipt(receipt_of(call, events=events)))

    return script


def wrong_receipt(**changes: Any) -> Script:
    """Answer with a receipt that belongs elsewhere."""
    return lambda call: call.answer(200, encode_receipt(receipt_of(call, **changes)))


def status(code: int, body: bytes = b"{}", **headers: str) -> Script:
    """Answer with a status."""
    return lambda call: call.answer(code, body, **headers)


def captive_portal(call: Call) -> None:
    """Answer 200 with a page, as a café's network does."""
    call.answer(200, "<html><body>请先登录 Wi-Fi</body></html>".encode(), Content_Type="text/html")


def cut(call: Call) -> None:
    """Answer half of a good receipt and hang up."""
    body = encode_receipt(receipt_of(call))
    call.handler.send_response(200)
    call.handler.send_header("Content-Length", str(len(body)))
    call.handler.end_headers()
    call.handler.wfile.write(body[: len(body) // 2])


def cut_chunked(call: Call) -> None:
    """Answer a chunk of a good receipt and hang up."""
    call.handler.send_response(200)
    call.handler.send_header("Transfer-Encoding", "chunked")
    call.handler.end_headers()
    body = encode_receipt(receipt_of(call))
    call.handler.wfile.write(f"{len(body):x}\r\n".encode() + body[:20])


def hang_up(_call: Call) -> None:
    """Take the request and answer nothing."""


def gzipped(call: Call) -> None:
    """Accept every event in a compressed answer."""
    call.answer(200, gzip.compress(encode_receipt(receipt_of(call))), Content_Encoding="gzip")


def never(server: list[ScriptedServer]) -> Script:
    """Take the request and keep silent until the test ends; ``server`` holds the server once it runs."""

    def script(_call: Call) -> None:
        server[0].stopping.wait(60)

    return script


def trickle(every_s: float) -> Script:
    """Answer a good receipt one byte at a time."""

    def script(call: Call) -> None:
        body = encode_receipt(receipt_of(call))
        call.handler.send_response(200)
        call.handler.send_header("Content-Length", str(len(body)))
        call.handler.end_headers()
        pause = threading.Event()
        for index in range(len(body)):
            call.handler.wfile.write(body[index : index + 1])
            call.handler.wfile.flush()
            pause.wait(every_s)

    return script


def problem(code: int, kind: str) -> Script:
    """Answer with a problem as RFC 9457 says."""
    return status(code, json.dumps({"type": kind, "title": kind, "status": code}).encode())
