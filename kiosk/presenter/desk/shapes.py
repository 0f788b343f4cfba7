"""Small pieces that several pages are made of: buttons, tiles, sheets of a list, steps of time.

Upstream: ``taps``, ``views``, ``kiosk.presenter.wording``.
Downstream: the pages.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from kiosk.presenter.desk.taps import Act, TapAct, TapBack, TapPick, TapStep, TapTurn
from kiosk.presenter.desk.views import Action, Choice, Dial, ListBody, MessageBody
from kiosk.presenter.icons import Icon, service_icon
from kiosk.presenter.views import Tone
from sync.protocol.vocabulary import DecisionReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kiosk.presenter.desk.views import Row, Segment
    from kiosk.presenter.wording import Voice

ROWS = 4  # rows of a sheet: as many as have 20 mm on the smallest display
STEP = timedelta(minutes=5)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DISMISSING = {
    DecisionReason.RECORDS_AGREE: Icon.CERTIFICATE,
    DecisionReason.WITNESS: Icon.PEOPLE,
    DecisionReason.NO_EVIDENCE: Icon.FORBIDDEN,
    DecisionReason.OTHER: Icon.HELP,
}


def act(text: str, icon: Icon, which: Act, tone: Tone = Tone.ACCENT, *, live: bool = True) -> Action:
    """Return a button of the whole page; not ``live``: out of reach."""
    return Action(text, icon, tone, TapAct(which) if live else None)


def go_on(voice: Voice, *, live: bool = True) -> Action:
    """Return the button to the next step."""
    return act(voice.phrases.say("desk.go_on"), Icon.GO_ON, Act.GO_ON, live=live)


def summary(voice: Voice, headline: str, lines: Sequence[str], done: str, tone: Tone = Tone.CALM) -> MessageBody:
    """Return the one question before something that stays: what it is, and 「返回」 or ``done``."""
    cancel = Action(voice.phrases.say("desk.not_yet"), Icon.GO_BACK, Tone.QUIET, TapBack())
    return MessageBody(tone, Icon.HELP, headline, tuple(lines), (cancel, act(done, Icon.CHECK, Act.CONFIRM)))


def tile(icon: Icon, name: str, key: str, *, chosen: bool = False, note: str = "") -> Choice:
    """Return a tile to pick."""
    return Choice(icon, name, "", note, Tone.QUIET, chosen, TapPick(key))


def reason_tiles(voice: Voice) -> tuple[Choice, ...]:
    """Return a tile for each reason to let a record stand as it is."""
    return tuple(tile(icon, voice.phrases.of("decision_reason", each), each) for each, icon in _DISMISSING.items())


def service_tiles(services: Iterable[str], chosen: str | None, voice: Voice) -> tuple[Choice, ...]:
    """Return a tile for each service kind."""
    named = ((each, voice.phrases.name_of("service", each)) for each in services)
    return tuple(tile(service_icon(each), name, each, chosen=each == chosen) for each, name in named)


def listing(
    rows: Sequence[Row],
    place: tuple[int, int],
    empty: str,
    segments: tuple[Segment, ...] = (),
    buttons: tuple[Action, ...] = (),
) -> ListBody:
    """Return one sheet of a list; ``place`` is the sheet, counted from 0, and how many there are."""
    sheet, sheets = place
    earlier = Action("", Icon.EARLY, Tone.QUIET, TapTurn(-1) if sheet > 0 else None)
    later = Action("", Icon.DOWN, Tone.QUIET, TapTurn(1) if sheet + 1 < sheets else None)
    which = f"{sheet + 1} / {sheets}" if sheets > 1 else ""
    return ListBody(segments, tuple(rows), "" if rows else empty, which, earlier, later, buttons)


def sheets_of(count: int) -> int:
    """Return how many sheets so many rows take, at least one."""
    return max(1, -(-count // ROWS))


def turned(sheet: int, by: int, sheets: int) -> int:
    """Return the sheet after a turn."""
    return min(max(0, sheet + by), sheets - 1)


def time_dial(key: str, at: datetime | None, voice: Voice) -> Dial:
    """Return a dial of an instant: five minutes inside, an hour outside."""
    say = voice.phrases.say
    value = say("desk.time.unknown") if at is None else voice.time(at)
    less = tuple(_step(say("desk.step.less", step=voice.duration(by)), key, -by) for by in (60, 5))
    more = tuple(_step(say("desk.step.more", step=voice.duration(by)), key, by) for by in (5, 60))
    return Dial(voice.phrases.of("desk_dial", key), value, "" if at is None else voice.day(at), less, more)


def _step(text: str, dial: str, by: int) -> Action:
    return Action(text, Icon.CLOCK, Tone.QUIET, TapStep(dial, by))


def count_dial(key: str, name: str, count: int) -> Dial:
    """Return a dial of a count."""
    less = Action("−", Icon.LESS, Tone.QUIET, TapStep(key, -1))
    more = Action("+", Icon.MORE, Tone.ACCENT, TapStep(key, 1))
    return Dial(name, str(count), "", (less,), (more,))


def stepped(at: datetime, minutes: int) -> datetime:
    """Return an instant (aware UTC) moved on to the next whole five minutes, or by so many where it stands on one."""
    off = (at - _EPOCH) % STEP
    if not off:
        return at + timedelta(minutes=minutes)
    begun = at - off
    if abs(minutes) == STEP // timedelta(minutes=1):
        return begun + STEP if minutes > 0 else begun
    return begun + timedelta(minutes=minutes)


def floored(at: datetime) -> datetime:
    """Return the last whole five minutes before an instant."""
    return at - (at - _EPOCH) % STEP
