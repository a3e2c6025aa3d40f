"""The catalogues: codes and named values into sentences, numbers and dates as people write them."""

from bocage.words.catalogue import gettext, translate
from bocage.words.figures import duration, number, size
from bocage.words.moments import day, moment
from bocage.words.sentences import Sentence, sentence
from bocage.words.telling import told

__all__ = ["Sentence", "day", "duration", "gettext", "moment", "number", "sentence", "size", "told", "translate"]
