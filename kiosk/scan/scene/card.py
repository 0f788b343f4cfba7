"""The 志愿者证: a white card of ID-1 proportions with a red strip and its code.

*Upstream*: segno makes the code, `paint` the rest. *Downstream*: `film` warps it before the lens.
"""

import cv2
import numpy as np
import segno

from kiosk.scan.picture import Pixels
from kiosk.scan.scene.booth import heart
from kiosk.scan.scene.paint import Canvas, colour

WIDTH, HEIGHT = 504, 318  # pixels of the frame when held before the lens; ID-1 is 85.6 mm by 54 mm
CODE_PX = 256  # side of the code, quiet zone included
FINE = 2  # the card is painted this many times larger


def paint_card(text: str) -> Pixels:
    """Return (HEIGHT * FINE, WIDTH * FINE, 3) uint8.

    Args:
        text: what the code says; error correction M, or L where M has no room.

    Raises:
        segno.DataOverflowError: no QR code holds so much.
    """
    sheet = Canvas(WIDTH, HEIGHT)
    sheet.shape([(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)], "#fdfcf8")
    sheet.shape([(0, 0), (WIDTH, 0), (WIDTH, 46), (0, 46)], "#c8202c")
    sheet.stroke([(0, 48), (WIDTH, 48)], "#f3c64e", 3)
    sheet.letters("河南学雷锋志愿者证", (WIDTH / 2 + 14, 23), 27, "#fff3d6", 700)
    heart(sheet, (WIDTH / 2 - 136, 23), 12, "#ffd76a")
    _portrait(sheet)
    for row, wide in enumerate((150, 176, 128)):
        y = 224 + 22 * row
        sheet.shape([(28, y), (28 + wide, y), (28 + wide, y + 7), (28, y + 7)], "#b9b3a8")
    painted = cv2.resize(sheet.flat(), (WIDTH * FINE, HEIGHT * FINE), interpolation=cv2.INTER_CUBIC)
    code = code_pixels(text, CODE_PX * FINE)
    top, left = (48 + HEIGHT) * FINE // 2 - code.shape[0] // 2, (WIDTH - 6) * FINE - code.shape[1]
    painted[top : top + code.shape[0], left : left + code.shape[1]] = code
    return np.asarray(painted, np.uint8)


def code_pixels(text: str, side: int) -> Pixels:
    """Return a QR code, quiet zone included, (n, n, 3) uint8, as near to `side` pixels as it goes without blur."""
    try:
        code = segno.make_qr(text, error="m", boost_error=False)
    except segno.DataOverflowError:
        code = segno.make_qr(text, error="l", boost_error=False)
    modules = np.array([list(row) for row in code.matrix_iter(border=4)], np.uint8)
    pixels = np.asarray(cv2.cvtColor((1 - modules) * 255, cv2.COLOR_GRAY2BGR), np.uint8)
    pixels[pixels[..., 0] == 0] = colour("#15161a")
    return np.asarray(cv2.resize(pixels, (side, side), interpolation=cv2.INTER_NEAREST), np.uint8)


def _portrait(sheet: Canvas) -> None:
    sheet.shape([(28, 70), (148, 70), (148, 204), (28, 204)], "#dfeaf3")
    sheet.oval((88, 214), (54, 56), "#7f9bb5", span=(190, 350))
    sheet.oval((88, 134), (29, 34), "#f1cfae")
    sheet.oval((88, 122), (33, 26), "#d3202f", span=(180, 360))
    sheet.oval((88, 122), (37, 6), "#a11422")
    for x, y in ((164, 82), (164, 120)):
        sheet.shape([(x, y), (x + 60, y), (x + 60, y + 8), (x, y + 8)], "#d6d0c4")
