"""``kiosk operator queue|show|confirm|amend|…``: the acts of 值班台 by hand, through the same use cases as its screens.

Upstream: ``kiosk.commands.operator`` (who signs in), ``kiosk.presenter.desk.says`` (what is said of each outcome).
Downstream: ``kiosk.cli``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from rich.table import Table

from kiosk.commands.operator import DONE, NOT_RECORDED, REFUSED, Answer, opened
from kiosk.composition import open_catalogues
from kiosk.presenter.desk.says import said_of
from kiosk.presenter.operators import sentence_of
from kiosk.presenter.phrases import Language, Phrases
from kiosk.presenter.wording import Voice
from kiosk.usecases.desk import QueuePage, SessionSheet
from kiosk.usecases.desk_outcomes import Batch, Change, DeskRefused, Mark, Ruling
from kiosk.usecases.operator_outcomes import OperatorRefused, SignedIn
from kiosk.usecases.outcomes import NotRecorded, Refused
from sync.protocol.vocabulary import (
    AmendmentReason,
    DecisionReason,
    Effect,
    KitItem,
    Matter,
    Quality,
    VoidReason,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kiosk.commands.operator import Credentials
    from kiosk.settings import KioskSettings
    from kiosk.station import OperatorsDesk
    from kiosk.usecases.desk import DeskLine
    from kiosk.usecases.desk_outcomes import DeskOutcome
    from sync.protocol.working_days import Countdown

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction as it was typed; ``starts`` and ``ends`` are local, without a zone; None stays as it is."""

    reason: str
    starts: datetime | None = None
    ends: datetime | None = None
    service: str | None = None

    def change(self, zone: ZoneInfo) -> Change:
        """Return it as the use cases take it."""
        starts, ends = (None if at is None else at.replace(tzinfo=zone) for at in (self.starts, self.ends))
        return Change(AmendmentReason(self.reason), starts, ends, self.service)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be changed."""
        return self.starts is None and self.ends is None and self.service is None


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of this device for one operator, who shows a certificate and gives a PIN for every command."""

    settings: KioskSettings
    who: Credentials

    def queue(self, matter: str | None, page: int) -> QueuePage | Answer:
        """Return a page of what waits within the operator's reach."""
        wanted = None if matter is None else Matter(matter)
        return self._read(lambda desk, operator: desk.read_queue(operator, wanted, page))

    def show(self, session: str) -> SessionSheet | Answer:
        """Return one session whole."""
        return self._read(lambda desk, operator: desk.read_session(operator, session))

    def confirm(self, sessions: Sequence[str], of: str | None, *, beyond_shift: bool) -> Answer:
        """Stand for what waits of one session, or of several at once."""
        if len(sessions) > 1:
            return self._act(lambda desk, operator: desk.confirm_session.several(operator, sessions))
        return self._act(
            lambda desk, operator: desk.confirm_session(operator, sessions[0], of, beyond_shift=beyond_shift)
        )

    def amend(self, session: str, correction: Correction) -> Answer:
        """Put a correction beside a session."""
        change = correction.change(ZoneInfo(self.settings.station.zone))
        return self._act(lambda desk, operator: desk.amend_session(operator, session, change))

    def void(self, session: str, reason: str) -> Answer:
        """Withdraw a session."""
        return self._act(lambda desk, operator: desk.void_session(operator, session, VoidReason(reason)))

    def decide(self, session: str, reason: str, correction: Correction | None, withdraw: str | None) -> Answer:
        """Decide on the earliest objection that stands: upheld with a remedy, else dismissed."""
        remedy: Change | VoidReason | None = None if withdraw is None else VoidReason(withdraw)
        if correction is not None:
            remedy = correction.change(ZoneInfo(self.settings.station.zone))
        ruling = Ruling(DecisionReason(reason), remedy)
        return self._act(lambda desk, operator: desk.decide_objection(operator, session, ruling))

    def dismiss(self, session: str, reason: str, of: str | None) -> Answer:
        """Turn down a correction or a withdrawal that waits."""
        why = DecisionReason(reason)
        return self._act(lambda desk, operator: desk.dismiss_proposal(operator, session, why, of))

    def rate(self, sessions: Sequence[str], quality: str, effects: Sequence[str], counts: dict[str, int]) -> Answer:
        """Rate one session, or several alike."""
        mark = Mark(Quality(quality), tuple(map(Effect, effects)), counts)
        if len(sessions) > 1:
            return self._act(lambda desk, operator: desk.rate_service.several(operator, sessions, mark))
        return self._act(lambda desk, operator: desk.rate_service(operator, sessions[0], mark))

    def kit(self, volunteer: str, item: str, count: int, *, returned: bool) -> Answer:
        """Hand out caps or armbands, or take them back."""

        def move(desk: OperatorsDesk, operator: SignedIn) -> DeskOutcome:
            deed = desk.kit.take_back if returned else desk.kit.hand_out
            return deed(operator, volunteer, KitItem(item), count)

        return self._act(move)

    def open_group(self, service: str, team: str | None) -> Answer:
        """Open a group for a visiting team."""
        return self._act(lambda desk, operator: desk.group.open(operator, service, team))

    def close_group(self) -> Answer:
        """Close the group that is open."""
        return self._act(lambda desk, operator: desk.group.close(operator))

    def drill(self, *, on: bool) -> Answer:
        """Begin to practise, or end it."""
        return self._act(lambda desk, operator: desk.drill.start(operator) if on else desk.drill.end(operator))

    def _read(self, ask: Callable[[OperatorsDesk, SignedIn], T | DeskRefused]) -> T | Answer:
        with opened(self.settings) as station:
            operator = station.operators.sign_in(self.who.certificate, self.who.pin)
            came = ask(station.operators, operator) if isinstance(operator, SignedIn) else operator
            if isinstance(came, DeskRefused | OperatorRefused | Refused | NotRecorded):
                return _answer(came, self.settings)
            return came

    def _act(self, act: Callable[[OperatorsDesk, SignedIn], DeskOutcome]) -> Answer:
        with opened(self.settings) as station:
            operator = station.operators.sign_in(self.who.certificate, self.who.pin)
            came = act(station.operators, operator) if isinstance(operator, SignedIn) else operator
            return _answer(came, self.settings)


