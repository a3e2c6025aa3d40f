"""Numbers, durations and sizes as people write them: 1 234,5 kWh in French, 1,234.5 kWh in English."""

import math

from bocage.domain.text import message as _
from bocage.words.catalogue import language, translate
from bocage.words.typography import NARROW

NOTHING = "—"
_SIZES = {"fr": ("octets", "ko", "Mo", "Go", "To"), "en": ("bytes", "kB", "MB", "GB", "TB")}
_CLOSE_IN_ENGLISH = ("%", "°")


def number(x: float | None, lang: str, unit: str = "", *, decimals: int | None = None) -> str:
    """A figure with its unit; without `decimals`, as many as say something (three significant, at most six)."""
    if x is None or math.isnan(x):
        return NOTHING
    from babel.numbers import format_decimal

    places = _places(x) if decimals is None else decimals
    least = "0" * (decimals or 0)
    form = "#,##0" + ("." + least + "#" * (places - len(least)) if places else "")
    written = format_decimal(x, format=form, locale=language(lang))
    if not unit:
        return written
    close = language(lang) == "en" and unit in _CLOSE_IN_ENGLISH
    return f"{written}{'' if close else NARROW}{unit}"


def _places(x: float) -> int:
    if x == 0 or abs(x) >= 1000:
        return 1
    return min(6, max(2, 2 - math.floor(math.log10(abs(x)))))


def duration(seconds: float, lang: str) -> str:
    """A length of time in its two largest units: 2 heures 30 minutes."""
    left = round(seconds)
    if left <= 0:
        return _counted(0, _("second"), _("seconds"), lang)
    units = (
        (86_400, _("day"), _("days")),
        (3_600, _("hour"), _("hours")),
        (60, _("minute"), _("minutes")),
        (1, _("second"), _("seconds")),
    )
    parts = []
    for length, one, many in units:
        count, left = divmod(left, length)
        if count:
            parts.append(_counted(count, one, many, lang))
        if parts and (len(parts) == 2 or not count):
            break
    return " ".join(parts)


def _counted(count: int, one: str, many: str, lang: str) -> str:
    single = count == 1 or (count == 0 and language(lang) == "fr")
    return f"{number(count, lang)}{NARROW}{translate(one if single else many, lang)}"


def size(octets: int, lang: str) -> str:
    """A size in powers of a thousand: 1,2 Mo."""
    units = _SIZES[language(lang)]
    value, step = float(octets), 0
    while value >= 1000 and step < len(units) - 1:
        value, step = value / 1000, step + 1
    decimals = 0 if step == 0 or value >= 100 else 1
    return number(value, lang, units[step], decimals=decimals)
