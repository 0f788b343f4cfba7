"""The empty booth on a morning: window over the city, banner, shelf, peonies, counter.

*Upstream*: `paint`. *Downstream*: `film` paints it once and puts everybody between `back` and `counter`.
"""

import math
from dataclasses import dataclass, field

import cv2
import numpy as np

from kiosk.scan.picture import Pixels
from kiosk.scan.scene.paint import Canvas, Sprite, gradient

WIDTH, HEIGHT = 1280, 720
_WINDOW = (86, 150, 356, 300)  # left, top, width, height


@dataclass(frozen=True, slots=True)
class Booth:
    """The painted booth.

    Attributes:
        back: (720, 1280, 3) uint8, what is behind the volunteers.
        counter: the edge of the counter before them.
        counter_top: its height in the frame, pixels from the top.
    """

    back: Pixels = field(repr=False)
    counter: Sprite
    counter_top: int


def paint_booth() -> Booth:
    """Paint the booth, 1280 by 720."""
    sheet = Canvas(WIDTH, HEIGHT)
    _wall(sheet)
    _window(sheet)
    _banner(sheet)
    _shelf(sheet)
    _board(sheet)
    back = sheet.flat()
    _light(back)
    counter = _counter()
    return Booth(back, counter, HEIGHT - counter.bgr.shape[0])


def _box(left: float, top: float, width: float, height: float) -> list[tuple[float, float]]:
    return [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]


def _wall(sheet: Canvas) -> None:
    sheet.shape(_box(0, 0, WIDTH, HEIGHT), "#efe3cf")
    sheet.shape(_box(0, 520, WIDTH, 200), "#cfa77b")
    for x in range(0, WIDTH, 92):
        sheet.shape(_box(x, 520, 3, 200), "#b98f63")
    sheet.shape(_box(0, 510, WIDTH, 14), "#a97c50")
    sheet.tint(_box(0, 524, WIDTH, 16), "#6d4a2a", 0.25, 5)


def _window(sheet: Canvas) -> None:
    left, top, width, height = _WINDOW
    sheet.tint(_box(left - 6, top + 2, width + 26, height + 30), "#8a6a45", 0.35, 9)
    sheet.shape(_box(left - 16, top - 16, width + 32, height + 32), "#fbf6ea")
    _sky(sheet)
    _city(sheet)
    sheet.shape(_box(left + width / 2 - 5, top, 9, height), "#fbf6ea")
    for x in (left - 16, left + width):
        sheet.shape(_box(x, top, 16, height + 16), "#fbf6ea")
    sheet.shape(_box(left - 16, top + height, width + 32, 16), "#fbf6ea")
    sheet.shape(_box(left, top + 96, width, 8), "#fbf6ea")
    sheet.shape(_box(left - 30, top + height + 14, width + 60, 18), "#e4d5b9")
    sheet.tint(_box(left - 30, top + height + 32, width + 60, 10), "#8a6a45", 0.3, 4)


def _sky(sheet: Canvas) -> None:
    left, top, width, height = _WINDOW
    bands = 60
    colours = gradient(1, bands, "#8fc4ea", "#ffe3b8")[:, 0]
    for band, (blue, green, red) in enumerate(colours.tolist()):
        sheet.shape(
            _box(left, top + height * band / bands, width, height / bands + 1), f"#{red:02x}{green:02x}{blue:02x}"
        )
    sheet.tint(_oval((left + 268, top + 168), 74, 74), "#fff3cf", 0.75, 22)
    sheet.oval((left + 268, top + 168), (27, 27), "#fff6d8")
    for x, y, size in ((60, 52, 1.0), (214, 40, 0.7), (120, 122, 0.6)):
        for shift, radius in ((-26, 13), (-6, 20), (20, 15)):
            sheet.tint(
                _oval((left + x + shift * size, top + y), radius * 1.5 * size, radius * 0.8 * size), "#ffffff", 0.8, 2
            )


def _city(sheet: Canvas) -> None:
    left, top, width, height = _WINDOW
    floor = top + height
    ridge = [(left + x, floor - 74 - 24 * math.sin(x / 52) - 12 * math.sin(x / 23)) for x in range(0, width + 1, 6)]
    sheet.shape([(left, floor), *ridge, (left + width, floor)], "#b9c9c4")
    _tower(sheet, left + 112, floor)
    for x, tall in ((6, 58), (206, 74), (248, 50), (296, 88), (326, 62)):
        sheet.shape(_box(left + x, floor - tall, 28, tall), "#9db3b5")
    for x in range(8, width, 26):
        radius = 15 + 6 * math.sin(x)
        sheet.oval((left + min(x, width - 16), floor - 10), (16, radius), "#7fa573" if x % 4 else "#93b57f")
    sheet.shape(_box(left, floor - 8, width, 8), "#7fa573")


