"""Names as strangers may see them: 张＊明 (ui.md, Privacy).

Upstream: nothing.
Downstream: ``kiosk.presenter``.
"""

from __future__ import annotations

import unicodedata

MASK = "＊"
SHORT = 2


def masked_name(name: str) -> str:
    """Return ``name`` with all but its first and last character masked; of two characters the second is.

    Characters are counted with their combining marks and variation selectors, so that none is torn.
    """
    parts = _characters(name)
    if len(parts) <= 1:
        return name
    if len(parts) == SHORT:
        return parts[0] + MASK
    return parts[0] + MASK * min(len(parts) - SHORT, SHORT) + parts[-1]


def _characters(text: str) -> list[str]:
    parts: list[str] = []
    for char in text:
        if parts and unicodedata.category(char).startswith("M"):
            parts[-1] += char
        else:
            parts.append(char)
    return parts
