"""What the desk wants done: each is one call of ``OperatorsDesk``, made by ``kiosk.commands.desk_deeds``.

Upstream: ``acts``, ``kiosk.usecases`` (the values the calls take).
Downstream: the pages; ``kiosk.commands.desk_deeds``.

What comes of each is brought back inside :class:`Answered`, so that an answer that comes too late, after the desk was
locked, shows nothing to anybody. A PIN is in no ``repr``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.presenter.acts import AreaIntent
from kiosk.usecases.area_outcome import AreaOutcome

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.domain.hours_entry import HoursEntry
    from kiosk.usecases.desk import DeskBoard, QueuePage, SessionSheet
    from kiosk.usecases.desk_outcomes import Change, DeskOutcome, Mark, Ruling
    from kiosk.usecases.export_ports import ExportStep, Format
    from kiosk.usecases.operator_outcomes import OperatorOutcome, SignedIn
    from kiosk.usecases.outcomes import ScanOutcome
    from kiosk.usecases.read_people import People
    from kiosk.usecases.receive_operator import OwnCard, Received
    from kiosk.usecases.step_export import Months, Sticks
    from sync.protocol.vocabulary import DecisionReason, KitItem, Matter, VoidReason

    Read = DeskBoard | QueuePage | SessionSheet | People | Sticks
    Came = Read | DeskOutcome | OperatorOutcome | Received | OwnCard | ScanOutcome | ExportStep


@dataclass(frozen=True, slots=True)
class Answered(AreaOutcome):
    """What came of an intent of the desk."""

    came: Came


@dataclass(frozen=True, slots=True)
class ReceiveIntent(AreaIntent):
    """Somebody shows a certificate at the desk's door; ``text`` is what the camera read."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignInIntent(AreaIntent):
    """Let them in by their PIN."""

    text: str = field(repr=False)
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SetPinIntent(AreaIntent):
    """Keep their first PIN."""

    text: str = field(repr=False)
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ScanIntent(AreaIntent):
    """A card is shown while somebody works at the desk: duty as always, but for the operator's own."""

    operator: SignedIn
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ScansBeside:
    """Makes :class:`ScanIntent` of what is scanned; equal for the same operator."""

    operator: SignedIn

    def __call__(self, text: str) -> ScanIntent:
        """Return the intent of one text."""
        return ScanIntent(self.operator, text)


@dataclass(frozen=True, slots=True)
class ReadDesk(AreaIntent):
    """The whole desk at one moment; who carries it out adds how the ``camera`` is."""

    operator: SignedIn
    camera: str | None = None


@dataclass(frozen=True, slots=True)
class ReadQueue(AreaIntent):
    """What waits for this; ``page`` as ``read_queue`` counts them."""

    operator: SignedIn
    matter: Matter
    page: int = 0


@dataclass(frozen=True, slots=True)
class ReadSheet(AreaIntent):
    """One session whole."""

    operator: SignedIn
    session_id: str


@dataclass(frozen=True, slots=True)
class ReadPeople(AreaIntent):
    """Who may be chosen, and which services and teams there are."""

    operator: SignedIn


@dataclass(frozen=True, slots=True)
class ConfirmMany(AreaIntent):
    """Stand for what waits in these sessions; ``beyond_shift`` only of a single one."""

    operator: SignedIn
    sessions: tuple[str, ...]
    beyond_shift: bool = False


@dataclass(frozen=True, slots=True)
class RateMany(AreaIntent):
    """Rate these sessions alike."""

    operator: SignedIn
    sessions: tuple[str, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class AmendIntent(AreaIntent):
    """Put a correction beside a session."""

    operator: SignedIn
    session_id: str
    change: Change


@dataclass(frozen=True, slots=True)
class VoidIntent(AreaIntent):
    """Withdraw a session."""

    operator: SignedIn
    session_id: str
    reason: VoidReason


@dataclass(frozen=True, slots=True)
class DecideIntent(AreaIntent):
    """Decide on an objection."""

    operator: SignedIn
    session_id: str
    ruling: Ruling


@dataclass(frozen=True, slots=True)
class DismissIntent(AreaIntent):
    """Do not agree to what one person proposed."""

    operator: SignedIn
    session_id: str
    reason: DecisionReason


@dataclass(frozen=True, slots=True)
class EnterIntent(AreaIntent):
    """Propose hours that no scan recorded."""

    operator: SignedIn
    entry: HoursEntry


@dataclass(frozen=True, slots=True)
class KitIntent(AreaIntent):
    """Hand one piece out, or take one back."""

    operator: SignedIn
    volunteer: str
    item: KitItem
    returned: bool


@dataclass(frozen=True, slots=True)
class GroupIntent(AreaIntent):
    """Open a group for a visiting team; ``service`` None closes the one that is open."""

    operator: SignedIn
    service: str | None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class DrillIntent(AreaIntent):
    """Begin practice, or end it."""

    operator: SignedIn
    on: bool


@dataclass(frozen=True, slots=True)
class LookForSticks(AreaIntent):
    """Which sticks are plugged in."""


@dataclass(frozen=True, slots=True)
class BeginExport(AreaIntent):
    """Begin to bring the ledger to a stick, or go on where a pulled one ended it."""

    operator: SignedIn
    target: Path
    formats: frozenset[Format]
    months: Months


@dataclass(frozen=True, slots=True)
class GoOnExporting(AreaIntent):
    """The next few steps."""


@dataclass(frozen=True, slots=True)
class StopExporting(AreaIntent):
    """Nobody waits for it any more."""


DeskIntent = (
    ReceiveIntent
    | SignInIntent
    | SetPinIntent
    | ScanIntent
    | ReadDesk
    | ReadQueue
    | ReadSheet
    | ReadPeople
    | ConfirmMany
    | RateMany
    | AmendIntent
    | VoidIntent
    | DecideIntent
    | DismissIntent
    | EnterIntent
    | KitIntent
    | GroupIntent
    | DrillIntent
    | LookForSticks
    | BeginExport
    | GoOnExporting
    | StopExporting
)
