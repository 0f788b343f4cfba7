"""The wire as documents for those who write their own side: OpenAPI 3.1 of the calls, JSON Schema of every struct.

Upstream: ``sync.protocol``; nothing of the server.
Downstream: the ``openapi`` command, ``docs/protocol``, schemathesis.

Both are made of the very structs that read and write the wire; a guard test holds the committed files equal to what is
made here, and the calls of this table equal to the routes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from sync.platform.api.vectors import vectors
from sync.protocol.batch import CONTENT_TYPE, MAX_EVENTS, Batch, Receipt
from sync.protocol.bundle import BUNDLE, BUNDLE_RECEIPT, BundlePart, ReceiptPart
from sync.protocol.changes import (
    CHANGES,
    CHANGES_PATH,
    DEFAULT_ENTRIES,
    MAX_ENTRIES,
    SET_SEAL,
    ChangesPage,
    Cursor,
    Scope,
    SetSeal,
)
from sync.protocol.checkpoint import Checkpoint
from sync.protocol.contact import CONTACT_PATH, ContactAnswer, ContactRequest
from sync.protocol.enrolling import ENROL_PATH, KEYS_PATH, Enrolled, EnrolRequest, KeyAccepted, KeyRotation
from sync.protocol.enrolment import Enrolment
from sync.protocol.kinds import BODY_OF_KIND
from sync.protocol.packing import MAX_COMPRESSED_BYTES, MAX_PLAIN_BYTES
from sync.protocol.problems import (
    CODE_REFUSED,
    CURSOR_GONE,
    KEY_REFUSED,
    METHOD_NOT_ALLOWED,
    NOT_A_BATCH,
    NOT_UNDERSTOOD,
    PROBLEM_CONTENT_TYPE,
    PROBLEMS,
    REVOKED,
    STALE_NONCE,
    TOO_LARGE,
    TOO_MANY,
    TOO_SLOW,
    UNAVAILABLE,
    UNSIGNED,
    Problem,
)
from sync.protocol.reconciling import MISSING_PATH, MissingAnswer, MissingRequest
from sync.protocol.reference import REFERENCE_DATA, ReferenceData
from sync.protocol.revocation import REVOCATION_LIST, RevocationPayload
from sync.protocol.server_time import TIME, TIME_PATH, Nonce, ServerTime
from sync.protocol.signing.documents import SignedDocument
from sync.protocol.signing.requests import NONCE_HEADER
from sync.protocol.trust import TRUST_LIST, TrustList

VERSION = "1.0.0"
SIGNED = (UNSIGNED, STALE_NONCE, REVOKED)
WITH_BODY = (NOT_UNDERSTOOD, TOO_SLOW, TOO_LARGE)
EVERYWHERE = (METHOD_NOT_ALLOWED, UNAVAILABLE)
SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Health(msgspec.Struct, frozen=True):
    """``GET /healthz``: the database answers."""

    status: str


@dataclass(frozen=True, slots=True)
class Question:
    """One parameter of a query."""

    name: str
    kind: Any
    required: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the wire.

    Attributes:
        method, path: of HTTP.
        says: one sentence.
        answers: the struct of a 200 answer; with ``signed_as``, the payload of a signed document of that kind.
        takes: the struct of the body, or None for a question.
        asks: the parameters of a question's query.
        refuses: its problems, beside those of every call.
        is_signed: whether the request is.
    """

    method: str
    path: str
    says: str
    answers: type[msgspec.Struct]
    takes: type[msgspec.Struct] | None = None
    asks: tuple[Question, ...] = ()
    refuses: tuple[Problem, ...] = ()
    is_signed: bool = True
    signed_as: str | None = None


