"""Enrols the test device, tries every promise, and tells what came of each.

Upstream: the modules of trials.
Downstream: the ``conformance`` command.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sync.platform.conformance import devices, doors, records, whole
from sync.platform.conformance.caller import Caller
from sync.platform.conformance.promises import PROMISES, BrokenPromiseError, Promise, UntriedError
from sync.platform.conformance.tester import Asked, Identity, Tester, read
from sync.platform.ports import Ports
from sync.protocol.enrolling import Enrolled
from sync.protocol.signing.keys import SEED_BYTES, SigningKey

ORDER = [module.__name__ for module in (records, doors, devices, whole)]  # what holds over all answers comes last


class Outcome(StrEnum):
    """What came of a trial."""

    KEPT = "kept"
    BROKEN = "broken"
    UNTRIED = "untried"


@dataclass(frozen=True, slots=True)
class Finding:
    """A promise, what came of it, and why it is broken or untried."""

    promise: Promise
    outcome: Outcome
    why: str = ""


def run(url: str, asked: Asked, ports: Ports) -> Iterator[Finding]:
    """Try every promise against a platform, one after another; what is found is told as it is found.

    Args:
        url: the platform's address.
        asked: the codes, and who revokes.
        ports: a clock, ids and entropy for the test device.
    """
    caller = Caller(url.rstrip("/"), ports.clock, asked.authority)
    tester = Tester(caller, ports, asked, SigningKey(ports.entropy(SEED_BYTES)))
    broken = _enrol(tester)
    for promise in sorted(PROMISES, key=lambda each: ORDER.index(each.trial.__module__)):
        yield _try(promise, tester) if not broken else Finding(promise, Outcome.BROKEN, broken)


def _enrol(tester: Tester) -> str:
    """Make the test device; return why that cannot be, or nothing."""
    try:
        tester.enrolled = read(tester.enrol(tester.asked.code, tester.key), Enrolled)
    except BrokenPromiseError as error:
        return f"the test device could not be enrolled: {error}"
    tester.who = Identity(tester.enrolled.device, tester.key, tester.enrolled.device)
    return ""


def _try(promise: Promise, tester: Tester) -> Finding:
    try:
        promise.trial(tester)
    except BrokenPromiseError as error:
        return Finding(promise, Outcome.BROKEN, str(error))
    except UntriedError as error:
        return Finding(promise, Outcome.UNTRIED, str(error))
    return Finding(promise, Outcome.KEPT)
