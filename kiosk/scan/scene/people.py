"""Volunteers of many looks in a red cap and armband, painted once each.

*Upstream*: `paint`. *Downstream*: `film` moves them about; the arm that lifts the card is drawn anew for
every frame between `shoulder` and the hand.
"""

from dataclasses import dataclass

from kiosk.scan.scene.booth import heart
from kiosk.scan.scene.paint import Canvas, Point, Sprite

WIDTH, HEIGHT = 520, 680
MIDDLE = 260.0
SHOULDERS: tuple[Point, Point] = ((142.0, 420.0), (378.0, 420.0))
"""Where the two arms begin on the sprite, left and right as the lens sees them."""

_CAP, _CAP_DARK, _CAP_LIGHT = "#d3202f", "#a11422", "#ee5560"


@dataclass(frozen=True, slots=True)
class Look:
    """What tells one volunteer from another.

    Attributes:
        skin, blush, hair, shirt: colours; `shirt_dark` is the shirt in shadow.
        cut: of the hair: "short", "bob", "bun" or "curls".
        glasses, old, vest: worn or not.
    """

    skin: str
    blush: str
    hair: str
    shirt: str
    shirt_dark: str
    cut: str
    glasses: bool = False
    old: bool = False
    vest: bool = False


LOOKS = (
    Look("#f6d3b3", "#ef9d86", "#2f2a2c", "#6fa3c9", "#4f83ab", "bob", vest=True),
    Look("#eec39c", "#de9274", "#d9d9d6", "#7d8f7a", "#5f715d", "short", glasses=True, old=True),
    Look("#f8dcc4", "#f0a594", "#4a3026", "#f1d27a", "#d0ad51", "bun"),
    Look("#e3b187", "#cd8163", "#1f1d20", "#56657f", "#3e4c64", "short", vest=True),
    Look("#f3cdaa", "#e6957f", "#b9b4b0", "#b791b9", "#94709a", "curls", old=True),
    Look("#f1c9a5", "#e3937a", "#2a2322", "#eef1f3", "#c5cdd3", "short", glasses=True),
)


@dataclass(frozen=True, slots=True)
class Volunteer:
    """A painted volunteer.

    Attributes:
        awake, blinking: the two faces; both (680, 520).
        look: the colours, for the arm that moves.
    """

    awake: Sprite
    blinking: Sprite
    look: Look


def paint_volunteer(number: int) -> Volunteer:
    """Paint the volunteer of a look; numbers beyond the last begin again."""
    look = LOOKS[number % len(LOOKS)]
    return Volunteer(_painted(look, eyes_closed=False), _painted(look, eyes_closed=True), look)


def _painted(look: Look, *, eyes_closed: bool) -> Sprite:
    sheet = Canvas(WIDTH, HEIGHT)
    _hair_behind(sheet, look)
    _body(sheet, look)
    _head(sheet, look)
    _face(sheet, look, eyes_closed=eyes_closed)
    _cap(sheet)
    return sheet.sprite()


def _body(sheet: Canvas, look: Look) -> None:
    for side in (-1, 1):
        arm = [(80, 366), (124, 374), (158, 428), (170, 560), (166, 700), (92, 700), (84, 560), (70, 440)]
        sheet.blob([(MIDDLE + side * x, y) for x, y in arm], look.shirt_dark)
    torso = [(-60, 352), (0, 346), (60, 352), (98, 370), (104, 430), (100, 560), (106, 720), (-106, 720), (-100, 560),
             (-104, 430), (-98, 370)]  # fmt: skip
    sheet.blob([(MIDDLE + x, y) for x, y in torso], look.shirt)
    sheet.tint(
        [(MIDDLE - 60, 360), (MIDDLE + 60, 360), (MIDDLE + 44, 420), (MIDDLE - 44, 420)], look.shirt_dark, 0.6, 12
    )
    sheet.blob([(MIDDLE + x, y) for x, y in ((-34, 300), (34, 300), (38, 352), (0, 386), (-38, 352))], look.skin)
    sheet.tint([(MIDDLE + x, y) for x, y in ((-40, 306), (40, 306), (30, 346), (-30, 346))], look.blush, 0.4, 7)
    for side in (-1, 1):
        collar = [(0, 388), (40, 346), (60, 352), (40, 408)]
        sheet.shape([(MIDDLE + side * x, y) for x, y in collar], "#ffffff" if look.vest else look.shirt_dark)
        if look.vest:
            front = [(16, 420), (62, 352), (96, 368), (103, 430), (99, 560), (105, 690), (10, 690)]
            sheet.shape([(MIDDLE + side * x, y) for x, y in front], "#d3202f")
            sheet.stroke([(MIDDLE + side * 12, 424), (MIDDLE + side * 8, 690)], "#a11422", 3)
    heart(sheet, (MIDDLE + 60, 446), 14, "#ffd76a" if look.vest else "#d3202f")
    _armband(sheet)


def _armband(sheet: Canvas) -> None:
    """On the left arm, which the lens sees on the right."""
    x, y = MIDDLE + 124, 476
    sheet.shape([(x - 44, y - 12), (x + 42, y - 20), (x + 47, y + 40), (x - 41, y + 48)], "#c8202c")
    for rise in (0, 60):
        sheet.stroke(
            [(x - 43 + rise / 20, y - 10 + rise * 0.93), (x + 42 + rise / 14, y - 18 + rise * 0.93)], "#ffd76a", 4
        )
    sheet.letters("志愿者", (x + 1, y + 14), 25, "#ffe9a8", 700)


