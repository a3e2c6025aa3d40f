"""What answers a question: the entries that hold all its words, the best first, with the words marked."""

from difflib import get_close_matches

import msgspec

from bocage.domain.text import Text
from bocage.publish.search.gathering import Entry
from bocage.publish.search.index import Index
from bocage.words.folding import asked, marked, meets, words_of

AROUND = 70
"""Characters kept on either side of the first word found in a long text."""
SENTENCE = 24
"""Characters from which a text is taken for one."""
Pieces = tuple[tuple[str, bool], ...]
"""A text in pieces, and whether each is a word that was looked for."""


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that answers: its title and some words around what was found, with the language of each."""

    entry: Entry
    title: Pieces
    title_lang: str
    snippet: Pieces = ()
    snippet_lang: str = ""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: hits by kind, kinds with the best hits first. `whole` is False when no entry holds all the words and
    these hold some; `nearest`: a word of the territory that is written nearly the same, for each that nothing holds."""

    words: tuple[str, ...]
    kinds: dict[str, tuple[Hit, ...]]
    whole: bool = True
    nearest: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many entries answer."""
        return sum(len(hits) for hits in self.kinds.values())


def found(index: Index, question: str, lang: str) -> Found:
    """The answer to a question; empty when it holds no word."""
    words = tuple(asked(question))
    held = {word: index.holding(word) for word in words}
    everywhere = set.intersection(*(set(one) for one in held.values())) if words else set()
    some = {number for one in held.values() for number in one}
    chosen = everywhere or some
    score = {number: sum(one.get(number, 0) for one in held.values()) for number in chosen}
    order = sorted(chosen, key=lambda number: (-score[number], index.entries[number].title.fr.casefold()))
    kinds: dict[str, list[Hit]] = {}
    for number in order:
        kinds.setdefault(index.entries[number].kind, []).append(_hit(index.entries[number], words, lang))
    return Found(
        words=words,
        kinds={kind: tuple(hits) for kind, hits in kinds.items()},
        whole=bool(everywhere) or not some,
        nearest=tuple(near for word, one in held.items() if not one for near in _nearest(index, word)),
    )


def _nearest(index: Index, word: str) -> list[str]:
    return get_close_matches(word, [one for one in index.vocabulary if len(one) > 2], n=1, cutoff=0.75)


def _hit(entry: Entry, words: tuple[str, ...], lang: str) -> Hit:
    title, title_lang = entry.title.read(lang)
    text = next((text for text in entry.texts if _holds(text, words, lang)), _telling(entry))
    if text is None:
        return Hit(entry=entry, title=tuple(marked(title, words)), title_lang=title_lang)
    said, said_lang = text.read(lang)
    return Hit(
        entry=entry,
        title=tuple(marked(title, words)),
        title_lang=title_lang,
        snippet=tuple(marked(_around(said, words), words)),
        snippet_lang=said_lang,
    )


def _telling(entry: Entry) -> Text | None:
    """The first of its texts that reads as a sentence; a code or a single word says little beside a title."""
    return next((text for text in entry.texts if len(text.fr) >= SENTENCE and " " in text.fr), None)


def _holds(text: Text, words: tuple[str, ...], lang: str) -> bool:
    said = words_of(text.read(lang)[0])
    return any(meets(word, wanted) for word in said for wanted in words)


def _around(text: str, words: tuple[str, ...]) -> str:
    """The part of a long text around the first word found in it, cut between words."""
    if len(text) <= 2 * AROUND:
        return text
    first = 0
    for piece, is_word in marked(text, words):
        if is_word:
            break
        first += len(piece)
    start = max(0, min(first - AROUND, len(text) - 2 * AROUND))
    start = text.find(" ", start) + 1 if start else 0
    end = min(len(text), start + 2 * AROUND)
    end = text.rfind(" ", start, end) if end < len(text) else end
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"
