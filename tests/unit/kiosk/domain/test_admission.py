"""What is enough at a station is a table: whole, and never laxer for what proves less."""

from __future__ import annotations

from itertools import product

import pytest

from kiosk.domain.admission import ADMISSIONS, Accepts, Admission, Shown, may_vouch

STRENGTH = [Admission.ENOUGH, Admission.CAPTAIN_TO_BEGIN, Admission.CAPTAIN, Admission.REFUSED]


def test_every_case_is_decided() -> None:
    assert set(ADMISSIONS) == set(product(Accepts, Shown))


@pytest.mark.parametrize("shown", Shown)
def test_a_stricter_station_is_never_laxer(shown: Shown) -> None:
    ranks = [STRENGTH.index(ADMISSIONS[accepts, shown]) for accepts in Accepts]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize("accepts", Accepts)
def test_a_dynamic_code_is_always_enough_and_a_typed_number_never(accepts: Accepts) -> None:
    assert ADMISSIONS[accepts, Shown.DYNAMIC] is Admission.ENOUGH
    assert ADMISSIONS[accepts, Shown.TYPED] is Admission.CAPTAIN
    assert ADMISSIONS[accepts, Shown.CARD] is ADMISSIONS[accepts, Shown.LISTED]


@pytest.mark.parametrize("accepts", Accepts)
def test_a_wrong_clock_turns_nobody_away(accepts: Accepts) -> None:
    assert ADMISSIONS[accepts, Shown.UNDATED] is not Admission.REFUSED


@pytest.mark.parametrize("accepts", Accepts)
def test_only_a_signed_certificate_that_is_accepted_here_speaks_for_another(accepts: Accepts) -> None:
    speaking = {shown for shown in Shown if may_vouch(accepts, shown)}
    card = set() if accepts is Accepts.DYNAMIC else {Shown.CARD}
    assert speaking == {Shown.DYNAMIC, Shown.UNDATED} | card