def _hair_behind(sheet: Canvas, look: Look) -> None:
    shapes = {
        "bob": [(-92, 170), (0, 120), (92, 170), (104, 260), (92, 320), (50, 330), (-50, 330), (-92, 320), (-104, 260)],
        "bun": [(-84, 170), (0, 120), (84, 170), (88, 240), (60, 290), (-60, 290), (-88, 240)],
        "curls": [(-98, 190), (-60, 130), (60, 130), (98, 190), (108, 240), (90, 282), (-90, 282), (-108, 240)],
        "short": [(-84, 170), (0, 130), (84, 170), (86, 226), (70, 256), (-70, 256), (-86, 226)],
    }
    sheet.blob([(MIDDLE + x, y) for x, y in shapes[look.cut]], look.hair)
    if look.cut == "bun":
        sheet.oval((MIDDLE + 78, 268), (26, 24), look.hair)
    if look.cut == "curls":
        for x, y in ((-98, 204), (-106, 240), (-92, 274), (98, 204), (106, 240), (92, 274)):
            sheet.oval((MIDDLE + x, y), (22, 21), look.hair)


def _head(sheet: Canvas, look: Look) -> None:
    for side in (-1, 1):
        sheet.oval((MIDDLE + side * 82, 236), (14, 20), look.skin)
        sheet.oval((MIDDLE + side * 83, 238), (7, 11), look.blush)
    jaw = [(-80, 190), (0, 130), (80, 190), (80, 250), (58, 306), (0, 334), (-58, 306), (-80, 250)]
    sheet.blob([(MIDDLE + x, y) for x, y in jaw], look.skin)
    fringe = {
        "bob": [(-84, 196), (0, 170), (84, 196), (80, 226), (52, 200), (0, 204), (-52, 200), (-80, 226)],
        "short": [(-82, 190), (0, 170), (82, 190), (80, 214), (66, 196), (0, 192), (-66, 196), (-80, 214)],
    }
    sheet.blob([(MIDDLE + x, y) for x, y in fringe["bob" if look.cut in {"bob", "bun"} else "short"]], look.hair)


def _face(sheet: Canvas, look: Look, *, eyes_closed: bool) -> None:
    for side in (-1, 1):
        eye = (MIDDLE + side * 33, 244.0)
        if eyes_closed:
            sheet.arc((eye[0], eye[1] + 1), (11, 6), (10, 170), "#3a2b2a", 3.6)
        else:
            sheet.oval(eye, (8.5, 11), "#33262a")
            sheet.oval((eye[0] + 3, eye[1] - 4), (3, 3.4), "#ffffff")
        sheet.arc((eye[0], eye[1] - 14), (16, 8), (205, 335), look.hair if not look.old else "#9b938c", 4)
        cheek = [(eye[0] + side * 14 + 15 * x, 280 + 10 * y) for x, y in ((-1, 0), (0, -1), (1, 0), (0, 1))]
        sheet.tint(cheek, look.blush, 0.75, 7)
        if look.glasses:
            sheet.arc(eye, (25, 22), (0, 360), "#4a4550", 3.4)
        if look.old:
            sheet.arc((MIDDLE + side * 24, 292), (18, 24), (-50, 30) if side > 0 else (150, 230), look.blush, 2.4)
    if look.glasses:
        sheet.arc((MIDDLE, 246), (9, 7), (190, 350), "#4a4550", 3.2)
    sheet.arc((MIDDLE, 266), (8, 6), (20, 160), look.blush, 3.2)
    sheet.oval((MIDDLE, 288), (24, 17), "#9c3b3d", span=(8, 172))
    sheet.oval((MIDDLE, 291), (18, 5), "#ffffff", span=(8, 172))


def _cap(sheet: Canvas) -> None:
    dome = [(-88, 196), (-84, 150), (-52, 108), (0, 94), (52, 108), (84, 150), (88, 196), (0, 182)]
    sheet.blob([(MIDDLE + x, y) for x, y in dome], _CAP)
    sheet.tint([(MIDDLE + x, y) for x, y in ((-62, 130), (-30, 108), (-20, 150), (-60, 172))], _CAP_LIGHT, 0.7, 9)
    sheet.tint([(MIDDLE + x, y) for x, y in ((50, 112), (84, 150), (88, 194), (60, 184))], _CAP_DARK, 0.55, 8)
    for side in (-1, 1):
        sheet.arc((MIDDLE, 184), (40 * side, 88), (270, 350), _CAP_DARK, 1.6)
    sheet.oval((MIDDLE, 95), (8, 5), _CAP_DARK)
    brim = [(-98, 196), (-60, 176), (0, 170), (60, 176), (98, 196), (62, 204), (0, 198), (-62, 204)]
    sheet.tint([(MIDDLE + x, y + 12) for x, y in brim], "#5a2a22", 0.35, 5)
    sheet.blob([(MIDDLE + x, y) for x, y in brim], _CAP_DARK)
    sheet.blob([(MIDDLE + x, y - 4) for x, y in brim], "#c41c2a")
    heart(sheet, (MIDDLE, 143), 17, "#ffd76a")
