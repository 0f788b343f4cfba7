"""Draws one small part of the window anew, where the rest of it is known to be still there.

Upstream: Kivy's window.
Downstream: ``widgets.preview``.

Kivy draws the whole window for every change: 27 ms in software GL at 1280×800, 40 % of a core at 15 pictures a second.
Software GL keeps its one back buffer over a flip, so there the moving part alone is drawn over it (3 ms). A graphics
card swaps several buffers and draws the whole in no time: there Kivy goes its usual way.
"""

from __future__ import annotations

from typing import Any

from kivy.core.window import Window
from kivy.graphics import RenderContext
from kivy.graphics.opengl import glGetString

GL_RENDERER = 0x1F01
SOFTWARE = ("llvmpipe", "softpipe", "swrast", "SWR")


def draws_in_software() -> bool:
    """Tell whether the processor does the drawing here."""
    renderer = str(glGetString(GL_RENDERER))
    return any(name in renderer for name in SOFTWARE)


class Patch:
    """A part of the window with instructions of its own, in window coordinates."""

    def __init__(self) -> None:
        self.context: Any = RenderContext()
        self._alone = draws_in_software()

    def repaint(self, owner: Any) -> None:
        """Bring the patch to the screen; ``owner`` is the widget whose canvas holds the same instructions."""
        if not self._alone:
            owner.canvas.ask_update()
            return
        if Window.canvas.needs_redraw:
            return  # the whole window is about to be drawn, the patch with it
        for matrix in ("projection_mat", "modelview_mat"):
            self.context[matrix] = Window.render_context[matrix]
        self.context.draw()
        Window.dispatch("on_flip")
