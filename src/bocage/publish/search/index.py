"""The words of everything that can be found, sorted: a word is looked up by how it begins."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

import msgspec

from bocage.domain.text import Text
from bocage.publish.search.gathering import Entry
from bocage.words.folding import meets, singular, words_of

TITLE, BODY = 4, 1
"""What a word counts by where it stands."""


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """`vocabulary`: every word, folded and sorted; `postings`: for each, the numbers of the entries with what it counts
    in each."""

    entries: tuple[Entry, ...]
    vocabulary: tuple[str, ...]
    postings: dict[str, dict[int, int]]

    def holding(self, wanted: str) -> dict[int, int]:
        """The entries that hold a word which begins with what is wanted; twice as much where it is the word itself."""
        scores: dict[int, int] = {}
        for word in self._words(wanted):
            whole = 2 if singular(word) == singular(wanted) else 1
            for number, weight in self.postings[word].items():
                scores[number] = max(scores.get(number, 0), weight * whole)
        return scores

    def _words(self, wanted: str) -> Iterator[str]:
        for start in dict.fromkeys((wanted, singular(wanted))):
            for at in range(bisect_left(self.vocabulary, start), len(self.vocabulary)):
                if not self.vocabulary[at].startswith(start):
                    break
                if meets(self.vocabulary[at], wanted):
                    yield self.vocabulary[at]


def indexed(entries: Iterable[Entry]) -> Index:
    """The index of these entries, in both languages."""
    kept, postings = tuple(entries), dict[str, dict[int, int]]()
    for number, entry in enumerate(kept):
        for weight, text in ((TITLE, entry.title), *((BODY, text) for text in entry.texts)):
            for word in _words(text):
                held = postings.setdefault(word, {})
                held[number] = max(held.get(number, 0), weight)
    return Index(entries=kept, vocabulary=tuple(sorted(postings)), postings=postings)


def _words(text: Text) -> set[str]:
    """The words of both languages, and those that are plural as they are when there is one."""
    found = {word for said in (text.fr, text.en) for word in words_of(said)}
    return found | {singular(word) for word in found}
