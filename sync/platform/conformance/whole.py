"""Promises that hold over every answer of the run; they are tried last.

Upstream: ``promises``, ``tester``.
Downstream: ``running``.
"""

from __future__ import annotations

import msgspec

from sync.platform.conformance.promises import expect, promise
from sync.platform.conformance.tester import Tester
from sync.protocol.problems import PROBLEM_CONTENT_TYPE, PROBLEMS, Problem

FAILURE = 500
REFUSAL = 400
COME_AGAIN = 503


@promise("每个回答都带新的随机数", "Every answer carries a nonce")
def _nonces(tester: Tester) -> None:
    without = [f"{reply.method} {reply.target}: {reply.said}" for reply in tester.caller.replies if reply.nonce is None]
    expect(not without, f"{len(without)} answers carried none, the first was {without[:1]}")


@promise("拒绝都用规定的格式和词", "Every refusal is a problem of the closed list, in its form")
def _problems(tester: Tester) -> None:
    types = {problem.type: problem.status for problem in PROBLEMS}
    for reply in tester.caller.replies:
        if reply.status < REFUSAL:
            continue
        where = f"{reply.method} {reply.target} ({reply.said})"
        expect(reply.media_type == PROBLEM_CONTENT_TYPE, f"{where} is {reply.media_type}")
        try:
            told = msgspec.json.decode(reply.content, type=Problem)
        except msgspec.MsgspecError as error:
            expect(False, f"{where} does not have the members of a problem: {error}")
            continue
        expect(types.get(told.type) == reply.status == told.status, f"{where} is not on the list")


@promise("从不出内部错误", "Nothing is ever answered with an inner failure")
def _no_failure(tester: Tester) -> None:
    failed = [reply for reply in tester.caller.replies if reply.status >= FAILURE and reply.status != COME_AGAIN]
    expect(not failed, f"{len(failed)} answers were failures, the first: {[reply.said for reply in failed[:1]]}")
    busy = [reply for reply in tester.caller.replies if reply.status == COME_AGAIN]
    expect(not busy, f"{len(busy)} answers were 503, the first to {[reply.target for reply in busy[:1]]}")
