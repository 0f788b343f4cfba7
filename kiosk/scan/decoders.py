"""The two libraries that read codes, behind one port; either may be missing.

zxing-cpp reads faster and more; zbar, through pyzbar, wins on torn and dirty cards. Both give bytes as they
stand in the code: nobody here guesses a character set.

*Upstream*: zxing-cpp, pyzbar with libzbar. *Downstream*: `pipeline` asks them in order; `kiosk doctor` prints
the reports.
"""

import contextlib
import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol, TypeAlias

import numpy as np

from kiosk.scan.errors import DecoderError, NoDecoderError
from kiosk.scan.picture import Pixels
from kiosk.scan.region import Region

# zbar.h: ZBAR_CFG_BINARY, since 0.23.1; an older library refuses the number and goes on guessing.
_ZBAR_BINARY = 4


@dataclass(frozen=True, slots=True)
class Found:
    """What a decoder found in a picture.

    Attributes:
        payloads: the content of each code, as bytes; never in a log.
        near: where codes are that were found and could not be read.
    """

    payloads: tuple[bytes, ...] = field(default=(), repr=False)
    near: tuple[Region, ...] = ()


class Decoder(Protocol):
    """Reads the QR codes of a frame."""

    @property
    def name(self) -> str:
        """The name of the library."""

    @property
    def cheap(self) -> bool:
        """True when a frame without a code costs so little that every frame may be read."""

    def search(self, gray: Pixels, *, flat: bool = False) -> Found:
        """Search (H, W) uint8 for codes.

        Args:
            gray: the picture, 0 = black.
            flat: one threshold does for all of it; a hint.

        Raises:
            DecoderError: the library failed on this frame.
        """


@dataclass(frozen=True, slots=True)
class DecoderReport:
    """Whether a decoder works on this machine.

    Attributes:
        name: of the library.
        ok: it works.
        detail: its version, or what to install.
    """

    name: str
    ok: bool
    detail: str


class ZxingDecoder:
    """zxing-cpp, for QR codes of model 2 only."""

    name = "zxing-cpp"
    cheap = True
    remedy = "pip install zxing-cpp"

    def __init__(self) -> None:
        """Load the library. Raises `ImportError` when it is missing."""
        import zxingcpp  # noqa: PLC0415  a missing library must not stop the other

        self._read = zxingcpp.read_barcodes
        self._formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2)
        self._thresholds = (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram)

    def search(self, gray: Pixels, *, flat: bool = False) -> Found:
        """See `Decoder.search`; it costs no more to be told of the codes that could not be read."""
        try:
            codes = self._read(gray, formats=self._formats, binarizer=self._thresholds[flat], return_errors=True)
            near = tuple(_region_of(code.position) for code in codes if not code.valid)
            return Found(tuple(code.bytes for code in codes if code.valid), near)
        except (RuntimeError, ValueError, TypeError, MemoryError) as fault:
            raise DecoderError(self.name) from fault


class PyzbarDecoder:
    """zbar in binary mode, through pyzbar's thin layer: its `decode` mangles UTF-8 and raises on linked codes."""

    name = "pyzbar"
    cheap = False
    remedy = "pip install pyzbar; apt-get install libzbar0"

    def __init__(self) -> None:
        """Load the library. Raises `ImportError` or `OSError` when it or libzbar is missing."""
        from pyzbar import wrapper  # noqa: PLC0415  as above

        self._zbar: Any = wrapper

    def search(self, gray: Pixels, *, flat: bool = False) -> Found:  # noqa: ARG002  zbar has one way only
        """See `Decoder.search`; zbar does not tell of codes that it could not read."""
        gray = np.ascontiguousarray(gray)
        with self._scanner() as scanner, self._image(gray) as image:
            if self._zbar.zbar_scan_image(scanner, image) < 0:
                raise DecoderError(self.name)
            return Found(tuple(self._contents(image)))

    @contextlib.contextmanager
    def _scanner(self) -> Iterator[Any]:
        zbar = self._zbar
        scanner = zbar.zbar_image_scanner_create()
        try:
            for symbol in zbar.ZBarSymbol:
                wanted = symbol is zbar.ZBarSymbol.QRCODE
                zbar.zbar_image_scanner_set_config(scanner, symbol, zbar.ZBarConfig.CFG_ENABLE, int(wanted))
            zbar.zbar_image_scanner_set_config(scanner, zbar.ZBarSymbol.QRCODE, _ZBAR_BINARY, 1)
            yield scanner
        finally:
            zbar.zbar_image_scanner_destroy(scanner)

    @contextlib.contextmanager
    def _image(self, gray: Pixels) -> Iterator[Any]:
        zbar = self._zbar
        image = zbar.zbar_image_create()
        try:
            height, width = gray.shape
            zbar.zbar_image_set_format(image, int.from_bytes(b"Y800", "little"))
            zbar.zbar_image_set_size(image, width, height)
            zbar.zbar_image_set_data(image, gray.ctypes.data_as(ctypes.c_void_p), gray.size, None)
            yield image
        finally:
            zbar.zbar_image_destroy(image)

    def _contents(self, image: Any) -> Iterator[bytes]:
        zbar = self._zbar
        symbol = zbar.zbar_image_first_symbol(image)
        while symbol:
            if symbol.contents.type == zbar.ZBarSymbol.QRCODE:
                length = zbar.zbar_symbol_get_data_length(symbol)
                yield ctypes.string_at(zbar.zbar_symbol_get_data(symbol), length)
            symbol = zbar.zbar_symbol_next(symbol)


Maker: TypeAlias = Callable[[], Decoder]
MAKERS: tuple[Maker, ...] = (ZxingDecoder, PyzbarDecoder)


@dataclass(frozen=True, slots=True)
class Decoders:
    """What was found on this machine.

    Attributes:
        usable: the decoders that work, best first; may be empty.
        reports: a line for each decoder, usable or not.
    """

    usable: tuple[Decoder, ...]
    reports: tuple[DecoderReport, ...]


def load(makers: Sequence[Maker] = MAKERS) -> Decoders:
    """Load whatever decoder there is; a missing one is a report, not a fault."""
    usable: list[Decoder] = []
    reports: list[DecoderReport] = []
    for maker in makers:
        name = str(getattr(maker, "name", "decoder"))
        try:
            usable.append(maker())
        except (ImportError, OSError, AttributeError) as fault:
            remedy = getattr(maker, "remedy", "")
            reports.append(DecoderReport(name, ok=False, detail=f"missing: {remedy} ({fault})"))
        else:
            reports.append(DecoderReport(name, ok=True, detail=_version(name)))
    return Decoders(tuple(usable), tuple(reports))


def available() -> tuple[DecoderReport, ...]:
    """Return a line for each decoder, for `kiosk doctor`."""
    return load().reports


def require(decoders: Decoders) -> tuple[Decoder, ...]:
    """Return the usable decoders.

    Raises:
        NoDecoderError: there is none; the message says what to install.
    """
    if not decoders.usable:
        raise NoDecoderError("; ".join(f"{report.name} {report.detail}" for report in decoders.reports))
    return decoders.usable


def _region_of(position: Any) -> Region:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    xs, ys = [corner.x for corner in corners], [corner.y for corner in corners]
    return Region(min(xs), min(ys), max(xs), max(ys))


def _version(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return name
