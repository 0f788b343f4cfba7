"""No closed list has a value without a word."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import pytest

from sync.platform import roster_terms, terms, wording
from sync.protocol import vocabulary

LISTS: list[tuple[type[StrEnum], Mapping[str, str]]] = [
    (vocabulary.EventKind, wording.KINDS),
    (vocabulary.SessionState, wording.STATES),
    (vocabulary.Provenance, wording.PROVENANCES),
    (vocabulary.ServiceKind, wording.SERVICES),
    (vocabulary.TallyKind, wording.TALLIES),
    (vocabulary.Matter, terms.MATTERS),
    (vocabulary.Quality, terms.QUALITIES),
    (vocabulary.Effect, terms.EFFECTS),
    (vocabulary.Face, terms.FACES),
    (vocabulary.KitItem, terms.KIT),
    (vocabulary.Trust, terms.TRUST),
    (vocabulary.StatementAnswer, terms.ANSWERS),
    (vocabulary.AutoCloseReason, terms.ENDINGS),
    (vocabulary.EntryReason, terms.ENTRIES),
    (vocabulary.AmendmentReason, terms.CORRECTIONS),
    (vocabulary.VoidReason, terms.WITHDRAWALS),
    (vocabulary.ObjectionReason, terms.OBJECTIONS),
    (vocabulary.DecisionReason, terms.DECISIONS),
    (vocabulary.AssignmentState, roster_terms.STATES),
    (vocabulary.RosterAnswer, roster_terms.ANSWERS),
    (vocabulary.LeaveReason, roster_terms.LEAVES),
    (vocabulary.SwapState, roster_terms.SWAPS),
    (vocabulary.AnswerOutcome, roster_terms.OUTCOMES),
    (vocabulary.RosterReason, roster_terms.REASONS),
]


@pytest.mark.parametrize(("values", "words"), LISTS, ids=[values.__name__ for values, _ in LISTS])
def test_every_value_has_a_word(values: type[StrEnum], words: Mapping[str, str]) -> None:
    assert set(values) <= words.keys()
