"""The catalogues: codes and named values into sentences, numbers and dates as people write them."""

from bocage.words.catalogue import both, gettext, translate
from bocage.words.figures import duration, number, size
from bocage.words.moments import day, day_of, moment, period
from bocage.words.sentences import Sentence, reason, sentence
from bocage.words.telling import told

__all__ = [
    "Sentence",
    "both",
    "day",
    "day_of",
    "duration",
    "gettext",
    "moment",
    "number",
    "period",
    "reason",
    "sentence",
    "size",
    "told",
    "translate",
]
