"""Templates with everything escaped, one environment a language.

Upstream: Jinja, ``wording``.
Downstream: ``pages``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from sync.platform.wording import CHINESE, LANGUAGES, STATES, words_in

HTML_LANGUAGE = {CHINESE: "zh-CN"}


@lru_cache(maxsize=len(LANGUAGES))
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("sync.platform.console"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = words_in(language)
    environment.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["language"] = HTML_LANGUAGE.get(language, language)
    environment.globals["states"] = STATES
    return environment


def render(template: str, language: str, **shown: Any) -> str:
    """Return a page as HTML; every value is escaped where it is placed."""
    return _environment(language).get_template(template).render(**shown)
