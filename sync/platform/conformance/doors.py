"""Promises at the door: sizes, signatures, nonces, replay, and what is no call.

Upstream: ``promises``, ``tester``.
Downstream: ``running``.
"""

from __future__ import annotations

import gzip
from http import HTTPStatus

from sync.platform.conformance.caller import GZIPPED, Reply
from sync.platform.conformance.promises import expect, promise
from sync.platform.conformance.tester import EVENTS_PATH, Tester, read
from sync.protocol.batch import Receipt
from sync.protocol.contact import CONTACT_PATH, ContactRequest
from sync.protocol.packing import MAX_COMPRESSED_BYTES, MAX_PLAIN_BYTES, pack
from sync.protocol.signing.keys import SigningKey
from sync.protocol.signing.requests import HttpRequest
from sync.protocol.vocabulary import EventOutcome


@promise("过大的报文和压缩炸弹被拒（413）", "Bodies too large, as they come or when decompressed, are refused with 413")
def _sizes(tester: Tester) -> None:
    noise = b"".join(tester.ports.entropy(1024) for _ in range(MAX_COMPRESSED_BYTES // 1024 + 1))
    for body in (noise, gzip.compress(b" " * (MAX_PLAIN_BYTES * 2))):
        reply = tester.post(EVENTS_PATH, body)
        expect(reply.problem == "too-large", f"{len(body)} bytes were answered {reply.said}")


@promise("签名不对的一概不收，也不丢", "What is not signed by the device, for this call and body, is refused with 401")
def _signatures(tester: Tester) -> None:
    event = tester.note()
    body = pack(tester.batch([event]))
    who = tester.who
    url = tester.caller.url
    signed = _signed(tester, HttpRequest("POST", url + EVENTS_PATH, dict(GZIPPED), body), who.key)
    other = pack(tester.batch([tester.note()]))
    elsewhere = _signed(tester, HttpRequest("POST", url + CONTACT_PATH, dict(GZIPPED), body), who.key)
    unsigned = {name: value for name, value in signed.items() if name != "Signature"}
    forged = _signed(tester, HttpRequest("POST", url + EVENTS_PATH, dict(GZIPPED), body), tester.new_key())
    tries = {
        "another body": tester.caller.call("POST", EVENTS_PATH, signed, other),
        "another path": tester.caller.call("POST", EVENTS_PATH, elsewhere, body),
        "no signature": tester.caller.call("POST", EVENTS_PATH, unsigned, body),
        "nothing at all": tester.caller.call("POST", EVENTS_PATH, dict(GZIPPED), body),
        "another key": tester.caller.call("POST", EVENTS_PATH, forged, body),
        "an unknown device": tester.caller.post(EVENTS_PATH, body, who.key, "nobody"),
    }
    for what, reply in tries.items():
        expect(reply.problem == "unsigned", f"{what} was answered {reply.said}")
    outcome = tester.outcomes([event])[0].outcome
    expect(outcome is EventOutcome.ACCEPTED, "an event of refused requests was kept, or is lost")


@promise("设备只能替自己说话", "A device speaks for itself only")
def _own_name(tester: Tester) -> None:
    reply = tester.post(CONTACT_PATH, ContactRequest("another-device"))
    expect(reply.problem == "unsigned", f"another device's name was answered {reply.said}")


@promise(
    "没有随机数或随机数过期：要求重签",
    "Without a nonce of the platform a signature is stale; a good one comes back",
)
def _stale_nonce(tester: Tester) -> None:
    body = pack(ContactRequest(tester.told.device))
    for nonce in (None, "A" * 24):
        request = HttpRequest("POST", tester.caller.url + CONTACT_PATH, dict(GZIPPED), body)
        headers = tester.caller.signed(request, tester.who.key, tester.who.key_id, nonce)
        reply = tester.caller.call("POST", CONTACT_PATH, headers, body)
        expect(reply.problem == "stale-nonce", f"the nonce {nonce} was answered {reply.said}")
        expect(reply.nonce, "the refusal carries no nonce to sign again with")
    reply = tester.post(CONTACT_PATH, ContactRequest(tester.told.device))
    expect(reply.status == HTTPStatus.OK, f"with the nonce of the refusal it was answered {reply.said}")


@promise("重放同一请求无害", "The very same request again does no harm")
def _replay(tester: Tester) -> None:
    event = tester.note()
    body = pack(tester.batch([event]))
    request = HttpRequest("POST", tester.caller.url + EVENTS_PATH, dict(GZIPPED), body)
    headers = _signed(tester, request, tester.who.key)
    first, again = (tester.caller.call("POST", EVENTS_PATH, headers, body) for _ in range(2))
    expect(read(first, Receipt).events[0].outcome is EventOutcome.ACCEPTED, "the request was not taken")
    expect(read(again, Receipt).events[0].outcome is EventOutcome.DUPLICATE, "the replay was not a duplicate")


@promise("不存在的调用、方法、参数都是规定的拒绝", "Unknown calls, methods and queries are problems, each of its own")
def _no_such_call(tester: Tester) -> None:
    call = tester.caller.call
    tries: list[tuple[Reply, int]] = [
        (call("GET", "/v1/nothing", {}), 404),
        (call("GET", EVENTS_PATH, {}), 405),
        (call("DELETE", EVENTS_PATH, {}), 405),
        (tester.post(f"{CONTACT_PATH}?more=1", ContactRequest(tester.told.device)), 400),
        (tester.post(CONTACT_PATH, ["no contact"]), 400),
    ]
    for reply, status in tries:
        expect(reply.status == status, f"{reply.method} {reply.target} was answered {reply.said}, not {status}")


def _signed(tester: Tester, request: HttpRequest, key: SigningKey) -> dict[str, str]:
    if tester.caller.nonce is None:
        tester.post(CONTACT_PATH, ContactRequest(tester.told.device))
    return tester.caller.signed(request, key, tester.who.key_id, tester.caller.nonce)
