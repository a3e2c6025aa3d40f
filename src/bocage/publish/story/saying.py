"""Figures and comparisons as a story says them: no more decimals than say something, units that agree."""

import math
from collections.abc import Sequence

from bocage import words
from bocage.domain.nature import Nature
from bocage.domain.text import Text
from bocage.domain.text import message as _

RELATIVE = (Nature.AMOUNT, Nature.INDEX)
"""Natures whose figures have a real zero, so that percentages say something."""
WORD = 3  # letters that make a unit a word rather than a sign


def rounded(value: float) -> float:
    """Three digits that say something; whole numbers as they are."""
    if value == int(value):
        return value
    places = 0 if abs(value) >= 100 else min(6, 2 - math.floor(math.log10(abs(value))))
    return round(value, places)


def figure(value: float, unit: str, lang: str) -> str:
    """A figure with its unit: 1 passage, 2 passages, 12,3 °C."""
    said = rounded(value)
    return words.number(said, lang, _agreeing(said, unit, lang))


def _agreeing(value: float, unit: str, lang: str) -> str:
    single = abs(value) < 2 if lang == "fr" else value == 1
    return unit[:-1] if single and len(unit) > WORD and unit.isalpha() and unit.endswith("s") else unit


def difference(value: float, other: float, nature: Nature, unit: str, lang: str) -> str:
    """How far apart two figures are, without sign: in percent where that says something, in the unit elsewhere; empty
    when they are the same to the reader."""
    here, there = rounded(value), rounded(other)
    if here == there:
        return ""
    if nature not in RELATIVE or there <= 0:
        return figure(abs(here - there), unit, lang)
    percent = 100 * abs(here - there) / there
    return words.number(round(percent, 0 if percent >= 1 else 1) or 0.1, lang, "%")


def listed(texts: Sequence[Text], lang: str, most: int = 3) -> str:
    """Titles one after the other, each once; beyond a few, how many more."""
    said = list(dict.fromkeys(text.read(lang)[0] for text in texts))
    shown = ", ".join(said[:most])
    if len(said) <= most:
        return shown
    more = words.gettext(lang).ngettext("%(shown)s and %(num)s more", "%(shown)s and %(num)s more", len(said) - most)
    return str(more) % {"shown": shown, "num": len(said) - most}


def inside(text: str) -> str:
    """A sentence within another one: without its full stop, its first letter small where it is no acronym."""
    said = text.strip().rstrip(".")
    return said[:1].lower() + said[1:] if said[1:2].islower() or said[1:2] in ("'", "\u2019", " ") else said


def opening(text: str) -> str:
    """With a capital."""
    return text[:1].upper() + text[1:]


def clauses(parts: Sequence[str], lang: str) -> str:
    """Clauses of one sentence."""
    return ("\u202f; " if lang == "fr" else "; ").join(parts)


def say(message: str, lang: str, **values: str) -> str:
    """A message with its values."""
    return words.translate(message, lang) % values


# A source and who runs it.
BY = _("%(title)s, by %(operator)s")
