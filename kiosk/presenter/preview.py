"""The camera's place on the idle screen: the one instruction, or what is wrong, what still works and whom to call.

Upstream: ``contents``, ``wording``.
Downstream: ``idle``, ``status``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.presenter.contents import CameraSight
from kiosk.presenter.icons import Icon
from kiosk.presenter.views import Badge, Preview, Tone

if TYPE_CHECKING:
    from kiosk.presenter.wording import Voice

_LOOKS = {
    CameraSight.STARTING: (Icon.CAMERA, Tone.CALM),
    CameraSight.SEEING: (Icon.CAMERA, Tone.GOOD),
    CameraSight.DARK: (Icon.DARK, Tone.WARN),
    CameraSight.FROZEN: (Icon.NO_CAMERA, Tone.WARN),
    CameraSight.GONE: (Icon.NO_CAMERA, Tone.BAD),
    CameraSight.ENDED: (Icon.NO_CAMERA, Tone.CALM),
    CameraSight.UNREADABLE: (Icon.NO_CAMERA, Tone.BAD),
}
_LIVE = frozenset({CameraSight.SEEING, CameraSight.DARK, CameraSight.UNREADABLE})


def preview_view(sight: CameraSight, voice: Voice) -> Preview:
    """Put the camera's state into words for the person who stands before it."""
    icon, tone = _LOOKS[sight]
    return Preview(
        live=sight in _LIVE,
        icon=Icon.CERTIFICATE if sight is CameraSight.SEEING else icon,
        tone=Tone.ACCENT if sight is CameraSight.SEEING else tone,
        headline=voice.phrases.of("camera", sight, "headline"),
        hint=voice.phrases.of("camera", sight, "hint"),
        still_works=voice.phrases.of("camera", sight, "still_works"),
    )


def camera_badge(sight: CameraSight, voice: Voice) -> Badge:
    """Return the camera's place in the status line."""
    icon, tone = _LOOKS[sight]
    return Badge(icon, voice.phrases.of("camera", sight, "status"), tone)
