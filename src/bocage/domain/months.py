"""Names of months, French and English, whole or shortened, as they stand in tables."""

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]{3,}\.?")
_FRENCH: Final = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
_ENGLISH: Final = "january february march april may june july august september october november december"


def in_figures(text: str) -> str:
    """The text with its months as two figures: `janv. 2026` gives `01 2026`; other words stay."""
    return _WORD.sub(lambda found: _figures(found[0]), text)


def _figures(word: str) -> str:
    """A month is told by its name or by a beginning of it that no other month shares."""
    bare = unicodedata.normalize("NFKD", word.lower()).encode("ascii", "ignore").decode().rstrip(".")
    told = {
        number
        for names in (_FRENCH, _ENGLISH)
        for number, name in enumerate(names.split(), start=1)
        if name.startswith(bare)
    }
    return f"{told.pop():02d}" if len(told) == 1 else word