CALLS = (
    Call(
        "POST",
        ENROL_PATH,
        "A one-time code and a new key become a device. Signed by the new key; the key id is that key, in hex.",
        Enrolled,
        EnrolRequest,
        refuses=(*WITH_BODY, UNSIGNED, STALE_NONCE, CODE_REFUSED, TOO_MANY),
    ),
    Call(
        "POST",
        "/v1/events",
        f"At most {MAX_EVENTS} events of one device; the receipt is sent after they are durable.",
        Receipt,
        Batch,
        refuses=(NOT_A_BATCH, *WITH_BODY, *SIGNED),
    ),
    Call(
        "POST",
        MISSING_PATH,
        "Which of these events does the platform lack?",
        MissingAnswer,
        MissingRequest,
        refuses=(*WITH_BODY, *SIGNED),
    ),
    Call(
        "POST",
        CONTACT_PATH,
        "A sign of life, and how the device is.",
        ContactAnswer,
        ContactRequest,
        refuses=(*WITH_BODY, *SIGNED),
    ),
    Call(
        "POST",
        KEYS_PATH,
        "The device's next key, named by its newest.",
        KeyAccepted,
        KeyRotation,
        refuses=(*WITH_BODY, *SIGNED, KEY_REFUSED),
    ),
    Call(
        "GET",
        CHANGES_PATH,
        f"A page of what the device must know; {DEFAULT_ENTRIES} entries unless told. Without a cursor: the snapshot.",
        ChangesPage,
        asks=(
            Question("scope", Scope, required=True),
            Question("cursor", Cursor, required=False),
            Question("limit", int, required=False),
        ),
        refuses=(NOT_UNDERSTOOD, *SIGNED, CURSOR_GONE),
        signed_as=CHANGES,
    ),
    Call(
        "GET",
        TIME_PATH,
        "The platform's time, for a device whose clock may be wrong; nobody signs the question.",
        ServerTime,
        asks=(Question("nonce", Nonce, required=True),),
        refuses=(NOT_UNDERSTOOD, TOO_MANY),
        is_signed=False,
        signed_as=TIME,
    ),
    Call("GET", "/healthz", "Whether the platform can store records now.", Health, is_signed=False),
)
SIGNED_PAYLOADS = {
    REFERENCE_DATA: ReferenceData,
    TRUST_LIST: TrustList,
    REVOCATION_LIST: RevocationPayload,
    TIME: ServerTime,
    CHANGES: ChangesPage,
    SET_SEAL: SetSeal,
    BUNDLE: BundlePart,
    BUNDLE_RECEIPT: ReceiptPart,
}


def openapi() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the calls."""
    kinds: list[Any] = [each for call in CALLS for each in (call.takes, call.answers) if each is not None]
    asked = [question.kind for call in CALLS for question in call.asks]
    (*_, components) = msgspec.json.schema_components([*kinds, *asked, Problem, SignedDocument], ref_template=REF)
    paths: dict[str, Any] = {}
    for call in CALLS:
        paths.setdefault(call.path, {})[call.method.lower()] = _operation(call)
    return {
        "openapi": "3.1.0",
        "info": {"title": "学雷锋“文明使者” devices and platform", "version": VERSION, "description": _PREFACE},
        "jsonSchemaDialect": SCHEMA_DIALECT,
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.items())),
            "headers": {NONCE_HEADER: _NONCE},
            "responses": {problem.type: _problem_response(problem) for problem in PROBLEMS},
            "securitySchemes": {"signature": _SIGNATURE},
        },
    }


def schema() -> dict[str, Any]:
    """Return JSON Schema of every struct on the wire, of every event's body by kind, and of every signed document."""
    kinds: list[Any] = [each for call in CALLS for each in (call.takes, call.answers) if each is not None]
    kinds += [*BODY_OF_KIND.values(), *SIGNED_PAYLOADS.values(), Checkpoint, Enrolment, Problem, SignedDocument]
    unique = list(dict.fromkeys(kinds))
    _, components = msgspec.json.schema_components(unique, ref_template="#/$defs/{name}")
    return {
        "$schema": SCHEMA_DIALECT,
        "title": "学雷锋“文明使者” wire, version 1",
        "x-event-bodies": {str(kind): {"$ref": f"#/$defs/{body.__name__}"} for kind, body in BODY_OF_KIND.items()},
        "x-signed-payloads": {kind: {"$ref": f"#/$defs/{each.__name__}"} for kind, each in SIGNED_PAYLOADS.items()},
        "$defs": dict(sorted(components.items())),
    }


