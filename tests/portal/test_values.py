"""What a value says of itself: when it was measured, here and where it comes from."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bocage.domain.instant import to_ms
from bocage.domain.nature import Origin, ResultKind
from bocage.web.portal.values import Value

ZONE = "Europe/Paris"


def at(text: str) -> int:
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)))


@pytest.mark.parametrize(
    ("start", "end", "original", "said"),
    [
        ("2026-10-01", "2026-11-01", "2025-01-01", "janvier 2025"),  # October has one hour more than January
        ("2026-03-01", "2026-04-01", "2024-02-01", "février 2024"),
        ("2026-10-25", "2026-10-26", "2022-11-27", "27 novembre 2022"),  # a day of 25 hours
        ("2026-03-29", "2026-03-30", "2022-05-01", "1er mai 2022"),
    ],
)
def test_a_whole_day_or_month_replayed_was_a_whole_one_where_it_was_measured(
    start: str, end: str, original: str, said: str
) -> None:
    value = Value(
        start=at(start),
        end=at(end),
        kind=ResultKind.NUMBER,
        number=1.0,
        text="",
        origin=Origin.REPLAYED,
        original=at(original),
    )
    assert value.originally(ZONE, "fr") == said


@pytest.mark.parametrize(
    ("start", "end", "lang", "said"),
    [
        ("2026-11-26T10:00", "2026-11-26T11:00", "fr", "26 novembre 2026, de 10 h à 11 h"),
        ("2026-11-01T09:15", "2026-11-01T10:30", "fr", "1er novembre 2026, de 9 h 15 à 10 h 30"),
        ("2026-11-26T10:00", "2026-11-26T11:00", "en", "26 November 2026, from 10:00 to 11:00"),
        ("2026-11-26T23:00", "2026-11-27T00:00", "fr", "du 26 novembre 2026, 23 h 00 au 27 novembre 2026, 0 h 00"),
        ("2026-11-26T00:00", "2026-11-27T00:00", "fr", "26 novembre 2026"),
    ],
)
def test_an_interval_within_a_day_is_told_by_its_hours(start: str, end: str, lang: str, said: str) -> None:
    value = Value(start=at(start), end=at(end), kind=ResultKind.NUMBER, number=1.0, text="", origin=Origin.MEASURED)
    assert value.when(ZONE, lang).replace("\u00a0", " ") == said
