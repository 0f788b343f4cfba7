"""Every word on a screen, by its symbolic message id, out of the catalogue of one language.

Upstream: a gettext catalogue, handed in.
Downstream: every module of this package; ``tests/unit/kiosk/presenter`` holds the catalogues complete.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class Language(StrEnum):
    """The languages of the kiosk, by the folder of their catalogue; the first is the station's own."""

    CHINESE = "zh_CN"
    ENGLISH = "en"


class Translations(Protocol):
    """What is asked of a catalogue; ``gettext.NullTranslations`` and its children have it."""

    def gettext(self, message: str, /) -> str:
        """Return the text of a message id, or the id itself where there is none."""


class Phrases:
    """The phrases of one language."""

    def __init__(self, translations: Translations) -> None:
        self._translations = translations

    def say(self, msgid: str, **values: object) -> str:
        """Return one phrase with its named places filled; braces inside a value stay as they are."""
        return self._translations.gettext(msgid).format_map(values)

    def of(self, family: str, member: str, part: str = "", **values: object) -> str:
        """Return the phrase of one member of a closed list: ``refusal.forged.what``."""
        return self.say(".".join(filter(None, (family, member, part))), **values)

    def name_of(self, family: str, member: str) -> str:
        """Return the name of a member of an open list (stations add service kinds): its own id if it has no name."""
        msgid = f"{family}.{member}"
        name = self._translations.gettext(msgid)
        return member if name == msgid else name


def phrases_by_language(catalogues: Mapping[Language, Translations]) -> dict[Language, Phrases]:
    """Return the phrases of every language; each must have its catalogue."""
    return {language: Phrases(catalogues[language]) for language in Language}
