"""A device says that it is there and how it is; it is told the time, and what a person must look at.

Upstream: ``store``, ``watermark``, ``sync.protocol``.
Downstream: ``api.contact``.
"""

from __future__ import annotations

from sync.platform import watermark
from sync.platform.credentials import Caller
from sync.platform.store import Unit
from sync.platform.store.contacts import Contact
from sync.protocol.batch import body_sha256
from sync.protocol.contact import ContactAnswer, ContactRequest
from sync.protocol.problems import UNSIGNED, Problem

TOLD_FOR_MS = 7 * 24 * 3600 * 1000  # how long a device shows what a person must look at


def take_contact(caller: Caller, said: ContactRequest, unit: Unit, now_ms: int) -> ContactAnswer | Problem:
    """Keep how a device is and how far its records reach, within the caller's transaction.

    Args:
        caller: whose signature was verified.
        said: what its request says.
        unit: the open transaction.
        now_ms: UTC ms.
    """
    if said.device != caller.device.id:
        return UNSIGNED
    if said.report is not None:
        unit.contacts.keep(caller.device.id, Contact(now_ms, said.report))
    if said.reached is not None:
        watermark.hear(caller.device.id, said.reached, unit, now_ms)
    unit.devices.heard_of(caller.device.id, now_ms)
    alarms = unit.contacts.alarms(caller.device.id, now_ms - TOLD_FOR_MS)
    return ContactAnswer(body_sha256(caller.body), now_ms, unit.registry.epoch() or "", list(alarms))
