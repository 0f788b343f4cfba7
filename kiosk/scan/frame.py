"""A picture with its number and the instant it was taken.

*Upstream*: `camera`. *Downstream*: `lookout`, and the preview of the idle screen.
"""

from dataclasses import dataclass

from kiosk.scan.picture import Picture, Pixels


@dataclass(frozen=True, slots=True)
class Frame:
    """One look of the camera.

    Attributes:
        number: counts from 1 and only grows, also over an unplugged camera.
        taken_bt_ns: boot-time clock when the source delivered it, nanoseconds.
        picture: what was delivered, unpacked on demand.
    """

    number: int
    taken_bt_ns: int
    picture: Picture

    def gray(self) -> Pixels:
        """Return (H, W) uint8, 0 = black. Raises `PictureError` for a spoilt picture."""
        return self.picture.gray()

    def small(self) -> Pixels:
        """Return (H / 8, W / 8) uint8 means. Raises `PictureError` for a spoilt picture."""
        return self.picture.small()

    def rgba(self, max_width: int) -> Pixels:
        """Return (h, w, 4) uint8 for a screen, w <= max_width. Raises `PictureError` for a spoilt picture."""
        return self.picture.rgba(max_width)
