"""Tells from a run of pictures whether the camera really sees.

A covered lens gives dark pictures; a crashed sensor gives the same picture for ever, bit by bit, which no
living one does. Footage repeats pictures by right (a still in a folder), so only live sources are judged for that.

*Upstream*: `camera` shows every picture. *Downstream*: `camera_state` takes the signs.
"""

from dataclasses import dataclass

from kiosk.scan.camera_state import CameraSign
from kiosk.scan.picture import Picture

_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class EyesightLimits:
    """When a picture counts as dark and a sensor as frozen.

    Attributes:
        dark_below: mean grey value, 0 to 255.
        look_every_s: how often the brightness is measured; it costs half a millisecond.
        stuck_after_s: the same picture, or no picture, for this long.
    """

    dark_below: float = 12.0
    look_every_s: float = 0.5
    stuck_after_s: float = 2.0


class Eyesight:
    """Memory of the pictures of one camera, over every opening of it."""

    def __init__(self, limits: EyesightLimits) -> None:
        """Begin blind; `opened` comes before the first picture."""
        self._limits = limits
        self._live = False
        self._fingerprint: int | None = None
        self._changed_ns: int | None = None
        self._looked_ns: int | None = None
        self._light = CameraSign.BRIGHT

    def opened(self, now_ns: int, *, live: bool) -> None:
        """Take note of a source just opened. A sensor that was frozen must show a new picture to be trusted again."""
        if not self.silent(now_ns):
            self._changed_ns = now_ns
        self._live = live
        self._looked_ns = None

    def judge(self, picture: Picture, now_ns: int) -> CameraSign:
        """Return BRIGHT, DARK or STUCK. Raises `PictureError` for a spoilt picture."""
        if self._live:
            fingerprint = picture.fingerprint()
            if fingerprint != self._fingerprint:
                self._fingerprint = fingerprint
                self._changed_ns = now_ns
            if self.silent(now_ns):
                return CameraSign.STUCK
        if self._looked_ns is None or now_ns - self._looked_ns >= self._limits.look_every_s * _NS:
            self._looked_ns = now_ns
            dark = picture.small().mean() < self._limits.dark_below
            self._light = CameraSign.DARK if dark else CameraSign.BRIGHT
        return self._light

    def silent(self, now_ns: int) -> bool:
        """Tell whether a live source has shown nothing new for too long, be it by the same picture or by none."""
        if not self._live or self._changed_ns is None:
            return False
        return now_ns - self._changed_ns >= self._limits.stuck_after_s * _NS