def files() -> dict[str, bytes]:
    """Return the files of docs/protocol, as they are committed: indented, keys in the order they were made."""
    made = {"openapi.json": openapi(), "schema.json": schema(), "vectors.json": vectors()}
    return {name: msgspec.json.format(msgspec.json.encode(each), indent=2) + b"\n" for name, each in made.items()}


REF = "#/components/schemas/{name}"
_PREFACE = (
    "docs/PROTOCOL.md says what a document of this form cannot: signatures, canonical bytes, the hash chain, receipts."
    f" Bodies are gzip, at most {MAX_COMPRESSED_BYTES} bytes, {MAX_PLAIN_BYTES} decompressed."
    " Unknown fields are ignored."
)
_NONCE = {
    "description": "What the next signature is made fresh with; good for at least 10 minutes.",
    "required": True,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,128}$"},
}
_SIGNATURE = {
    "type": "apiKey",
    "in": "header",
    "name": "Signature",
    "description": "RFC 9421 with Ed25519, tag lyz-device-1, beside Signature-Input and (with a body) Content-Digest.",
}


def _operation(call: Call) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": _name_of(call), "summary": call.says}
    if call.asks:
        operation["parameters"] = [_parameter(question) for question in call.asks]
    if call.takes is not None:
        content = {CONTENT_TYPE: {"schema": {"$ref": REF.format(name=call.takes.__name__)}}}
        operation["requestBody"] = {"required": True, "description": "gzip JSON", "content": content}
    if call.is_signed:
        operation["security"] = [{"signature": []}]
    operation["responses"] = {"200": _answer(call), **_refusals((*call.refuses, *EVERYWHERE))}
    return operation


def _name_of(call: Call) -> str:
    return "_".join([call.method.lower(), *(part for part in call.path.split("/") if part not in {"", "v1"})])


def _parameter(question: Question) -> dict[str, Any]:
    if question.name == "limit":
        kind: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": MAX_ENTRIES}
    else:
        ((kind,), _) = msgspec.json.schema_components([question.kind], ref_template=REF)
    return {"name": question.name, "in": "query", "required": question.required, "schema": kind}


def _answer(call: Call) -> dict[str, Any]:
    answered: dict[str, Any] = {"$ref": REF.format(name=call.answers.__name__)}
    if call.signed_as is not None:
        said = {"kind": {"const": call.signed_as}, "payload": answered}
        answered = {"allOf": [{"$ref": REF.format(name="SignedDocument")}, {"properties": said}]}
    return {"description": call.says, "headers": _headers(), "content": {CONTENT_TYPE: {"schema": answered}}}


def _refusals(problems: Iterable[Problem]) -> dict[str, Any]:
    """Return the responses of some problems, by status; where a status has several, they are one of them."""
    by_status: dict[str, list[Problem]] = {}
    for problem in problems:
        by_status.setdefault(str(problem.status), []).append(problem)
    return {
        status: {"$ref": f"#/components/responses/{some[0].type}"} if len(some) == 1 else _problem_response(*some)
        for status, some in sorted(by_status.items())
    }


def _problem_response(*problems: Problem) -> dict[str, Any]:
    types = {"properties": {"type": {"enum": [problem.type for problem in problems]}}}
    schema = {"allOf": [{"$ref": REF.format(name="Problem")}, types]}
    described = " / ".join(f"{problem.title}. {problem.detail}" for problem in problems)
    return {"description": described, "headers": _headers(), "content": {PROBLEM_CONTENT_TYPE: {"schema": schema}}}


def _headers() -> dict[str, Any]:
    return {NONCE_HEADER: {"$ref": f"#/components/headers/{NONCE_HEADER}"}}
