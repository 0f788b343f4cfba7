"""Pictures as they come from sources."""

import cv2
import numpy as np
import pytest

from kiosk.scan.errors import PictureError
from kiosk.scan.picture import BgrPicture, JpegPicture, Pixels, picture_from


def colourful(width: int = 640, height: int = 360) -> Pixels:
    across = np.linspace(0, 255, width, dtype=np.float32)[None, :]
    down = np.linspace(255, 0, height, dtype=np.float32)[:, None]
    return np.dstack([np.broadcast_to(across, (height, width)), np.broadcast_to(down, (height, width)),
                      np.full((height, width), 90)]).astype(np.uint8)  # fmt: skip


def packed(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 95])[1], np.uint8).reshape(-1)


BOTH = pytest.mark.parametrize(
    "picture", [BgrPicture(colourful()), JpegPicture(packed(colourful()), 640)], ids=["bgr", "jpeg"]
)


@BOTH
def test_grey_is_the_size_of_the_picture(picture: BgrPicture | JpegPicture) -> None:
    gray = picture.gray()
    assert gray.shape == (360, 640)
    assert gray.dtype == np.uint8
    assert gray.flags.c_contiguous


@BOTH
@pytest.mark.parametrize(
    ("asked", "given"), [(640, (360, 640)), (320, (180, 320)), (100, (56, 100)), (2000, (360, 640))]
)
def test_a_preview_is_never_wider_than_asked_and_never_enlarged(
    picture: BgrPicture | JpegPicture, asked: int, given: tuple[int, int]
) -> None:
    rgba = picture.rgba(asked)
    assert rgba.shape == (*given, 4)
    assert (rgba[..., 3] == 255).all()
    assert abs(int(rgba[5, 5, 0]) - 90) < 12  # red comes first


@BOTH
def test_the_small_picture_keeps_the_brightness(picture: BgrPicture | JpegPicture) -> None:
    small = picture.small()
    assert small.shape == (45, 80)
    assert abs(small.mean() - picture.gray().mean()) < 3


@BOTH
def test_the_same_picture_has_the_same_fingerprint(picture: BgrPicture | JpegPicture) -> None:
    other = colourful()
    other[200, 96:160] = 0
    assert picture.fingerprint() == picture.fingerprint()
    assert picture.fingerprint() != type(picture)(other if isinstance(picture, BgrPicture) else packed(other), *(
        () if isinstance(picture, BgrPicture) else (640,))).fingerprint()  # fmt: skip


def test_bytes_that_are_no_picture_are_said_to_be_none() -> None:
    with pytest.raises(PictureError):
        JpegPicture(np.frombuffer(b"\xff\xd8 not a picture", np.uint8), 640).gray()


def test_what_a_camera_delivers_is_told_by_its_shape() -> None:
    jpeg = packed(colourful())
    assert isinstance(picture_from(jpeg[None, :], 640), JpegPicture)
    assert isinstance(picture_from(jpeg[:, None], 640), JpegPicture)
    assert isinstance(picture_from(colourful(), 640), BgrPicture)
    assert isinstance(picture_from(colourful()[..., 0], 640), BgrPicture)
    assert picture_from(np.zeros((360, 640, 2), np.uint8), 640) is None
    assert picture_from(np.zeros((1, 200), np.uint8), 640) is None
