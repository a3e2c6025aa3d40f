"""Words as people look for them: without accents, case or plural; and where they stand in a text."""

import re
import unicodedata
from collections.abc import Collection, Iterator

WORD = re.compile(r"[^\W_]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae"})
_SHORTEST = 4
"""Letters of a word whose last s or x may be a plural: « gaz », « bus » and « eau » stay as they are."""
SMALL = (
    "a au aux ce ces cet cette d dans de des du elle en est et il ils je l la le les leur leurs n ne nos notre nous on "
    "ou par pas pour qu que qui quoi s sa se ses son sont sur un une vos votre vous y "
    "an and are as at be by for from in is it of or that the this to was what with"
)
"""Words that say nothing of what is looked for, folded."""


def folded(text: str) -> str:
    """Without accents and case; ligatures as two letters."""
    plain = unicodedata.normalize("NFD", text.translate(_LIGATURES))
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


def singular(word: str) -> str:
    """A folded word without its plural, as far as its end tells (French, then English)."""
    if len(word) >= _SHORTEST + 1 and word.endswith("aux") and not word.endswith("eaux"):
        return word[:-3] + "al"
    if len(word) >= _SHORTEST + 1 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) >= _SHORTEST and word[-1] in "sx" else word


def words_of(text: str) -> list[str]:
    """Every word of a text, folded, in order."""
    return WORD.findall(folded(text))


def asked(text: str, most: int = 8) -> list[str]:
    """The words of a question, each once, without those that say nothing when others are left."""
    found = list(dict.fromkeys(words_of(text)))
    small = frozenset(SMALL.split())
    telling = [word for word in found if word not in small]
    return (telling or found)[:most]


def meets(word: str, wanted: str) -> bool:
    """Whether a folded word begins with what is looked for, whatever the number of either; one letter is a word."""
    if len(wanted) < 2:
        return word == wanted
    return word.startswith(wanted) or singular(word) == singular(wanted)


def marked(text: str, wanted: Collection[str]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, and whether each is a word that was looked for."""
    at = 0
    for found in WORD.finditer(text):
        if any(meets(word, one) for word in words_of(found[0]) for one in wanted):
            if found.start() > at:
                yield text[at : found.start()], False
            yield found[0], True
            at = found.end()
    if at < len(text):
        yield text[at:], False
