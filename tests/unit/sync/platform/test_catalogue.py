"""The catalogue is complete in both languages, compiled, and says 参照 where a rule is named."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

from sync.platform.wording import CATALOGUES, DOMAIN, LANGUAGES, words_in

PLATFORM = Path(__file__).parents[4] / "sync" / "platform"
WHERE = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def catalogue(language: str) -> Catalog:
    path = CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as file:
        return pofile.read_po(file, locale=language)


def said() -> set[str | tuple[str, ...]]:
    keywords = {**DEFAULT_KEYWORDS, "marked": None}
    return {message for _, _, message, _, _ in extract_from_dir(str(PLATFORM), WHERE, keywords=keywords)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_its_words_and_no_word_is_left_over(language: str) -> None:
    messages = {message.id: message for message in catalogue(language) if message.id}
    assert set(messages) == said()
    for message in messages.values():
        words = [message.string] if isinstance(message.string, str) else list(message.string or ())
        assert words, message.id
        assert all(word.strip() for word in words), message.id
        assert not message.fuzzy, message.id
        one = message.id if isinstance(message.id, str) else message.id[0]
        assert all(set(PLACEHOLDER.findall(word)) == set(PLACEHOLDER.findall(one)) for word in words), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    compiled = io.BytesIO()
    mofile.write_mo(compiled, catalogue(language))
    path = CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    assert path.read_bytes() == compiled.getvalue(), f"run: pybabel compile -D {DOMAIN} -d assets/locale"


def test_chinese_is_chinese_and_claims_no_office() -> None:
    words = words_in("zh_CN")
    assert words.gettext("Not rated yet") == "待评价"
    text = (CATALOGUES / "zh_CN" / "LC_MESSAGES" / f"{DOMAIN}.po").read_text("utf-8")
    assert "官方" not in text
    assert "符合国家标准" not in text
    assert "参照" in text
