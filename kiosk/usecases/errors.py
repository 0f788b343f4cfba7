"""What the ports may raise at the use cases.

Upstream: ``kiosk.domain.refusal``.
Downstream: ``kiosk.store`` raises, the use cases turn it into an outcome.

::

    StoreError
    ├── RecordingError      the device's file cannot be written now; nothing was half-recorded
    └── NotEnrolledError    the device has no identity or no trust list yet
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.domain.refusal import RecordingFault


class StoreError(Exception):
    """The device's file does not do what is asked of it."""


class RecordingError(StoreError):
    """The transaction was rolled back whole.

    Attributes:
        fault: why, as a word the presenter has a sentence for.
    """

    def __init__(self, fault: RecordingFault, detail: str) -> None:
        """Keep the fault for the screen and the technical detail for the log."""
        super().__init__(f"{fault}: {detail}")
        self.fault = fault


class NotEnrolledError(StoreError):
    """The device must be enrolled first: ``kiosk enrol FILE``."""
