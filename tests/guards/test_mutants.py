"""Every mutant still fits the code it is an edit of; `make mutants` shows that the tests notice it."""

from __future__ import annotations

import pytest

from tests.mutants.__main__ import rooms
from tests.mutants.mutant import ROOT, Mutant

EVERY = [mutant for found in rooms().values() for mutant in found]


@pytest.mark.parametrize("mutant", EVERY, ids=lambda mutant: mutant.name)
def test_an_edit_fits_and_its_tests_are_there(mutant: Mutant) -> None:
    assert mutant.fits(ROOT), f"{mutant.file} holds this not exactly once: {mutant.old}"
    assert mutant.old != mutant.new
    for test in mutant.tests:
        assert (ROOT / test.partition("::")[0]).is_file(), test


def test_no_two_mutants_share_a_name() -> None:
    names = [mutant.name for mutant in EVERY]
    assert len(names) == len(set(names))
