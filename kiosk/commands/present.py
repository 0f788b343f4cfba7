"""``kiosk present``: one text through the same use case and the same device file, without a window.

Upstream: ``kiosk.composition``, ``kiosk.presenter``.
Downstream: ``kiosk.cli``; scripts and headless counters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from kiosk.composition import open_presenter, open_station
from kiosk.presenter import views
from kiosk.usecases.errors import RecordingError
from kiosk.usecases.outcomes import CaptainNeeded, CheckedIn, NotRecorded, Refused

if TYPE_CHECKING:
    from kiosk.settings import KioskSettings
    from kiosk.usecases.outcomes import ScanOutcome

ACCEPTED, REFUSED, NOT_RECORDED, CAPTAIN_NEEDED = 0, 3, 4, 5


@dataclass(frozen=True, slots=True)
class Presented:
    """What came of it: the outcome, its sentence in Chinese, and the exit code of the command."""

    outcome: ScanOutcome
    sentence: str
    exit_code: int

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as JSON values: ``outcome`` names it, its fields stand beside, ``sentence`` says it."""
        fields: dict[str, Any] = msgspec.to_builtins(self.outcome)
        kind = CheckedIn if isinstance(self.outcome, CheckedIn) else type(self.outcome)  # a question changes no record
        return {"outcome": _snake(kind.__name__), **fields, "sentence": self.sentence}


@dataclass(frozen=True, slots=True)
class Showing:
    """What is shown: a code's ``text`` or a ``typed`` number, then the code of the captain who confirms it, if any."""

    text: str | None = None
    typed: str | None = None
    witness: str | None = None
    service: str | None = None


def present(settings: KioskSettings, showing: Showing) -> Presented:
    """Present it at this kiosk; the record is durable when this returns.

    Raises:
        NotEnrolledError: the device must be enrolled first.
    """
    outcome = _outcome(settings, showing)
    view = open_presenter(settings).show(outcome, now_s=0.0).view
    return Presented(outcome, sentence_of(view), _exit_code(outcome))


def _outcome(settings: KioskSettings, showing: Showing) -> ScanOutcome:
    try:
        station = open_station(settings)
    except RecordingError as error:
        return NotRecorded(error.fault)
    try:
        if showing.typed is None:
            outcome = station.present(showing.text or "", showing.service)
        else:
            outcome = station.present.typed(showing.typed, showing.service)
        if showing.witness is not None and isinstance(outcome, CaptainNeeded):
            return station.present(showing.witness)
        return outcome
    finally:
        station.close()


def sentence_of(view: views.View) -> str:
    """Return what a screen's view says, in one line."""
    if isinstance(view, views.CheckInView):
        way = () if view.direction is None else (view.direction.sentence.replace("\n", ""), view.direction.hint)
        parts = (
            view.greeting,
            view.recorded.text,
            view.shift,
            *way,
            *(badge.text for badge in view.warnings),
            view.line,
        )
    elif isinstance(view, views.CheckOutView):
        parts = (view.thanks, view.recorded.text, f"{view.served_title} {view.served}", view.credited.text, view.line)
    elif isinstance(view, views.QuestionView):
        parts = (view.greeting, view.sentence, view.detail)
    elif isinstance(view, views.NoticeView):
        parts = (view.what, view.advice, view.note)
    elif isinstance(view, views.NumberPadView):
        parts = (view.title, view.hint, view.note)
    elif isinstance(view, views.IdleView):
        parts = (view.notice,)
    else:
        parts = (view.in_short,)
    return "　".join(part for part in parts if part)


def _exit_code(outcome: ScanOutcome) -> int:
    if isinstance(outcome, Refused):
        return REFUSED
    if isinstance(outcome, CaptainNeeded):
        return CAPTAIN_NEEDED
    return NOT_RECORDED if isinstance(outcome, NotRecorded) else ACCEPTED


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