def as_json(shown: QueuePage | SessionSheet) -> Any:
    """Return what was read as JSON values; instants are UTC, ISO 8601."""
    return msgspec.to_builtins(shown, str_keys=True)


def table(page: QueuePage, settings: KioskSettings) -> Table:
    """Return a page of the queue as a table in Chinese, local times."""
    voice = _voice(settings)
    say = voice.phrases.say
    shown = Table(title=say("operator.queue", total=page.total, page=page.page + 1, pages=page.pages))
    for column in ("session", "volunteer", "started", "minutes", "matters", "left"):
        shown.add_column(voice.phrases.of("operator", "column", column))
    for line in page.lines:
        shown.add_row(*_cells(line, voice))
    return shown


def _cells(line: DeskLine, voice: Voice) -> tuple[str, ...]:
    words = voice.phrases
    started = f"{voice.day(line.started_at)} {voice.time(line.started_at)}"
    matters = words.say("operator.and").join(words.of("matter", matter) for matter in line.matters)
    minutes = f"{line.original_minutes} / {line.credited_minutes}"
    return line.session_id, f"{line.name} {line.tail}", started, minutes, matters, left_of(line.countdown, words)


def left_of(countdown: Countdown | None, words: Phrases) -> str:
    """Return the working days that are left, and whether the holidays until then are known."""
    if countdown is None:
        return ""
    days = countdown.days_left
    if days < 0:
        said = words.say("desk.days.over", days=-days)
    else:
        said = words.say({0: "desk.days.today", 1: "desk.days.one"}.get(days, "desk.days.left"), days=days)
    return said if countdown.announced else f"{said} ({words.say('desk.days.unannounced')})"


def _voice(settings: KioskSettings) -> Voice:
    words = Phrases(open_catalogues()[Language.CHINESE])
    return Voice(words, ZoneInfo(settings.station.zone), settings.duty.policy())


def _answer(came: DeskOutcome | OperatorRefused | Refused, settings: KioskSettings) -> Answer:
    voice = _voice(settings)
    if isinstance(came, Batch):
        return _batch(came, voice)
    if isinstance(came, OperatorRefused | Refused | NotRecorded):
        return Answer(sentence_of(came, voice.phrases), NOT_RECORDED if isinstance(came, NotRecorded) else REFUSED)
    said = said_of(came, voice)
    return Answer("" if said is None else said.text, REFUSED if isinstance(came, DeskRefused) else DONE)


def _batch(batch: Batch, voice: Voice) -> Answer:
    """Return a line for each session; one that was refused makes it the exit code."""
    lines = [f"{each.session_id} {badge.text}" for each in batch.done if (badge := said_of(each, voice)) is not None]
    lines += [f"{session} {voice.phrases.of('desk_refusal', reason)}" for session, reason in batch.refused]
    return Answer("\n".join(lines), REFUSED if batch.refused else DONE)
