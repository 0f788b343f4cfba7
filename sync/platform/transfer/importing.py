"""A bundle taken in: from a platform that is believed, for one person, once; everything of it or nothing.

Upstream: ``store``, ``registry``, ``sync.protocol.record_bundle``.
Downstream: ``commands.record``.

::

    sound? ── own? ── issuer believed? ── still valid? ── who is it here? ── held already? ─┬─ newer ─▶ taken in
      │ no      │ yes       │ no              │ no              │ another name, person      ├─ same ──▶ nothing
      ▼         ▼           ▼                 ▼                 ▼                           └─ older ─▶ refused
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from sync.platform.certificates import registered
from sync.platform.errors import PlatformError, UnknownError
from sync.platform.ports import MS_PER_SECOND, unix_ms
from sync.platform.refolding import FOLD
from sync.platform.transfer.reckoning import totals_with_moved
from sync.platform.transfer.values import TakenIn
from sync.protocol.record_bundle import RecordBundle, read_bundle

if TYPE_CHECKING:
    from collections.abc import Collection

    from sync.platform.registry import Office
    from sync.protocol.record_bundle import Heading

SAME_NUMBER, SAME_NAME = "same number and name", "same name"


@dataclass(frozen=True, slots=True)
class Wish:
    """How a bundle is to be taken in.

    Attributes:
        by: who does it, for the record.
        volunteer: the number here of the person; None: the same as at the issuer.
        same_person: why it is the same person although the name differs, or another number of that issuer was taken
            for it before; empty: nothing is known.
    """

    by: str
    volunteer: str | None = None
    same_person: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a bundle.

    Attributes:
        is_new: it was taken in now; False: it stood here already and nothing changed.
        duties: how many are in it; ``here`` of them stand in this platform's own ledger too, and count there.
        overlapping: ids of duties in it whose time is claimed by another duty; that time counts once.
        gained_minutes: confirmed minutes that the volunteer has now beyond those recorded here.
    """

    heading: Heading
    volunteer: str
    is_new: bool
    duties: int
    here: int
    overlapping: tuple[str, ...]
    gained_minutes: int
    recomputed: bool


def take_in(office: Office, own_keys: Collection[bytes], content: bytes, wish: Wish) -> Outcome:
    """Take a bundle in, within the office's open transaction.

    Args:
        office: the keeper's desk.
        own_keys: the public keys with which this platform itself signs.
        content: the whole file.
        wish: for whom, and by whom.

    Raises:
        RecordBundleError: the file is not sound.
        PlatformError: it is not to be taken in; nothing changed, and the sentence says what to do.
    """
    bundle = read_bundle(BytesIO(content), FOLD)
    heading = bundle.heading
    _hold_issuer(office, own_keys, heading)
    held = office.unit.transfers.newest(heading.issuer, heading.subject.number)
    if held is not None and held.heading.bundle == heading.bundle:
        return _outcome(office, bundle, held.volunteer, is_new=False)
    now_ms = unix_ms(office.ports.clock())
    if heading.valid_until_ms <= now_ms:
        day = datetime.fromtimestamp(heading.valid_until_ms / MS_PER_SECOND, UTC).date()
        raise PlatformError(f"The bundle was valid until {day}. Ask {heading.issuer_name} for a new one.")
    number, because = _person(office, heading, held, wish)
    if held is not None and heading.number <= held.heading.number:
        raise PlatformError(
            f"A later bundle of {heading.subject.number} at {heading.issuer_name} stands here already; nothing changed."
        )
    taken = TakenIn(heading, number, because, now_ms, wish.by)
    office.unit.transfers.put(taken, bundle.sessions, gzip.compress(content, mtime=0))
    return _outcome(office, bundle, number, is_new=True)


def _hold_issuer(office: Office, own_keys: Collection[bytes], heading: Heading) -> None:
    if bytes.fromhex(heading.issuer) in own_keys or office.unit.transfers.is_own(heading.bundle):
        raise PlatformError("This platform issued the bundle itself; what is in it stands in its ledger.")
    issuer = office.unit.transfers.platform(heading.issuer)
    if issuer is None or issuer.withdrawn_ms is not None:
        raise UnknownError(
            f"The platform that signed it ({heading.issuer}) is not believed here. Ask it for its key by a second way,"
            " compare, and run: record trust KEY --name NAME."
        )


def _person(office: Office, heading: Heading, held: TakenIn | None, wish: Wish) -> tuple[str, str]:
    """Return the number here of the person whose records they are, and how that is known."""
    number = wish.volunteer or (held.volunteer if held else heading.subject.number)
    if held is not None and held.volunteer != number:
        raise PlatformError(
            f"The records of {heading.subject.number} at {heading.issuer_name} belong to volunteer {held.volunteer}"
            f" here; they cannot become those of {number}."
        )
    volunteer = registered(office, number)
    others = {
        taken.heading.subject.number
        for taken in office.unit.transfers.taken_in(number)
        if taken.heading.issuer == heading.issuer
    } - {heading.subject.number}
    if wish.same_person:
        return number, wish.same_person
    if others:
        raise PlatformError(
            f"Volunteer {number} has records of another person's number at {heading.issuer_name} already. If both are"
            " the same person, say why with --same-person."
        )
    if volunteer.name != heading.subject.name:
        raise PlatformError(
            f"Volunteer {number} has another name here than in the bundle. Choose the person with --as NUMBER; if it"
            " is the same one, say why with --same-person."
        )
    return number, SAME_NUMBER if number == heading.subject.number else SAME_NAME


def _outcome(office: Office, bundle: RecordBundle, number: str, *, is_new: bool) -> Outcome:
    totals = totals_with_moved(office.unit, number)
    ids = {session.id for session in bundle.sessions}
    shown = {each.session.id for each in office.unit.transfers.sessions_of(number) if each.is_here}
    own = office.unit.ledger.confirmed_minutes((number,)).get(number, 0)
    return Outcome(
        heading=bundle.heading,
        volunteer=number,
        is_new=is_new,
        duties=len(ids),
        here=len(ids & shown),
        overlapping=tuple(session for session in totals.overlapping if session in ids - shown),
        gained_minutes=totals.confirmed.minutes - own,
        recomputed=bundle.recomputed,
    )
