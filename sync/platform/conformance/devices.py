"""Promises about a device itself: its code, its contact, the time, what it must know, its keys, and being revoked.

Upstream: ``promises``, ``tester``.
Downstream: ``running``.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from sync.platform.conformance.promises import BrokenPromiseError, UntriedError, expect, promise
from sync.platform.conformance.tester import EVENTS_PATH, Tester, read
from sync.protocol.batch import body_sha256
from sync.protocol.changes import CHANGES_PATH, ChangesPage, Scope, Upsert, digest_of, read_page, read_seal
from sync.protocol.contact import CONTACT_PATH, ContactAnswer, ContactRequest, DeviceReport
from sync.protocol.enrolling import (
    ENROL_PATH,
    KEY_ROTATION,
    KEYS_PATH,
    Enrolled,
    EnrolRequest,
    KeyAccepted,
    KeyRotation,
)
from sync.protocol.errors import SignatureError
from sync.protocol.packing import pack
from sync.protocol.reference import REFERENCE_DATA
from sync.protocol.server_time import TIME_PATH, read_time
from sync.protocol.signing.documents import open_document, sign_document
from sync.protocol.signing.keys import SigningKey

MOST_PAGES = 200
KEY_ID_DIGITS = 16


@promise("登记码：一次一台，错码一律同样拒绝", "A code makes one device; whatever is wrong with it, the answer is one")
def _enrolment(tester: Tester) -> None:
    told = tester.told
    try:
        open_document(told.reference, REFERENCE_DATA, bytes.fromhex(told.root_public))
    except SignatureError as error:
        expect(False, f"the first reference data is not signed by the root key: {error}")
    again = read(tester.enrol(tester.asked.code, tester.key), Enrolled)
    expect(again.device == told.device, "asked again by the same key, another device was made")
    used, unknown = tester.enrol(tester.asked.code, tester.new_key()), tester.enrol("0000-0000-0000", tester.new_key())
    expect(used.problem == "code-refused", f"a used code was answered {used.said}")
    expect((used.status, used.content) == (unknown.status, unknown.content), "a used and an unknown code differ")
    key, other = tester.new_key(), tester.new_key()
    posing = tester.caller.post(ENROL_PATH, EnrolRequest("0000-0000-0000", other.public.hex()), key, key.public.hex())
    expect(posing.status == HTTPStatus.BAD_REQUEST, f"a key that did not sign was answered {posing.said}")


@promise("联系：回答写明正文摘要和平台时间", "A contact is answered with the platform's time and the body it answers")
def _contact(tester: Tester) -> None:
    body = pack(ContactRequest(tester.told.device, DeviceReport("conformance", waiting=1)))
    answer = read(tester.post(CONTACT_PATH, body), ContactAnswer)
    expect(answer.body_sha256 == body_sha256(body), "the answer does not name the body that was sent")
    receipt = tester.send([tester.note()])
    expect(answer.epoch == receipt.epoch, "contact and receipt are of different epochs")
    expect(0 <= receipt.server_ms - answer.server_ms < 60_000, "the platform's time does not go on")  # noqa: PLR2004 - ms


@promise("平台时间由平台密钥签名，只答所问", "The time is signed by the platform's key and answers its own nonce")
def _time(tester: Tester) -> None:
    nonce = tester.ports.entropy(12).hex()
    reply = tester.caller.call("GET", f"{TIME_PATH}?nonce={nonce}", {})
    expect(reply.status == HTTPStatus.OK, f"it was answered {reply.said}")
    try:
        read_time(reply.content, bytes.fromhex(tester.told.platform_public), nonce)
    except SignatureError as error:
        expect(False, str(error))
    for query in ("", "?nonce=", "?nonce=%22%22%22%22%22%22%22%22"):
        refused = tester.caller.call("GET", TIME_PATH + query, {})
        expect(refused.status == HTTPStatus.BAD_REQUEST, f"the query {query!r} was answered {refused.said}")


@promise(
    "变更逐页签名，游标走到底；失效游标答 410",
    "Changes come in signed pages to their end; an old cursor is 410",
)
def _changes(tester: Tester) -> None:
    for scope in Scope:
        told, last = _snapshot(tester, scope)
        rest = _page(tester, scope, last.cursor, limit=50)
        if rest.cursor == last.cursor:
            expect(not rest.upserts and not rest.tombstones, f"{scope} names again what was told")
        expect(_sealed(tester, scope, last) == digest_of(told.values()), f"the seal of {scope} is of another set")
    gone = tester.get(f"{CHANGES_PATH}?scope=station&cursor=of-another-time")
    expect(gone.status == HTTPStatus.GONE, f"a cursor of nobody was answered {gone.said}")
    for query in ("", "?scope=nothing", "?scope=station&limit=0", "?scope=station&scope=station"):
        refused = tester.get(CHANGES_PATH + query)
        expect(refused.status == HTTPStatus.BAD_REQUEST, f"the query {query!r} was answered {refused.said}")


@promise("停用的设备：一律 403，记录不删", "A revoked device is refused with 403 on every call")
def _revoked(tester: Tester) -> None:
    if tester.asked.second_code is None or tester.asked.revoke is None:
        raise UntriedError("give a second code (--second-code) and revoke its device when asked")
    key = tester.new_key()
    device = read(tester.enrol(tester.asked.second_code, key), Enrolled).device
    tester.asked.revoke(device)
    for path, said in ((CONTACT_PATH, ContactRequest(device)), (EVENTS_PATH, tester.batch([tester.note()]))):
        reply = tester.caller.post(path, said, key, device)
        expect(reply.status == HTTPStatus.FORBIDDEN, f"{path} was answered {reply.said}")
    reply = tester.caller.get(f"{CHANGES_PATH}?scope=station", key, device)
    expect(reply.status == HTTPStatus.FORBIDDEN, f"{CHANGES_PATH} was answered {reply.said}")


@promise("密钥轮换：新旧同时有效，重复无害", "A key follows another: both are good, the same again changes nothing")
def _rotation(tester: Tester) -> None:
    device, first = tester.told.device, tester.who
    second, third = tester.new_key(), tester.new_key()
    unproven = KeyRotation(device, second.public.hex(), _named(device, third).proof)
    reply = tester.post(KEYS_PATH, unproven)
    expect(reply.status == HTTPStatus.UNAUTHORIZED, f"a key that nobody showed to hold was answered {reply.said}")
    accepted = [read(tester.post(KEYS_PATH, _named(device, second)), KeyAccepted) for _ in range(2)]
    expect(len({each.earlier_until_ms for each in accepted}) == 1, "the same rotation again was answered otherwise")
    expect(accepted[0].public == second.public.hex(), "another key was accepted than was named")
    later_id = f"{device}/{second.public.hex()[:KEY_ID_DIGITS]}"
    for key, key_id in ((first.key, first.key_id), (second, later_id)):
        reply = tester.caller.post(CONTACT_PATH, ContactRequest(device), key, key_id)
        expect(reply.status == HTTPStatus.OK, f"one of two good keys was answered {reply.said}")
    reply = tester.caller.post(KEYS_PATH, _named(device, third), first.key, first.key_id)
    expect(reply.problem == "key-refused", f"an earlier key named another one and was answered {reply.said}")


def _named(device: str, key: SigningKey) -> KeyRotation:
    said = {"device": device, "public": key.public.hex()}
    return KeyRotation(device, key.public.hex(), sign_document(KEY_ROTATION, said, key).signature)


def _snapshot(tester: Tester, scope: Scope) -> tuple[dict[tuple[str, str], Upsert], ChangesPage]:
    """Fetch a scope from its beginning to its end; return what is held then, and the last page."""
    told: dict[tuple[str, str], Upsert] = {}
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = _page(tester, scope, cursor, limit=50)
        told |= {(each.topic, each.key): each for each in page.upserts}
        for gone in page.tombstones:
            told.pop((gone.topic, gone.key), None)
        if not page.more:
            return told, page
        cursor = page.cursor
    raise BrokenPromiseError(f"{scope} has no end after {MOST_PAGES} pages")


def _sealed(tester: Tester, scope: Scope, last: ChangesPage) -> str:
    """Return the digest that the last page's seal names."""
    platform, device = bytes.fromhex(tester.told.platform_public), tester.told.device
    if last.seal is None:
        raise BrokenPromiseError(f"the last page of {scope} has no seal")
    try:
        return read_seal(last.seal, platform, device, scope).digest
    except SignatureError as error:
        raise BrokenPromiseError(str(error)) from error


def _page(tester: Tester, scope: Scope, cursor: str | None, limit: int) -> ChangesPage:
    after = "" if cursor is None else f"&cursor={quote(cursor, safe='')}"
    reply = tester.get(f"{CHANGES_PATH}?scope={scope.value}&limit={limit}{after}")
    expect(reply.status == HTTPStatus.OK, f"a page of {scope} was answered {reply.said}")
    platform = bytes.fromhex(tester.told.platform_public)
    try:
        page = read_page(reply.content, platform, tester.told.device, scope, cursor)
    except SignatureError as error:
        expect(False, str(error))
        raise
    expect(len(page.upserts) + len(page.tombstones) <= limit, "a page has more entries than were asked for")
    return page
