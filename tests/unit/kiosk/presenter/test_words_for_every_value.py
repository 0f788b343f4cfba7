"""Every refusal, fault, camera state and service has words of its own in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from kiosk.domain.refusal import RecordingFault, RefusalReason, UndoRefusal
from kiosk.presenter.acts import ChooseServiceIntent, Intent, TallyIntent, TypedNumberIntent, UndoIntent
from kiosk.presenter.contents import CameraSight
from kiosk.presenter.icons import Icon
from kiosk.presenter.phrases import Language
from kiosk.presenter.views import IdleView, NoticeView
from kiosk.usecases.outcomes import CaptainNeeded, JustStarted, NotRecorded, Outcome, Refused, Undone, UndoRefused
from tests.unit.kiosk.presenter.station import CATALOGUES, LOCALE, NOW, a_board, a_check_in, a_check_out, a_presenter

INTENTS = (
    None,
    UndoIntent("e"),
    ChooseServiceIntent("s", "tutoring"),
    TallyIntent("s", {"tea": 1}),
    TypedNumberIntent("410302000170"),
)
OUTCOMES: list[Outcome] = [
    *map(Refused, RefusalReason),
    CaptainNeeded("LY-1", "张建明"),
    *map(NotRecorded, RecordingFault),
    *map(UndoRefused, UndoRefusal),
    Undone("s1", "张建明", was_check_in=True),
    Undone("s1", "张建明", was_check_in=False),
    JustStarted("e", "s1", "LY-1", "张建明", NOW, "tutoring"),
    a_check_in(),
    a_check_out(),
]


def texts_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield str(value)
    elif isinstance(value, tuple):
        for item in value:
            yield from texts_of(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts_of(getattr(value, field.name))


def message_ids(value: object) -> list[str]:
    known = set(CATALOGUES[Language.CHINESE]._catalog) - {""}  # type: ignore[attr-defined]
    return [text for text in texts_of(value) if text in known]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("outcome", OUTCOMES, ids=str)
@pytest.mark.parametrize("answers", INTENTS, ids=["scan", "undo", "choice", "tally", "typed"])
def test_no_raw_id_reaches_the_screen(outcome: Outcome, answers: Intent | None, language: Language) -> None:
    presenter = a_presenter()
    presenter.board(a_board(), 0.0)
    presenter.set_language(language, 0.0)
    state = presenter.show(outcome, 1.0, answers)
    assert message_ids(state) == []
    if isinstance(state.view, NoticeView):
        assert min(len(state.view.what), len(state.view.advice), len(state.view.note)) > 4


def test_each_refusal_says_something_of_its_own() -> None:
    views = [a_presenter().show(Refused(reason), 0.0).view for reason in RefusalReason]
    assert len({view.what for view in views if isinstance(view, NoticeView)}) == len(RefusalReason)


def test_a_scan_that_was_not_recorded_tells_the_time_to_write_down() -> None:
    presenter = a_presenter()
    presenter.board(a_board(), 0.0)
    view = presenter.show(NotRecorded(RecordingFault.BROKEN), 120.0).view
    assert isinstance(view, NoticeView)
    assert "09:43" in view.note


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("sight", CameraSight)
def test_each_state_of_the_camera_has_its_sentences(sight: CameraSight, language: Language) -> None:
    presenter = a_presenter()
    presenter.set_language(language, 0.0)
    state = presenter.camera(sight, 0.0)
    assert isinstance(state.view, IdleView)
    preview = state.view.preview
    assert all((preview.headline, preview.hint, preview.still_works, state.status_line.items[0].text))
    assert message_ids(state) == []
    assert preview.live is (sight in {CameraSight.SEEING, CameraSight.DARK, CameraSight.UNREADABLE})


def test_every_picture_is_in_the_icon_font() -> None:
    table = json.loads((LOCALE.parent / "icons" / "icons.json").read_text("utf-8"))
    assert {icon.value for icon in Icon} <= set(table)
