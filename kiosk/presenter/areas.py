"""The ways into the areas: by a tap on the idle screen, or by an outcome. One line an area.

Upstream: the areas.
Downstream: ``kiosk_presenter``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kiosk.presenter.acts import AreaTap
    from kiosk.presenter.area import Area
    from kiosk.usecases.area_outcome import AreaOutcome
    from kiosk.usecases.board import Board
    from kiosk.usecases.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Openers:
    """What opens an area.

    Attributes:
        by_tap: on the idle screen; gets the tap and the station's newest board, and may offer nothing (None).
        by_outcome: on any screen; gets the outcome.
    """

    by_tap: Mapping[type[AreaTap], Callable[[Any, Board | None], Area | None]] = field(default_factory=dict)
    by_outcome: Mapping[type[Outcome | AreaOutcome], Callable[[Any], Area]] = field(default_factory=dict)


OPENERS = Openers()
