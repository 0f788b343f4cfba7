"""The names of the pictures that stand beside words.

Upstream: ``sync.protocol.vocabulary``.
Downstream: the modules of the screens, ``kiosk.ui`` (which draws the glyph).
"""

from __future__ import annotations

from enum import StrEnum

from sync.protocol.vocabulary import ServiceKind, TallyKind


class Icon(StrEnum):
    """What is meant, and the name of its glyph in ``assets/icons/icons.json``."""

    DIRECTIONS = "guidance"
    TEA_CHARGING = "tea"
    POVERTY_RELIEF = "poverty-relief"
    LEGAL_ADVICE = "legal-advice"
    TUTORING = "tutoring"
    CULTURE_SPORTS = "culture-sports"
    ENVIRONMENT = "environment"
    OTHER_SERVICE = "handshake"
    CHARGING = "charging"
    DONE = "done"
    CLOCK = "clock"
    WALK_IN = "greeting"
    SAVING = "sync"
    WARNING = "warning"
    FORBIDDEN = "forbidden"
    FORGED = "shield"
    UNDO = "undo"
    CHECK = "check"
    KEEP = "volunteer"
    HELP = "help"
    LANGUAGE = "language"
    CAMERA = "camera"
    NO_CAMERA = "no-camera"
    DARK = "contrast"
    DEVICE = "disk"
    DEVICE_TROUBLE = "disk-trouble"
    UPLOADED = "cloud-done"
    UPLOADING = "cloud-waiting"
    OFFLINE = "cloud-off"
    HISTORY = "history"
    CERTIFICATE = "badge"
    SCAN = "scan"
    QR_CODE = "qr-code"
    PHONE = "phone"
    PERSON = "person"
    CALENDAR = "calendar"
    PEOPLE = "group"
    NOTICE = "notice"
    EARLY = "arrow-up"
    STAR = "star"
    AWARD = "award"
    CAP = "cap"
    ARMBAND = "armband"
    LESS = "minus"
    MORE = "plus"
    KEYPAD = "keypad"
    ERASE = "backspace"
    CANCEL = "close"
    ENTER = "check-in"
    LEAVE = "check-out"
    GO_BACK = "arrow-back"
    GO_ON = "arrow"
    DOWN = "arrow-down"
    LOCK = "lock"
    SETTINGS = "settings"
    STICK = "usb"
    SMILE = "smile"
    NEUTRAL = "neutral"
    SAD = "sad"
    FAMILY = "elderly"
    PLACE = "place"


_SERVICES = {kind.value: Icon[kind.name] for kind in ServiceKind}
_TALLIES: dict[str, Icon] = {
    TallyKind.DIRECTIONS: Icon.DIRECTIONS,
    TallyKind.TEA: Icon.TEA_CHARGING,
    TallyKind.CHARGING: Icon.CHARGING,
}


def service_icon(service: str) -> Icon:
    """Return the picture of a service kind; a station's own kind has a neutral one."""
    return _SERVICES.get(service, Icon.OTHER_SERVICE)


def tally_icon(kind: str) -> Icon:
    """Return the picture of what is counted; a station's own kind has a neutral one."""
    return _TALLIES.get(kind, Icon.OTHER_SERVICE)
