"""Every limit of duty, with its unit and where it comes from; a station's settings may change them.

Upstream: nothing.
Downstream: ``duty_session``, ``closing``, ``roster``, ``kiosk.usecases``, ``kiosk.presenter``.

Crediting limits are not here: they belong to the versioned rule in ``sync.protocol.crediting``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class DutyPolicy:
    """Limits of one station.

    Attributes:
        just_started_s: an open session younger than this is never ended by a scan, seconds (duty-rules.md 6).
        undo_s: how long an accepted scan can be taken back, seconds (duty-rules.md 8).
        card_s: how long a card stays on screen, seconds (duty-rules.md 4).
        refusal_s: how long a refusal stays on screen, seconds (ui.md).
        confirm_s: how long a volunteer waits for the captain's own certificate, seconds (certificate.md).
        holdoff_s: the same code again within this is one scan, seconds (duty-rules.md 1).
        cap_min: a session still open after this is closed as provisional, minutes (duty-rules.md, Crediting).
        closes_at: local closing time; None where the station never closes (REQ 1.1a).
        grace_min: how long after closing time a session may stay open, minutes.
        early_min: how long before its shift a scan matches it, minutes; earlier is a walk-in.
        on_time_min: a scan up to this long after the start of the shift is on time, minutes.
    """

    just_started_s: int = 180
    undo_s: int = 10
    card_s: int = 8
    refusal_s: int = 6
    confirm_s: int = 30
    holdoff_s: int = 5
    cap_min: int = 12 * 60
    closes_at: time | None = time(22, 0)
    grace_min: int = 60
    early_min: int = 60
    on_time_min: int = 5
