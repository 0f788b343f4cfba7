"""The built-in demo camera: a drawn volunteer booth in which people hold their cards before the lens.

    Act ──▶ film.render ──▶ frames ──▶ film.write_video | write_folder ──▶ `source`, like any other footage
             booth   the empty booth, painted once
             people  volunteers, painted once a look
             card    the 志愿者证 with its code, warped anew for every frame
             paint   brushes: smooth shapes, gradients, letters

Nobody real is shown, so these frames may go to disk. Everything follows from the seed.
"""

from kiosk.scan.scene.acts import Act
from kiosk.scan.scene.film import render, write_folder, write_video

__all__ = ["Act", "render", "write_folder", "write_video"]
