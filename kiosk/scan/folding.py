"""What a reader's own settings may do to a code's text, undone: full-width forms, and letters of the wrong case.

Only where the code is ours; every other text stays as it came, and is refused for what it is.

*Upstream*: nothing. *Downstream*: `readers`.
"""

import unicodedata

_SIGNS = str.maketrans({"。": ".", "、": "/", "¥": "$", "×": "*", "—": "-"})  # Chinese punctuation of base45's signs


def folded(text: str, prefix: str) -> str:
    """Return the text in capitals and plain forms if that makes it begin with the prefix, else the text itself.

    Args:
        text: as a reader gave it.
        prefix: of our codes, which are written in ASCII capitals, digits and signs.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_SIGNS).upper()
    return plain if plain.startswith(prefix) else text
