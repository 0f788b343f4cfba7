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
        minors_from, minors_until: the local hours in which minors serve (requirements, Minors).
        minors_grace_min: how long after ``minors_until`` a minor's session may stay open, minutes.
        answer_s: an answer or a change of service kind belongs to a scan no older than this, seconds.
        group_idle_min: a visiting team's group in which nobody was recorded for this long ends by itself, minutes.
        drill_min: a drill ends by itself after this, minutes: a forgotten one would leave real duty uncounted.
        records_fresh_s: how long a shown card speaks for whoever looks at own records, seconds (ui.md, Privacy).
        face_after_scan_s: no face of somebody served is taken so soon after a volunteer's own card, seconds (REQ 2.7c).
        face_apart_s: two faces are at least this far apart, seconds (REQ 2.7c).
        face_burst: this many faces within ``face_burst_s`` are flagged for a person to look at (REQ 2.7c).
        face_burst_s: the window of a burst, seconds.
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
    minors_from: time = time(8, 0)
    minors_until: time = time(20, 0)
    minors_grace_min: int = 15
    answer_s: int = 180
    group_idle_min: int = 10
    drill_min: int = 60
    records_fresh_s: int = 60
    face_after_scan_s: int = 20
    face_apart_s: int = 20
    face_burst: int = 5
    face_burst_s: int = 600