def _tower(sheet: Canvas, x: float, floor: float) -> None:
    """A tower of many roofs, as over the old city of Luoyang."""
    for storey, half in enumerate((44, 37, 30, 22)):
        y = floor - 20 - 36 * storey
        sheet.shape(_box(x - half * 0.62, y - 32, half * 1.24, 34), "#b4705c")
        sheet.shape(_box(x - half * 0.62, y - 14, half * 1.24, 3), "#d9a17c")
        eaves = [(-1.12, -34), (-0.9, -29), (-0.6, -42), (0.6, -42), (0.9, -29), (1.12, -34), (0.86, -24), (-0.86, -24)]
        sheet.shape([(x + half * dx, y + dy) for dx, dy in eaves], "#5d6f77")
    sheet.shape([(x - 16, floor - 168), (x, floor - 194), (x + 16, floor - 168)], "#5d6f77")
    sheet.oval((x, floor - 197), (3, 7), "#d8b25a")


def _banner(sheet: Canvas) -> None:
    sheet.tint(_box(0, 14, WIDTH, 92), "#7a5a38", 0.4, 8)
    wave = [(x, 92 + 5 * math.sin(x / 96)) for x in range(WIDTH, -1, -16)]
    sheet.shape([(0, 0), (WIDTH, 0), *wave], "#c8202c")
    for x in range(40, WIDTH, 190):
        sheet.tint(_box(x, 0, 46, 86), "#8f0f1c", 0.28, 16)
        sheet.tint(_box(x + 84, 0, 30, 86), "#f0525a", 0.22, 14)
    sheet.stroke([(x, y - 9) for x, y in wave], "#f3c64e", 3)
    sheet.letters("河南学雷锋志愿服务", (560, 46), 48, "#fff3d6", 700)
    sheet.letters("文明使者", (930, 46), 48, "#ffd76a", 700)
    for x in (270, 1070):
        heart(sheet, (x, 46), 19, "#ffd76a")


def heart(sheet: Canvas, centre: tuple[float, float], size: float, paint: str) -> None:
    """Paint a heart, twice `size` wide."""
    angles = [math.tau * step / 60 for step in range(60)]
    sheet.shape(
        [
            (
                centre[0] + size * math.sin(t) ** 3,
                centre[1]
                - size * (13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)) / 16,
            )
            for t in angles
        ],
        paint,
    )


def _shelf(sheet: Canvas) -> None:
    """On the right: hot water, cups, first aid, a vase of peonies."""
    sheet.tint(_box(846, 424, 360, 16), "#7a5a38", 0.35, 6)
    sheet.shape(_box(840, 408, 372, 16), "#b98250")
    sheet.shape(_box(840, 421, 372, 4), "#94633a")
    for x in (872, 1168):
        sheet.shape([(x, 424), (x + 12, 424), (x + 12, 440), (x + 4, 454)], "#94633a")
    _thermos(sheet, 876)
    for x in (940, 984):
        sheet.shape([(x - 17, 368), (x + 17, 368), (x + 13, 408), (x - 13, 408)], "#ffffff")
        sheet.arc((x + 17, 385), (10, 10), (-90, 90), "#ffffff", 4.5)
        heart(sheet, (x, 387), 8, "#d8323c")
    sheet.blob(_rounded(1016, 352, 74, 56), "#ffffff")
    sheet.shape(_box(1047, 362, 12, 36), "#3f9a5f")
    sheet.shape(_box(1035, 374, 36, 12), "#3f9a5f")
    sheet.arc((1053, 352), (14, 9), (180, 360), "#c9c9c9", 4)
    _peonies(sheet, 1150)


def _thermos(sheet: Canvas, x: float) -> None:
    sheet.blob(_rounded(x - 24, 318, 48, 90), "#d8464e")
    sheet.tint(_box(x - 17, 324, 9, 78), "#ffffff", 0.35, 4)
    sheet.shape(_box(x - 24, 342, 48, 5), "#f3c64e")
    sheet.shape(_box(x - 14, 302, 28, 18), "#e9e2d2")
    sheet.arc((x + 25, 362), (12, 24), (-90, 90), "#a02c34", 5)


