"""Puts what the machine says of itself into words."""

from collections.abc import Iterable

from bocage.domain.said import Day, Instant, Length, Octets, Said, Term, Value
from bocage.words.catalogue import translate
from bocage.words.figures import duration, number, size
from bocage.words.moments import day, moment


def told(sentences: Iterable[Said], zone: str, lang: str) -> str:
    """The sentences one after the other; moments at the clocks of `zone`."""
    return " ".join(_told(one, lang, zone) for one in sentences)


def _told(one: Said, lang: str, zone: str) -> str:
    shown = {name: _shown(value, lang, zone) for name, value in one.values.items()}
    return translate(one.message, lang) % shown


def _shown(value: Value, lang: str, zone: str) -> str:
    match value:
        case Octets(count):
            return size(count, lang)
        case Length(seconds):
            return duration(seconds, lang)
        case Instant(at):
            return moment(at, zone, lang)
        case Day(on):
            return day(on, lang)
        case Term(message):
            return translate(message, lang)
        case int():
            return number(value, lang, decimals=0)
    return value
