"""服务评价 on the screen: offered while somebody serves, taken by one touch, thanked for, and gone."""

from __future__ import annotations

import pytest

from kiosk.domain.recipient_rating import FaceRefusal
from kiosk.presenter.acts import TapClose, TapOutside
from kiosk.presenter.faces import FacesView, RateIntent, TapFace, TapFaces
from kiosk.presenter.kiosk_presenter import KioskPresenter
from kiosk.presenter.navigation import Screen
from kiosk.presenter.views import IdleView, NoticeView, Sound, Tone
from kiosk.usecases.outcomes import Undone
from kiosk.usecases.record_outcomes import FaceRefused, FaceTaken
from sync.protocol.vocabulary import Face
from tests.unit.kiosk.presenter.station import a_board, a_presenter, on_duty


@pytest.fixture
def faces() -> KioskPresenter:
    presenter = a_presenter()
    presenter.board(a_board(on_duty=on_duty("张建明")), 0.0)
    presenter.tap(TapFaces(), 0.0)
    return presenter


def test_it_is_offered_only_while_somebody_is_on_duty() -> None:
    presenter = a_presenter()
    for board, offered in ((a_board(), False), (a_board(on_duty=on_duty("张建明")), True)):
        view = presenter.board(board, 0.0).view
        assert isinstance(view, IdleView)
        assert any(isinstance(way.tap, TapFaces) for way in view.ways) is offered
        assert (presenter.tap(TapFaces(), 0.0).screen is Screen.FACES) is offered


def test_three_faces_each_with_a_word(faces: KioskPresenter) -> None:
    view = faces.tap(TapOutside(), 1.0).view
    assert isinstance(view, FacesView)
    assert [face.text for face in view.faces] == ["满意", "一般", "不满意"]
    assert len({face.icon for face in view.faces}) == 3


def test_one_touch_is_sent_once(faces: KioskPresenter) -> None:
    assert faces.tap(TapFace(Face.NEUTRAL), 1.0).intents == (RateIntent(Face.NEUTRAL),)
    assert faces.tap(TapFace(Face.SATISFIED), 1.0).intents == ()


def test_thanks_stay_three_seconds(faces: KioskPresenter) -> None:
    state = faces.show(FaceTaken(Face.NEUTRAL), 1.0, RateIntent(Face.NEUTRAL))
    assert isinstance(state.view, NoticeView)
    assert (state.view.tone, state.sound) == (Tone.GOOD, Sound.END)
    assert faces.tick(3.9).screen is Screen.NOTICE
    assert faces.tick(4.0).screen is Screen.IDLE


@pytest.mark.parametrize("reason", FaceRefusal)
def test_a_refusal_has_its_sentence(faces: KioskPresenter, reason: FaceRefusal) -> None:
    state = faces.show(FaceRefused(reason), 1.0, RateIntent(Face.NEUTRAL))
    assert isinstance(state.view, NoticeView)
    assert state.sound is Sound.REFUSAL
    assert len(state.view.what) > 2
    assert faces.tap(TapOutside(), 2.0).screen is Screen.IDLE


def test_it_closes_by_a_tap_and_by_itself(faces: KioskPresenter) -> None:
    assert faces.tap(TapClose(), 1.0).screen is Screen.IDLE
    faces.tap(TapFaces(), 2.0)
    assert faces.tick(22.0).screen is Screen.IDLE


def test_what_is_not_about_faces_is_shown_as_ever(faces: KioskPresenter) -> None:
    assert isinstance(faces.show(Undone("s", "张建明", was_check_in=True), 1.0).view, NoticeView)
