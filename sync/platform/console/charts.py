"""Charts as SVG, drawn here and shown as pictures: no script, nothing to fetch.

Upstream: pygal, whose one home this is.
Downstream: ``device_pages``, ``figures``.

A picture carries its style within, so its own answer allows that and nothing else. pygal leaves a finder of modules
behind, of a kind that Python warns of at every import that fails (and no longer asks from 3.12 on): it is taken out.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

import pygal
from pygal.style import Style
from starlette.responses import Response

sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]

RED, AMBER, INK, SOFT, LINE = "#b3141d", "#d9a860", "#1d1b1a", "#625d59", "#e6e1dc"
FACE = "Noto Sans CJK SC, PingFang SC, Microsoft YaHei, Noto Sans, system-ui, sans-serif"
WIDE, HALF = 1100, 620  # about the pixels that a chart gets, so that its letters keep their size
EVERY = 7  # labels beneath bars: one a week
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}
_SCRIPT = re.compile(rb"<script.*?</script>", re.DOTALL)
_STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground=SOFT,
    foreground_strong=INK,
    foreground_subtle=LINE,
    opacity="1",
    opacity_hover="1",
    colors=(RED, AMBER),
    font_family=FACE,
    label_font_size=13,
    major_label_font_size=13,
    value_font_size=12,
)


def bars(values: Sequence[tuple[str, int]], *, height: int = 190, every: int = EVERY) -> bytes:
    """Return bars with a label beneath every so many of them."""
    chart = _chart(pygal.Bar, WIDE, height)
    chart.x_labels = [
        label if place % every == (len(values) - 1) % every else "" for place, (label, _) in enumerate(values)
    ]
    chart.add("", [number for _, number in values])
    return _without_script(bytes(chart.render()))


def stacked(labels: Sequence[str], rows: Sequence[Sequence[float]], *, height: int = 260) -> bytes:
    """Return stacked bars, one of each row a label, the first at the bottom."""
    chart = _chart(pygal.StackedBar, HALF, height)
    chart.x_labels = list(labels)
    for row in rows:
        chart.add("", list(row))
    return _without_script(bytes(chart.render()))


def answer(drawn: bytes) -> Response:
    """Return a chart as a picture."""
    return Response(drawn, headers=HEADERS, media_type="image/svg+xml")


def _chart(kind: type[pygal.graph.graph.Graph], width: int, height: int) -> pygal.graph.graph.Graph:
    return kind(
        style=_STYLE,
        js=(),
        width=width,
        height=height,
        show_legend=False,
        margin=6,
        spacing=6,
        show_y_guides=True,
        y_labels_major_count=4,
        show_minor_y_labels=False,
        min_scale=2,
        print_values=False,
        disable_xml_declaration=False,
        explicit_size=True,
        truncate_label=-1,
        no_data_text="—",
    )


def _without_script(drawn: bytes) -> bytes:
    """Take out what pygal writes for scripts of its own, which are not here."""
    return _SCRIPT.sub(b"", drawn)
