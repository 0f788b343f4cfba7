"""Every event kind this version knows, and the body it has.

Upstream: ``events``, ``judgements``, ``roster``, ``vocabulary``.
Downstream: ``envelope``.
"""

from __future__ import annotations

from sync.protocol import events, judgements, roster
from sync.protocol.vocabulary import EventKind

BODY_OF_KIND: dict[str, type[events.Body]] = {
    EventKind.CHECK_IN: events.CheckIn,
    EventKind.CHECK_OUT: events.CheckOut,
    EventKind.CHOICE: events.Choice,
    EventKind.UNDO: events.Undo,
    EventKind.AUTO_CLOSE: events.AutoClose,
    EventKind.TALLY: events.Tally,
    EventKind.ANCHOR: events.Anchor,
    EventKind.HEARTBEAT: events.Heartbeat,
    EventKind.DEVICE_NOTE: events.DeviceNote,
    EventKind.GROUP_OPENED: events.GroupOpened,
    EventKind.GROUP_CLOSED: events.GroupClosed,
    EventKind.DRILL: events.Drill,
    EventKind.KIT: events.Kit,
    EventKind.CAPTAIN_ENTRY: judgements.CaptainEntry,
    EventKind.STATEMENT: judgements.Statement,
    EventKind.CONFIRMATION: judgements.Confirmation,
    EventKind.AMENDMENT: judgements.Amendment,
    EventKind.VOID: judgements.Void,
    EventKind.OBJECTION: judgements.Objection,
    EventKind.DECISION: judgements.Decision,
    EventKind.RATING: judgements.Rating,
    EventKind.RECIPIENT_RATING: judgements.RecipientRating,
    EventKind.STAR_APPLICATION: judgements.StarApplication,
    EventKind.ROSTER_RESPONSE: roster.RosterResponse,
    EventKind.OPERATOR_SIGNED_IN: events.OperatorSignedIn,
    EventKind.OPERATOR_REFUSED: events.OperatorRefused,
    EventKind.OPERATOR_PIN_SET: events.OperatorPinSet,
    EventKind.OPERATOR_PIN_RESET: events.OperatorPinReset,
}
KIND_OF_BODY: dict[type[events.Body], str] = {body: kind for kind, body in BODY_OF_KIND.items()}
