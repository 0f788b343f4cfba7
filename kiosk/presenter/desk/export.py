"""台账导出: which months, which files, to the stick that is plugged in; a pulled stick costs nothing.

Upstream: ``page``, ``shapes``, ``kiosk.usecases.step_export``.
Downstream: ``home``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.presenter.desk.intents import BeginExport, GoOnExporting, LookForSticks, StopExporting
from kiosk.presenter.desk.page import STAYS, Page, Turn
from kiosk.presenter.desk.shapes import act, tile
from kiosk.presenter.desk.taps import Act, Place, TapAct, TapPick
from kiosk.presenter.desk.views import MarksBody, MessageBody
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Tone
from kiosk.usecases.export_ports import Exported, ExportProgress, Format, NotExported, Phase
from kiosk.usecases.step_export import Months, Sticks

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presenter.acts import Tap
    from kiosk.presenter.desk.intents import Came, DeskIntent
    from kiosk.presenter.desk.page import Context
    from kiosk.presenter.desk.views import Body
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.export_ports import ExportStep

HALF = 0.5  # of the bar: making the files is its first half, copying them the second
_ICONS = {Format.XLSX: Icon.CALENDAR, Format.CSV: Icon.KEYPAD, Format.PDF: Icon.CERTIFICATE, Format.CHAIN: Icon.LOCK}


@dataclass(frozen=True, slots=True)
class ExportPage(Page):
    """What is wanted, and how far it is; ``step`` None until it is begun."""

    months: Months = Months.THIS
    formats: frozenset[Format] = frozenset({Format.XLSX, Format.PDF})
    sticks: Sticks | None = None
    step: ExportStep | None = None

    def title(self, voice: Voice) -> str:
        """Say what it is about."""
        return voice.phrases.of("desk_place", Place.EXPORT)

    def wants(self, context: Context) -> tuple[LookForSticks, ...]:  # noqa: ARG002  the interface's
        """Look for sticks."""
        return (LookForSticks(),)

    def took(self, came: Came) -> Page:
        """Take what is plugged in, or how far it is."""
        if isinstance(came, Sticks):
            return replace(self, sticks=came)
        return replace(self, step=came) if isinstance(came, ExportProgress | Exported | NotExported) else self

    def follows(self, came: Came, context: Context) -> tuple[DeskIntent, ...]:  # noqa: ARG002  the interface's
        """Go on until it is done."""
        return (GoOnExporting(),) if isinstance(came, ExportProgress) else ()

    @property
    def leaves(self) -> tuple[DeskIntent, ...]:
        """Let go of an export that runs."""
        return (StopExporting(),) if isinstance(self.step, ExportProgress) else ()

    def tapped(self, tap: Tap, context: Context) -> Turn:
        """Choose, look again, or begin."""
        if isinstance(self.step, ExportProgress):
            return STAYS
        if isinstance(tap, TapPick) and self.step is None:
            return Turn(self._picked(tap.key))
        if tap == TapAct(Act.SEARCH):
            return Turn(replace(self, step=None), reads=(LookForSticks(),))
        if tap != TapAct(Act.BEGIN) or self.sticks is None or not self.sticks.folders or not self.formats:
            return STAYS
        begin = BeginExport(context.operator, self.sticks.folders[0], self.formats, self.months)
        return Turn(replace(self, step=ExportProgress(Phase.READ, 0, 1)), reads=(begin,))

    def _picked(self, key: str) -> ExportPage:
        if key in set(Months):
            return replace(self, months=Months(key))
        return replace(self, formats=self.formats ^ {Format(key)})

    def body(self, context: Context, voice: Voice, now: datetime | None) -> Body:  # noqa: ARG002  the interface's
        """Put it into words."""
        say = voice.phrases.say
        if isinstance(self.step, ExportProgress):
            return _running(self.step, voice)
        if isinstance(self.step, Exported):
            done = say("export.done", files=len(self.step.files), sessions=self.step.sessions)
            again = act(say("desk.export.again"), Icon.STICK, Act.SEARCH, Tone.CALM)
            return MessageBody(Tone.GOOD, Icon.DONE, done, tuple(file.name for file in self.step.files[:4]), (again,))
        if isinstance(self.step, NotExported):
            on, look = say("desk.export.go_on"), say("desk.export.change")
            buttons = (act(look, Icon.GO_BACK, Act.SEARCH, Tone.QUIET), act(on, Icon.STICK, Act.BEGIN))
            return MessageBody(Tone.WARN, Icon.STICK, voice.phrases.of("export", "fault", self.step.fault), (), buttons)
        if self.sticks is None or not self.sticks.folders:
            look_again = act(say("desk.export.look"), Icon.SAVING, Act.SEARCH)
            lines = (say("desk.export.where"),)
            return MessageBody(Tone.CALM, Icon.STICK, say("desk.export.plug_in"), lines, (look_again,))
        return self._form(self.sticks, voice)

    def _form(self, sticks: Sticks, voice: Voice) -> MarksBody:
        say, of = voice.phrases.say, voice.phrases.of
        months = tuple(
            tile(Icon.CALENDAR, of("export_months", each), each, chosen=each is self.months) for each in Months
        )
        formats = tuple(
            tile(_ICONS[each], of("export_format", each), each, chosen=each in self.formats) for each in Format
        )
        begin = say("desk.export.begin", stick=sticks.folders[0].name)
        return MarksBody(
            upper_name=say("desk.export.when"),
            upper=months,
            lower_name=say("desk.export.what"),
            lower=formats,
            counted="",
            counts=(),
            confirm=act(begin, Icon.STICK, Act.BEGIN, live=bool(self.formats)),
        )


def _running(step: ExportProgress, voice: Voice) -> MessageBody:
    share = min(1.0, step.done / step.total) if step.total else 1.0
    bar = HALF * share + (HALF if step.phase is Phase.COPY else 0.0)
    text = voice.phrases.say("desk.export.percent", percent=int(100 * bar))
    lines = (voice.phrases.say("desk.export.stay"),)
    headline = voice.phrases.of("export", "progress", step.phase)
    return MessageBody(Tone.CALM, Icon.STICK, headline, lines, (), round(bar, 2), text)
