"""The camera's picture, mirrored, with a frame to aim at; or why there is none.

Upstream: ``kiosk.presenter.views.Preview``, pictures from ``options.Hooks.preview``.
Downstream: the idle screen.

A still scene is looked at three times a second, a moving one twelve: a booth is empty most of the day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kivy.clock import Clock
from kivy.graphics import Color, InstructionGroup, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout

from kiosk.presenter.views import Preview
from kiosk.ui.kv import load_beside
from kiosk.ui.painting import Patch
from kiosk.ui.textures import corner
from kiosk.ui.theme import THEME

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.ui.options import PreviewFrame

MOVING_FPS, STILL_FPS = 12, 3
STILL_AFTER = 24  # looks without a change
SAMPLES = 600
NOTICED, SHARE = 26, 0.01  # a byte changed by more than a lamp's flicker, in more than this share of the samples
AIM, ARM, STROKE = 0.7, 0.2, 8.0


class CameraPreview(FloatLayout):
    """The place of the camera."""

    live = BooleanProperty(False)
    icon = StringProperty("")
    text = StringProperty("")
    ground = ColorProperty(THEME.card)
    ink = ColorProperty(THEME.ink)
    radius = NumericProperty(28.0)

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._source: Callable[[int], PreviewFrame | None] | None = None
        self._texture: Any = None
        self._number = 0
        self._samples = b""
        self._quiet = 0
        self._patch = Patch()
        self._picture = InstructionGroup()
        self.canvas.add(self._picture)
        self._look = Clock.schedule_interval(self._look_up, 1 / MOVING_FPS)
        self._look.cancel()
        for name in ("pos", "size", "live", "radius"):
            self.fbind(name, self._lay_out)

    def on_kv_post(self, _base: Any) -> None:
        self._trouble = self.ids.trouble.__self__  # ids alone do not keep what leaves the tree

    def show(self, preview: Preview) -> None:
        """Become this view state."""
        self.live = preview.live
        self.icon, self.text = preview.icon.value, preview.still_works
        self.ground, self.ink = THEME.ground(preview.tone), THEME.text(preview.tone)
        if preview.live and self._trouble.parent is self:
            self.remove_widget(self._trouble)
        elif not preview.live and self._trouble.parent is None:
            self.add_widget(self._trouble)

    def watch(self, source: Callable[[int], PreviewFrame | None] | None) -> None:
        """Look at this source from now on; None stops looking."""
        self._source = source
        self._look.cancel()
        if source is not None:
            self._pace(MOVING_FPS)

    def _pace(self, fps: int) -> None:
        if self._look.timeout != 1 / fps or not self._look.is_triggered:
            self._look.cancel()
            self._look = Clock.schedule_interval(self._look_up, 1 / fps)

    def _look_up(self, _elapsed: float) -> None:
        frame = self._source(self._number) if self._source is not None and self.live else None
        if frame is None:
            return
        self._number = frame.number
        if not self._changed(frame):
            return
        if self._texture is None or self._texture.size != (frame.width, frame.height):
            self._texture = Texture.create(size=(frame.width, frame.height), colorfmt="rgba")
            self._lay_out()
        self._texture.blit_buffer(frame.rgba, colorfmt="rgba", bufferfmt="ubyte")
        self._patch.repaint(self)

    def _changed(self, frame: PreviewFrame) -> bool:
        """Tell whether the picture is worth drawing, and look more often while it is."""
        pixels = memoryview(frame.rgba).cast("B")
        before, self._samples = self._samples, bytes(pixels[:: len(pixels) // SAMPLES | 1])
        changed = sum(abs(a - b) > NOTICED for a, b in zip(before, self._samples, strict=False))
        moved = len(before) != len(self._samples) or changed > SHARE * SAMPLES
        self._quiet = 0 if moved else self._quiet + 1
        self._pace(STILL_FPS if self._quiet > STILL_AFTER else MOVING_FPS)
        return moved or self._quiet < STILL_AFTER or not self._quiet % STILL_FPS

    def _lay_out(self, *_: object) -> None:
        for group in (self._picture, self._patch.context):
            group.clear()
            if self.live and self._texture is not None:
                self._draw_picture(group)

    def _draw_picture(self, group: Any) -> None:
        group.add(Color(1, 1, 1, 1))
        group.add(Rectangle(texture=self._texture, pos=self.pos, size=self.size, tex_coords=self._cropped()))
        group.add(Color(rgba=THEME.accent_text))
        for pos, size in self._aim():
            group.add(Rectangle(pos=pos, size=size))
        group.add(Color(rgba=THEME.paper))
        radius = max(1, round(self.radius))
        cut = corner(radius)
        for right in (False, True):
            for top in (False, True):
                pos = (self.right - radius if right else self.x, self.top - radius if top else self.y)
                u, v = ((1, 0) if right else (0, 1)), ((1, 0) if top else (0, 1))
                coords = (u[0], v[0], u[1], v[0], u[1], v[1], u[0], v[1])
                group.add(Rectangle(texture=cut, pos=pos, size=(radius, radius), tex_coords=coords))

    def _cropped(self) -> tuple[float, ...]:
        """The part of the texture that fills the place without distortion, mirrored and the right way up."""
        width, height = self._texture.size
        shape, wanted = width / height, self.width / max(1, self.height)
        across, along = min(1.0, wanted / shape), min(1.0, shape / wanted)
        left, right = (1 - across) / 2, (1 + across) / 2
        low, high = (1 - along) / 2, (1 + along) / 2
        return (right, high, left, high, left, low, right, low)

    def _aim(self) -> list[tuple[tuple[float, float], tuple[float, float]]]:
        """Four angles of a square, each of two strokes."""
        side = AIM * min(self.size)
        arm, stroke = ARM * side, STROKE * THEME.unit
        left, low = self.x + (self.width - side) / 2, self.y + (self.height - side) / 2
        strokes = []
        for x in (left, left + side - arm):
            strokes += [((x, low), (arm, stroke)), ((x, low + side - stroke), (arm, stroke))]
        for x in (left, left + side - stroke):
            strokes += [((x, low), (stroke, arm)), ((x, low + side - arm), (stroke, arm))]
        return strokes


load_beside(__file__)
