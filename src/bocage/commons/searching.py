"""Looking for words in the commons, and for what resembles an experiment that somebody is about to begin."""

from math import log
from typing import Final

import msgspec

from bocage.commons.library import Library
from bocage.commons.resource import Shared
from bocage.domain.experiment import Experiment
from bocage.publish.search import Found
from bocage.publish.search import found as found_in
from bocage.words.folding import SMALL, singular, words_of

MOST: Final = 5
LEAST: Final = 2
"""Telling words in common from which two experiments resemble each other."""


class Like(msgspec.Struct, frozen=True, kw_only=True):
    """An experiment that resembles another: the same use, or so many telling words in common."""

    shared: Shared
    same_use: bool
    words: int


def found(library: Library, question: str, lang: str) -> Found:
    """What answers a question, by kind, the best first; accents, case and plural do not matter."""
    return found_in(library.index, question, lang)


def similar(library: Library, body: Experiment) -> tuple[Like, ...]:
    """Experiments of the commons that resemble this one, those of the same use first."""
    words, scores, common = _telling(body), dict[int, float](), dict[int, int]()
    for word in words:
        held = library.index.postings.get(word, {})
        for number, weight in held.items():
            scores[number] = scores.get(number, 0.0) + weight * log(1 + len(library.shared) / len(held))
            common[number] = common.get(number, 0) + 1
    likes = []
    for number, one in enumerate(library.shared):
        same = bool(body.use_case) and one.fact.use_case == body.use_case
        if isinstance(one.body, Experiment) and (same or common.get(number, 0) >= LEAST):
            likes.append((not same, -scores.get(number, 0.0), one.name, same, common.get(number, 0), one))
    likes.sort(key=lambda like: like[:3])
    return tuple(Like(shared=one, same_use=same, words=count) for *_order, same, count, one in likes[:MOST])


def _telling(body: Experiment) -> frozenset[str]:
    """The words of its title and of what it supposes, but for small and very short ones."""
    texts = [text for text in (body.title, body.protocol.hypothesis) if text is not None]
    small = frozenset(SMALL.split())
    words = {word for text in texts for said in (text.fr, text.en) for word in words_of(said)}
    return frozenset(singular(word) for word in words if len(word) > 3 and word not in small)
