"""服务评价: three faces for whoever was served, and one sentence afterwards; nobody is asked who they are.

Upstream: ``area``, ``kiosk.usecases.record_outcomes``.
Downstream: ``areas``; ``kiosk.ui.screens.faces``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from kiosk.presenter.acts import AreaIntent, AreaTap, TapClose
from kiosk.presenter.area import Area, Step
from kiosk.presenter.icons import Icon
from kiosk.presenter.navigation import Screen
from kiosk.presenter.views import AreaView, Button, NoticeView, Sound, Tone
from kiosk.usecases.record_outcomes import FaceRefused, FaceTaken
from sync.protocol.vocabulary import Face

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.domain.recipient_rating import FaceRefusal
    from kiosk.presenter.acts import Intent, Tap
    from kiosk.presenter.views import Countdown
    from kiosk.presenter.wording import Voice
    from kiosk.usecases.area_outcome import AreaOutcome
    from kiosk.usecases.outcomes import Outcome

FACES_S = 20
THANKS_S = 3
REFUSED_S = 6
_FACES = {
    Face.SATISFIED: (Icon.SMILE, Tone.GOOD),
    Face.NEUTRAL: (Icon.NEUTRAL, Tone.CALM),
    Face.DISSATISFIED: (Icon.SAD, Tone.WARN),
}


@dataclass(frozen=True, slots=True)
class TapFaces(AreaTap):
    """服务评价, on the idle screen."""


@dataclass(frozen=True, slots=True)
class TapFace(AreaTap):
    """One of the three."""

    face: Face


@dataclass(frozen=True, slots=True)
class RateIntent(AreaIntent):
    """Record a face for whoever is on duty."""

    face: Face


@dataclass(frozen=True, slots=True)
class FacesView(AreaView):
    """One question, three faces; ``note`` says that nobody is asked who they are."""

    question: str
    faces: tuple[Button, ...]
    note: str
    cancel: Button
    countdown: Countdown


@dataclass(frozen=True, slots=True)
class Faces(Area):
    """The three faces; ``asked`` while the answer is awaited."""

    screen: ClassVar[Screen] = Screen.FACES
    stays_s: ClassVar[int] = FACES_S
    asked: bool = False

    def tapped(self, tap: Tap, now_s: float) -> Step:  # noqa: ARG002  the same at any second
        """Take one face, once."""
        if isinstance(tap, TapFace) and not self.asked:
            return Step(replace(self, asked=True), (RateIntent(tap.face),))
        return Step(None) if isinstance(tap, TapClose) else Step(self)

    def shown(self, outcome: Outcome | AreaOutcome, answers: Intent | None) -> Step | None:  # noqa: ARG002  only ours
        """Thank, or say why it was not taken."""
        if isinstance(outcome, FaceTaken):
            return Step(FaceAnswer(), sound=Sound.END)
        return Step(FaceAnswer(outcome.reason), sound=Sound.REFUSAL) if isinstance(outcome, FaceRefused) else None

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> FacesView:  # noqa: ARG002  undated
        """Put the question into words."""
        phrases = voice.phrases
        return FacesView(
            question=phrases.say("faces.question"),
            faces=tuple(
                Button(phrases.of("face", face), icon, TapFace(face), tone) for face, (icon, tone) in _FACES.items()
            ),
            note=phrases.say("faces.note"),
            cancel=Button(phrases.say("faces.cancel"), Icon.CANCEL, TapClose()),
            countdown=countdown,
        )


@dataclass(frozen=True, slots=True)
class FaceAnswer(Area):
    """Thanks; or the sentence of a refusal."""

    screen: ClassVar[Screen] = Screen.NOTICE
    reason: FaceRefusal | None = None

    @property
    def stays_s(self) -> int:
        """Thanks are short."""
        return THANKS_S if self.reason is None else REFUSED_S

    def tapped(self, tap: Tap, now_s: float) -> Step:  # noqa: ARG002  any touch at any second
        """Go home."""
        return Step(None)

    def view(self, voice: Voice, now: datetime | None, countdown: Countdown) -> NoticeView:  # noqa: ARG002  undated
        """Put it into words."""
        phrases, reason = voice.phrases, self.reason
        close = Button(phrases.say("card.close"), Icon.CHECK, TapClose(), Tone.GOOD)
        if reason is None:
            what, advice, note = (phrases.say(f"faces.{part}") for part in ("thanks", "thanks_advice", "thanks_note"))
            return NoticeView(Tone.GOOD, Icon.SMILE, what, advice, note, close, countdown)
        what, advice = phrases.of("face_refusal", reason, "what"), phrases.of("face_refusal", reason, "advice")
        return NoticeView(Tone.WARN, Icon.CLOCK, what, advice, phrases.say("faces.refused_note"), close, countdown)
