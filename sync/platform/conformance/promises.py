"""The list of promises: each has a name in two languages and a trial that says nothing, or which promise is broken.

Upstream: nothing.
Downstream: the modules of trials, ``running``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.platform.conformance.tester import Tester

Trial = Callable[["Tester"], None]


class BrokenPromiseError(Exception):
    """A promise does not hold; the sentence says what came instead."""


class UntriedError(Exception):
    """A promise could not be tried; the sentence says what is wanted for it."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise of the protocol.

    Attributes:
        id: a word for programs.
        chinese, english: for people.
        trial: raises :class:`BrokenPromiseError` or :class:`UntriedError`.
    """

    id: str
    chinese: str
    english: str
    trial: Trial


PROMISES: list[Promise] = []


def promise(chinese: str, english: str) -> Callable[[Trial], Trial]:
    """Put a trial on the list, under its function's name."""

    def listed(trial: Trial) -> Trial:
        PROMISES.append(Promise(trial.__name__.strip("_"), chinese, english, trial))
        return trial

    return listed


def expect(holds: object, otherwise: str) -> None:
    """Go on where something holds.

    Raises:
        BrokenPromiseError: it does not.
    """
    if not holds:
        raise BrokenPromiseError(otherwise)
