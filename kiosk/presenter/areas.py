"""The ways into the areas: by a tap on the idle screen, or by an outcome. One line an area.

Upstream: the areas.
Downstream: ``kiosk_presenter``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kiosk.presenter.asking.acts import TapChange
from kiosk.presenter.asking.change import ChangePage
from kiosk.presenter.asking.elsewhere import ElsewhereQuestion
from kiosk.presenter.asking.forgotten import ForgottenQuestion
from kiosk.presenter.asking.group import GroupPage
from kiosk.presenter.contents import CheckOutCard
from kiosk.presenter.desk.door import Doorway
from kiosk.presenter.desk.taps import TapDesk
from kiosk.presenter.faces import Faces, TapFaces
from kiosk.presenter.records.acts import TapMyRecords
from kiosk.presenter.records.pages import AskCard
from kiosk.usecases.outcomes import CheckedInAsking, Forgotten, GroupScanned

if TYPE_CHECKING:
    from kiosk.presenter.acts import AreaTap
    from kiosk.presenter.area import Area
    from kiosk.presenter.contents import Content
    from kiosk.usecases.area_outcome import AreaOutcome
    from kiosk.usecases.board import Board
    from kiosk.usecases.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Openers:
    """What opens an area.

    Attributes:
        by_tap: on the idle screen; gets the tap and the station's newest board, and may offer nothing (None).
        by_outcome: on any screen; gets the outcome.
        by_card: on the card of an outcome; gets that card, and may offer nothing.
        by_board: on the idle screen, with every board; may offer nothing.
    """

    by_tap: Mapping[type[AreaTap], Callable[[Any, Board | None], Area | None]] = field(default_factory=dict)
    by_outcome: Mapping[type[Outcome | AreaOutcome], Callable[[Any], Area]] = field(default_factory=dict)
    by_card: Mapping[type[AreaTap], Callable[[Content], Area | None]] = field(default_factory=dict)
    by_board: Callable[[Board], Area | None] = lambda _board: None


def _open_faces(_tap: TapFaces, board: Board | None) -> Area | None:
    return Faces() if board is not None and board.on_duty else None


def _ask(asking: CheckedInAsking) -> Area:
    asks = asking.asks
    return ForgottenQuestion(asking, asks) if isinstance(asks, Forgotten) else ElsewhereQuestion(asking, asks)


def _change(card: Content) -> Area | None:
    return ChangePage(card.outcome) if isinstance(card, CheckOutCard) else None


def _group(board: Board) -> Area | None:
    return None if board.group is None else GroupPage(board.group)


OPENERS = Openers(
    by_outcome={CheckedInAsking: _ask, GroupScanned: GroupPage.of},
    by_card={TapChange: _change},
    by_board=_group,
    by_tap={
        TapMyRecords: lambda _tap, _board: AskCard(),
        TapFaces: _open_faces,
        TapDesk: lambda _tap, _board: Doorway(),
    },
)
