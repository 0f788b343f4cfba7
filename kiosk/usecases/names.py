"""What a volunteer is called in the reference data.

Upstream: ``sync.protocol.reference``.
Downstream: the operators' use cases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.protocol.reference import ReferenceData


def names_in(data: ReferenceData) -> Mapping[str, str]:
    """Return the names by volunteer number; the directory's word is the last."""
    names = {each.volunteer: each.display_name for each in data.appointments}
    names |= {each.volunteer: each.display_name for each in data.roster}
    return names | {each.volunteer: each.display_name for each in data.directory}
