"""What can go wrong between the lens and a text.

    ScanError
    ├── CameraError      a source cannot be opened, or stopped delivering
    ├── PictureError     one picture cannot be unpacked; the next may be fine
    ├── DecoderError     a decoder library failed on one frame
    └── NoDecoderError   neither decoder library is usable on this machine

*Downstream*: `camera` lives on after a `CameraError`, `scanner` after the others; only `NoDecoderError`
leaves the package, and only for callers that ask for a decoder by hand.
"""


class ScanError(Exception):
    """Any fault of this package."""


class CameraError(ScanError):
    """A source cannot be opened, or stopped delivering.

    Attributes:
        source: the source as it may be shown, without a password.
        reason: one sentence for the log and for `kiosk doctor`.
    """

    def __init__(self, source: str, reason: str) -> None:
        """Keep both parts apart, so that a screen can say one without the other."""
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class PictureError(ScanError):
    """One picture cannot be unpacked."""


class DecoderError(ScanError):
    """A decoder library failed on one frame."""


class NoDecoderError(ScanError):
    """Neither decoder library is usable; the message says what to install."""
