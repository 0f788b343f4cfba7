"""The kiosk's side of the mailbox: the port ``Mailbox`` over ``sync.mailbox``.

Upstream: ``sync.mailbox``.
Downstream: ``device_file``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from kiosk.store import heads
from kiosk.store.faults import translated
from kiosk.store.ledger_pages import events_after
from kiosk.store.tables import BootRow
from kiosk.timekeeping.moment import instant_of
from kiosk.usecases.ports import LinkState
from sync.mailbox import link, outbox, reconciling
from sync.mailbox.engine import file_of, reading, writing
from sync.mailbox.report import KioskReport, write_reached, write_report
from sync.protocol.events import Anchor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from kiosk.usecases.ports import KioskState


@dataclass(frozen=True, slots=True)
class DeviceMailbox:
    """The port ``Mailbox`` on the device's file."""

    engine: Engine

    def link(self) -> LinkState:
        """Return what is known of the way to the platform."""
        with translated(file_of(self.engine)), reading(self.engine) as connection:
            contact_ms = link.read_link(connection).last_contact_ms
            waiting = outbox.waiting_count(connection)
        return LinkState(waiting, None if contact_ms is None else instant_of(contact_ms))

    def take_anchors(self) -> Sequence[Anchor]:
        """Return the noted exchanges of boots in which this kiosk ran (others bound nothing it recorded)."""
        with translated(file_of(self.engine)), reading(self.engine) as connection:
            noted = link.exchanges(connection)
            boots = {row.boot_id: row.boot_n for row in connection.execute(select(BootRow.__table__))}
        return [
            Anchor(each.boot_id, boots[each.boot_id], each.bt_recv_us, each.server_ms, each.rtt_us)
            for each in noted
            if each.boot_id in boots
        ]

    def drop_anchors(self, anchors: Sequence[Anchor]) -> None:
        """Forget the exchanges that were taken."""
        taken = {(anchor.boot_id, anchor.bt_recv_us) for anchor in anchors}
        if not taken:
            return
        with translated(file_of(self.engine)), writing(self.engine) as connection:
            noted = link.exchanges(connection)
            done = [each.id for each in noted if (each.boot_id, each.bt_recv_us) in taken]
            link.forget_exchanges(connection, done)

    def tell_how(self, state: KioskState) -> None:
        """Replace what was said last of how the kiosk is, and of how far its records reach."""
        report = KioskReport(state.version, state.clock, state.camera, state.seen_ms, state.boots)
        with translated(file_of(self.engine)), writing(self.engine) as connection:
            write_report(connection, report)
            if state.at is not None:
                write_reached(connection, heads.heads(connection), state.at)

    def bring_back(self, limit: int) -> int:
        """Offer up to so many older events to the platform again where it asks for all; return how many."""
        with translated(file_of(self.engine)), reading(self.engine) as connection:
            asked = reconciling.offering(connection)
        if asked is None or asked.whole:
            return 0
        with translated(file_of(self.engine)), writing(self.engine) as connection:
            page = events_after(connection, asked.upto, limit)
            reconciling.offer(connection, page.events, page.upto, whole=page.is_last)
        return len(page.events)
