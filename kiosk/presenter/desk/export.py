"""台账导出: placeholder page until its use case stands."""

from __future__ import annotations
from dataclasses import dataclass
from kiosk.presenter.desk.page import Page
from kiosk.presenter.desk.views import MessageBody
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Tone


@dataclass(frozen=True, slots=True)
class ExportPage(Page):
    def title(self, voice):
        return voice.phrases.say("desk.place.export")

    def body(self, context, voice, now):
        return MessageBody(Tone.CALM, Icon.STICK, voice.phrases.say("desk.reading"), (), ())