def _peonies(sheet: Canvas, x: float) -> None:
    for dx, dy in ((-34, 306), (8, 282), (40, 318)):
        sheet.stroke([(x, 372), (x + dx * 0.5, 346), (x + dx, dy)], "#5d8a52", 4)
    for dx, dy, turned in ((-46, 342, 24), (48, 350, -24), (-12, 336, 70)):
        sheet.oval((x + dx, dy), (22, 9), "#6f9c5f", turned)
    for dx, dy, paint in ((-36, 300, "#e56b8e"), (10, 276, "#f08ba6"), (42, 312, "#d9507a")):
        for ring, (radius, shade) in enumerate(((24, 0.0), (17, 0.18), (9, 0.36))):
            for petal in range(7):
                angle = math.tau * petal / 7 + ring * 0.4
                at = (x + dx + radius * 0.55 * math.cos(angle), dy + radius * 0.48 * math.sin(angle))
                sheet.oval(at, (radius * 0.52, radius * 0.46), paint)
                if shade:
                    sheet.tint(_oval(at, radius * 0.5, radius * 0.44), "#ffffff", shade, 1)
        sheet.oval((x + dx, dy), (4, 4), "#f6d56a")
    sheet.blob([(x - 15, 360), (x + 15, 360), (x + 26, 386), (x + 16, 408), (x - 16, 408), (x - 26, 386)], "#f7f9fb")
    sheet.arc((x, 378), (23, 6), (10, 170), "#4f7fb5", 3)
    sheet.arc((x, 388), (24, 6), (10, 170), "#4f7fb5", 1.6)


def _board(sheet: Canvas) -> None:
    """Above the shelf: a notice and a clock without haste."""
    sheet.tint(_box(864, 146, 168, 128), "#7a5a38", 0.3, 6)
    sheet.shape(_box(860, 140, 168, 128), "#fffaf0")
    sheet.shape(_box(860, 140, 168, 30), "#c8202c")
    sheet.letters("志愿服务", (944, 155), 20, "#fff3d6", 600)
    heart(sheet, (896, 218), 20, "#d8323c")
    for row, wide in enumerate((78, 92, 60, 84)):
        sheet.shape(_box(930, 190 + 18 * row, wide, 6), "#c9b99b")
    sheet.tint(_oval((1126, 204), 47, 47), "#7a5a38", 0.35, 6)
    sheet.oval((1122, 198), (45, 45), "#c8202c")
    sheet.oval((1122, 198), (38, 38), "#fffaf0")
    for hour in range(12):
        angle = math.tau * hour / 12
        sheet.oval((1122 + 31 * math.cos(angle), 198 + 31 * math.sin(angle)), (2.2, 2.2), "#6b5a45")
    sheet.stroke([(1122, 198), (1108, 182)], "#4a3f33", 5)
    sheet.stroke([(1122, 198), (1124, 170)], "#4a3f33", 3.4)
    sheet.oval((1122, 198), (4, 4), "#c8202c")


def _counter() -> Sprite:
    sheet = Canvas(WIDTH, 54)
    sheet.shape(_box(0, 10, WIDTH, 44), "#a8703f")
    sheet.shape(_box(0, 10, WIDTH, 9), "#cf9a63")
    for x in range(-40, WIDTH, 128):
        sheet.stroke([(x, 36), (x + 60, 33), (x + 110, 38)], "#99622f", 1.6)
    return sheet.sprite()


def _light(back: Pixels) -> None:
    """Let the morning fall in from the left, once, where it cannot be taken for movement."""
    beam = np.zeros(back.shape[:2], np.float32)
    cv2.fillPoly(beam, [np.array([(120, 160), (420, 160), (980, 720), (420, 720)], np.int32)], 1.0)
    beam = np.asarray(cv2.GaussianBlur(beam, (0, 0), 40), np.float32)[..., None]
    across = np.linspace(1.05, 0.86, back.shape[1], dtype=np.float32)[None, :, None]
    warm = np.array((0.90, 1.0, 1.06), np.float32)
    lit = back * across * warm + beam * np.array((10, 24, 34), np.float32)
    back[:] = np.clip(lit, 0, 255).astype(np.uint8)


def _oval(centre: tuple[float, float], wide: float, tall: float) -> list[tuple[float, float]]:
    return [
        (centre[0] + wide * math.cos(math.tau * step / 36), centre[1] + tall * math.sin(math.tau * step / 36))
        for step in range(36)
    ]


def _rounded(left: float, top: float, width: float, height: float) -> list[tuple[float, float]]:
    right, bottom, cut = left + width, top + height, min(width, height) * 0.12
    return [
        (left + cut, top), ((left + right) / 2, top - 0.5), (right - cut, top), (right, top + cut),
        (right, (top + bottom) / 2), (right, bottom - cut), (right - cut, bottom), ((left + right) / 2, bottom + 0.5),
        (left + cut, bottom), (left, bottom - cut), (left, (top + bottom) / 2), (left, top + cut),
    ]  # fmt: skip
