"""Cuts the kiosk's icon font from Debian's Material Icons and adds the cap and the armband, always to the same bytes.

*Upstream*: `make fonts`, Debian's package fonts-material-design-icons-iconfont. *Downstream*: duty-icons.ttf and
icons.json beside it, read by kiosk.ui.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
SOURCE = Path("/usr/share/fonts/truetype/material-design-icons-iconfont/MaterialIcons-Regular.ttf")
NAMES = Path("/usr/share/fonts-material-design-icons-iconfont/scss/_variables.scss")

# Our name → Material's name
ICONS = {
    # the seven service kinds, and the tallies under them
    "guidance": "signpost",
    "tea": "emoji_food_beverage",
    "poverty-relief": "volunteer_activism",
    "legal-advice": "gavel",
    "tutoring": "school",
    "culture-sports": "music_note",
    "environment": "eco",
    "charging": "battery_charging_full",
    # what happens at the kiosk
    "check-in": "login",
    "check-out": "logout",
    "undo": "undo",
    "qr-code": "qr_code_2",
    "scan": "qr_code_scanner",
    "volunteer": "front_hand",
    "greeting": "waving_hand",
    "handshake": "handshake",
    "badge": "badge",
    "thanks": "favorite",
    "award": "workspace_premium",
    # controls
    "language": "language",
    "translate": "translate",
    "plus": "add",
    "minus": "remove",
    "check": "check",
    "close": "close",
    "backspace": "backspace",
    "keypad": "dialpad",
    "arrow": "arrow_forward",
    "arrow-back": "arrow_back",
    "arrow-up": "arrow_upward",
    "arrow-down": "arrow_downward",
    "help": "help_outline",
    "settings": "settings",
    "lock": "lock",
    "accessibility": "settings_accessibility",
    "contrast": "contrast",
    "volume": "volume_up",
    "volume-off": "volume_off",
    # states and signs
    "warning": "warning",
    "forbidden": "block",
    "shield": "gpp_bad",
    "verified": "gpp_good",
    "done": "check_circle",
    "clock": "schedule",
    "calendar": "calendar_month",
    "history": "history",
    "wifi": "wifi",
    "no-wifi": "wifi_off",
    "cloud-done": "cloud_done",
    "cloud-waiting": "cloud_upload",
    "cloud-off": "cloud_off",
    "sync": "sync",
    "camera": "videocam",
    "no-camera": "videocam_off",
    "disk": "sd_storage",
    "disk-trouble": "sd_card_alert",
    "usb": "usb",
    "phone": "phone",
    "place": "place",
    "notice": "campaign",
    # people and judgements
    "person": "person",
    "group": "group",
    "elderly": "elderly",
    "star": "star",
    "star-half": "star_half",
    "star-outline": "star_border",
    "smile": "sentiment_very_satisfied",
    "neutral": "sentiment_neutral",
    "sad": "sentiment_dissatisfied",
}

# Drawn here, on Material's grid of 24, y upwards: contours of (x, y, is it on the curve)
Contour = list[tuple[float, float, bool]]
CAP: list[Contour] = [
    [(3, 10, True), (3, 19, False), (11, 19, True), (19, 19, False), (19, 10, True)],
    [(3, 8.5, True), (19, 8.5, True), (22.5, 8, False), (22.5, 5.5, True), (13, 7, False), (3, 6, True)],
]
ARMBAND: list[Contour] = [
    [(5, 20, True), (8, 18, False), (12, 18, True), (16, 18, False), (19, 20, True), (19, 6, True),
     (16, 4, False), (12, 4, True), (8, 4, False), (5, 6, True)],
    [(12, 15.5, True), (11, 12.3, True), (7.7, 12.3, True), (10.4, 10.3, True), (9.4, 7.1, True), (12, 9.1, True),
     (14.6, 7.1, True), (13.6, 10.3, True), (16.3, 12.3, True), (13, 12.3, True)],
]  # fmt: skip
DRAWN = {"cap": (0xF8F0, CAP), "armband": (0xF8F1, ARMBAND)}
GRID = 24


def material_codepoints() -> dict[str, int]:
    """Material's names and their code points, from the table that Debian ships beside the font."""
    if not (SOURCE.exists() and NAMES.exists()):
        raise SystemExit(
            f"{SOURCE} is missing: install Debian's package fonts-material-design-icons-iconfont, then 'make fonts'"
        )
    return {name: int(code, 16) for name, code in re.findall(r'"?(\w+)"?: ([0-9a-f]{4,5})\b', NAMES.read_text("utf-8"))}


def cut(font: TTFont, characters: list[int]) -> None:
    """Leaves these characters alone in the font; ligatures and hints go."""
    options = Options(hinting=False, layout_features=[], recalc_timestamp=False, notdef_outline=True)
    options.drop_tables += ["GDEF", "GPOS", "GSUB"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)


def draw(font: TTFont, name: str, codepoint: int, contours: list[Contour]) -> None:
    """Adds one glyph of our own. Contours in opposite directions leave holes."""
    unit = font["head"].unitsPerEm / GRID
    pen = TTGlyphPen(None)
    for contour in contours:
        points = [(round(x * unit), round(y * unit)) for x, y, _ in contour]
        pen.moveTo(points[0])
        waiting: list[tuple[int, int]] = []
        for point, (_, _, on_curve) in zip(points[1:], contour[1:], strict=True):
            waiting.append(point)
            if on_curve:
                pen.qCurveTo(*waiting) if len(waiting) > 1 else pen.lineTo(point)
                waiting = []
        pen.closePath()
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    glyph = pen.glyph()
    glyph.recalcBounds(font["glyf"])
    font["glyf"][name] = glyph
    font["hmtx"][name] = (font["head"].unitsPerEm, glyph.xMin)
    for table in font["cmap"].tables:
        table.cmap[codepoint] = name


def main() -> int:
    """Cuts the font and writes the names beside it."""
    known = material_codepoints()
    missing = sorted(set(ICONS.values()) - set(known))
    if missing:
        raise SystemExit(f"Material Icons has no glyph named {', '.join(missing)}")
    codepoints = {ours: known[theirs] for ours, theirs in ICONS.items()}
    font = TTFont(SOURCE)
    cut(font, sorted(codepoints.values()))
    for name, (codepoint, contours) in DRAWN.items():
        draw(font, name, codepoint, contours)
        codepoints[name] = codepoint
    font.recalcTimestamp = False
    font.save(HERE / "duty-icons.ttf")
    table = {name: f"{codepoint:04x}" for name, codepoint in sorted(codepoints.items())}
    (HERE / "icons.json").write_text(json.dumps(table, indent=2) + "\n", "utf-8")
    print(f"duty-icons.ttf: {len(table)} icons, {(HERE / 'duty-icons.ttf').stat().st_size / 1e3:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
