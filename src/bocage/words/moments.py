"""Days and moments as people write them: 23 novembre 2026, 14 h 05."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bocage.domain.instant import to_datetime
from bocage.words.catalogue import language
from bocage.words.typography import FIRM


def day(on: date, lang: str) -> str:
    """A day in words: 1er janvier 2026, 1 January 2026."""
    from babel.dates import format_date

    lang = language(lang)
    written = format_date(on, format="d MMMM y", locale=lang)
    return written.replace("1 ", "1er ", 1) if lang == "fr" and on.day == 1 else written


def day_of(at: int | datetime, zone: str, lang: str) -> str:
    """The civil day of an instant (UTC milliseconds, or an aware datetime) in `zone`."""
    local = at.astimezone(ZoneInfo(zone)) if isinstance(at, datetime) else to_datetime(at, zone)
    return day(local.date(), lang)


def period(name: str, lang: str) -> str:
    """A year or a month by its name in addresses: 2026, octobre 2026."""
    from babel.dates import format_date

    year, _dash, month = name.partition("-")
    return str(format_date(date(int(year), int(month), 1), format="MMMM y", locale=language(lang))) if month else year


def moment(at: int | datetime, zone: str, lang: str, *, seconds: bool = False) -> str:
    """An instant (UTC milliseconds, or an aware datetime) at the clocks of `zone`."""
    local = at.astimezone(ZoneInfo(zone)) if isinstance(at, datetime) else to_datetime(at, zone)
    if language(lang) == "en":
        return (
            f"{day(local.date(), 'en')}, {local:%H:%M:%S}" if seconds else f"{day(local.date(), 'en')}, {local:%H:%M}"
        )
    clock = f"{local.hour}{FIRM}h{FIRM}{local:%M}"
    if seconds:
        clock += f"{FIRM}min{FIRM}{local:%S}{FIRM}s"
    return f"{day(local.date(), 'fr')}, {clock}"


def clock(told: str, lang: str) -> str:
    """A local time HH:MM: 6 h 30 in French, 06:30 in English."""
    hour, minute = told.split(":")
    if language(lang) == "en":
        return told
    return f"{int(hour)}{FIRM}h" + (f"{FIRM}{minute}" if minute != "00" else "")
