"""What the desk says to every outcome of an operator's act, in both languages."""

from __future__ import annotations

import pytest

from kiosk.domain.operator_refusal import DeskRefusal, EntryRefusal, OperatorRefusal
from kiosk.domain.operators import Role
from kiosk.domain.refusal import RecordingFault, RefusalReason
from kiosk.presenter.operators import sentence_of
from kiosk.presenter.phrases import Language, Phrases
from kiosk.usecases.operator_outcomes import (
    EntryRefused,
    HoursEntered,
    OperatorOutcome,
    OperatorRefused,
    PinReset,
    PinSet,
    SignedIn,
)
from kiosk.usecases.outcomes import NotRecorded, Refused
from tests.unit.kiosk.presenter.station import CATALOGUES

OUTCOMES: list[OperatorOutcome] = [
    SignedIn("V1", "王站长", tuple(Role)),
    PinSet("V1"),
    PinReset("V1"),
    HoursEntered("s1", "张晓明", 120),
    *(OperatorRefused(reason, 3) for reason in OperatorRefusal),
    *map(EntryRefused, EntryRefusal),
    Refused(RefusalReason.FORGED),
    NotRecorded(RecordingFault.BUSY),
]


@pytest.mark.parametrize("language", Language)
def test_every_outcome_has_a_sentence_of_its_own(language: Language) -> None:
    words = Phrases(CATALOGUES[language])
    sentences = [sentence_of(outcome, words) for outcome in OUTCOMES]
    assert len(set(sentences)) == len(OUTCOMES)
    assert all("_" not in sentence and "{" not in sentence for sentence in sentences)


@pytest.mark.parametrize("language", Language)
def test_every_refusal_of_the_desk_has_a_sentence_of_its_own(language: Language) -> None:
    words = Phrases(CATALOGUES[language])
    sentences = [words.of("desk_refusal", reason) for reason in DeskRefusal]
    assert len(set(sentences)) == len(DeskRefusal)
    assert all("_" not in sentence and "{" not in sentence for sentence in sentences)
