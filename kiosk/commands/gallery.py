"""``kiosk gallery``: a picture of every screen, of invented people before the demo's booth.

Upstream: ``kiosk.ui.gallery`` leads the real window; ``kiosk.scan.scene`` draws what the camera sees.
Downstream: ``make screenshots``, the README.
"""

from __future__ import annotations

import os
import tempfile
from itertools import islice
from pathlib import Path

from kiosk.scan.picture import BgrPicture
from kiosk.scan.scene.acts import Act
from kiosk.scan.scene.film import render
from kiosk.ui.environment import NoDisplayError, prepare
from kiosk.usecases.errors import StoreError

PREVIEW_PX = 640
FPS, HELD_S, DURATION_S = 15.0, 3.0, 6.0
SAMPLE_CODE = "LYZ1:" + "0123456789ABCDEF" * 13  # looks like a certificate, and is none


class GalleryError(StoreError):
    """The gallery cannot be made here; the sentence says why."""


def make_gallery(out: Path, size: tuple[int, int], *, high_contrast: bool) -> None:
    """Write ``zh-idle.png``, ``en-check-in.png`` and so on into ``out``; ``size`` is the window's, in pixels.

    Raises:
        GalleryError: there is no display.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        try:
            prepare(os.environ, Path(home))
        except NoDisplayError as error:
            raise GalleryError(str(error)) from error
        from kiosk.composition import ASSETS  # noqa: PLC0415 - after `prepare`, with what follows
        from kiosk.ui.gallery import Gallery  # noqa: PLC0415 - Kivy reads the environment as it is imported
        from kiosk.ui.options import PreviewFrame, ScreenOptions  # noqa: PLC0415 - as above

        act = Act(SAMPLE_CODE, HELD_S, 1.5, look=1)
        frames = render((act,), DURATION_S, FPS, (1280, 720), seed=5)
        rgba = BgrPicture(next(islice(frames, int((HELD_S + 0.5) * FPS), None))).rgba(PREVIEW_PX)
        picture = PreviewFrame(1, rgba.shape[1], rgba.shape[0], rgba.reshape(-1).data)
        Gallery(out, ScreenOptions(ASSETS, size, volume=0, high_contrast=high_contrast), picture).app.run()
