"""What the agent says stands in both languages, whole and compiled."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

from sync.agent.wording import CATALOGUES, CHINESE, DOMAIN, ENGLISH, SENTENCES, Wrong, alarm, both, retold, trouble

AGENT = Path(__file__).parents[4] / "sync" / "agent"
LANGUAGES = (CHINESE, ENGLISH)
PLACEHOLDER = re.compile(r"\{\w+\}")


def catalogue(language: str) -> Catalog:
    with (CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return pofile.read_po(file, locale=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_its_words_and_no_word_is_left_over(language: str) -> None:
    keywords = {**DEFAULT_KEYWORDS, "marked": None}
    said = {message for _, _, message, _, _ in extract_from_dir(str(AGENT), [("**.py", "python")], keywords=keywords)}
    messages = {str(message.id): str(message.string) for message in catalogue(language) if message.id}
    assert set(messages) == said
    for msgid, words in messages.items():
        assert words.strip(), msgid
        assert set(PLACEHOLDER.findall(words)) == set(PLACEHOLDER.findall(msgid)), msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    compiled = io.BytesIO()
    mofile.write_mo(compiled, catalogue(language))
    file = CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    assert file.read_bytes() == compiled.getvalue(), f"run: pybabel compile -D {DOMAIN} -d assets/locale"


def test_a_trouble_is_its_english_sentence_with_the_chinese_one_beside_it() -> None:
    assert set(SENTENCES) == set(Wrong)
    refused = trouble(Wrong.REFUSED, 403)
    assert refused == "the platform refuses this device (403); ask its keeper, records are kept"
    assert refused.zh == "平台拒绝本设备（403）；请联系平台管理员，记录已保留"
    assert both("nothing waits to be sent").startswith("没有记录等待上传")


def test_a_word_that_no_catalogue_knows_stands_for_itself() -> None:
    assert (alarm("meteor"), alarm("meteor").zh) == ("meteor", "meteor")
    assert retold("never heard of").zh == "never heard of"
