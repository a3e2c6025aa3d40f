"""Times written as text, one by one and many at once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bocage.domain.instant import iso, to_ms
from bocage.domain.months import in_figures
from bocage.domain.times import FEW, read_time, read_times

FORMS = {
    "2022-03-27T00:00:00+01:00": "2022-03-26T23:00:00.000Z",
    "2022-01-01": "2021-12-31T23:00:00.000Z",
    "2022-07-01 12:00": "2022-07-01T10:00:00.000Z",
    "2022-07-01T12:00:00.123456Z": "2022-07-01T12:00:00.123Z",
    "2022-07-01T12:00:00.123": "2022-07-01T10:00:00.123Z",
    "2022-07-01 12:00:00+00:00": "2022-07-01T12:00:00.000Z",
    "2022-07-01T12:00:00-0330": "2022-07-01T15:30:00.000Z",
    "20220701T120000Z": "2022-07-01T12:00:00.000Z",
}
BAD = (
    "",
    "x",
    "2022-02-30",
    "2022-13-01",
    "2022-01-01T25:00:00Z",
    "2022-01-01T00:00:00+9:00",
    "1643673600",
    "٢٠٢٢-01-01",
)


@pytest.mark.parametrize("times", [1, FEW], ids=["few", "many"])
def test_written_times_are_read_the_same_few_or_many(times: int) -> None:
    texts = [*FORMS, *BAD] * times
    read = read_times(texts, "Europe/Paris")
    assert [None if bad else iso(ms) for ms, bad in zip(read.ms, read.bad, strict=True)] == [
        *FORMS.values(),
        *(None for _ in BAD),
    ] * times


@pytest.mark.parametrize(
    ("zone", "skipped", "twice", "first"),
    [
        ("Europe/Paris", "2026-03-29T02:30:00", "2026-10-25T02:30:00", "2026-10-25T00:30:00.000Z"),
        ("America/Miquelon", "2026-03-08T02:30:00", "2026-11-01T01:30:00", "2026-11-01T03:30:00.000Z"),
    ],
)
@pytest.mark.parametrize("times", [1, FEW + 1], ids=["few", "many"])
def test_a_skipped_hour_is_told_and_a_repeated_one_is_its_first(
    zone: str, skipped: str, twice: str, first: str, times: int
) -> None:
    read = read_times([skipped, twice] * times, zone)
    assert read.gap.tolist() == [True, False] * times
    assert {iso(ms) for ms in read.ms[1::2]} == {first}


def test_overseas_zones_have_their_own_midnight() -> None:
    assert iso(read_time("2026-11-23", "Pacific/Marquesas")) == "2026-11-23T09:30:00.000Z"
    assert iso(read_time("2026-11-23", "Indian/Mayotte")) == "2026-11-22T21:00:00.000Z"


def test_french_dates_follow_their_declared_form() -> None:
    read = read_times(["01/03/2022 14:05", "1/3/2022 14:05"] * FEW, "Europe/Paris", "%d/%m/%Y %H:%M")
    assert not read.bad.any()
    assert {iso(ms) for ms in read.ms} == {"2022-03-01T13:05:00.000Z"}


FIRST, LAST = datetime(1900, 1, 2), datetime(2099, 12, 30)  # noqa: DTZ001 - hypothesis wants them without a zone


@given(some.lists(some.datetimes(FIRST, LAST), min_size=FEW + 1, max_size=FEW + 20))
def test_any_instant_comes_back(moments: list[datetime]) -> None:
    aware = [moment.replace(tzinfo=UTC) for moment in moments]
    texts = [moment.isoformat(timespec="milliseconds") for moment in aware]
    assert read_times(texts, "Europe/Paris").ms.tolist() == [to_ms(moment) for moment in aware]
    local = [(moment + timedelta(hours=2)).replace(tzinfo=None).isoformat(" ", "seconds") for moment in aware]
    few = [read_times([text], "Europe/Paris").ms[0] for text in local]
    assert read_times(local, "Europe/Paris").ms.tolist() == few


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("janvier 2026", "%B %Y"),
        ("Janv. 2026", "%B %Y"),
        ("1 January 2026", "%d %B %Y"),
        ("janv-26", "%B-%y"),
        ("01/2026", "%m/%Y"),
    ],
)
def test_months_are_read_by_name_and_by_figures(text: str, form: str) -> None:
    assert iso(read_times([text], "Europe/Paris", form).ms[0]) == "2025-12-31T23:00:00.000Z"


def test_every_month_is_known_in_both_languages() -> None:
    french = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre")
    english = ("January", "February", "March", "April", "May", "June", "July", "August", "September")
    later = ("octobre", "novembre", "décembre"), ("October", "November", "December")
    french, english = french + later[0], english + later[1]
    assert [in_figures(name) for name in french] == [f"{number:02d}" for number in range(1, 13)]
    assert [in_figures(name) for name in english] == [f"{number:02d}" for number in range(1, 13)]
    assert in_figures("mardi 3 mars, jui 2") == "mardi 3 03, jui 2"
