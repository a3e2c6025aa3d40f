"""The stories of `story.toml`, as a clerk reads them: what is given, the sentences expected in both languages."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from bocage.domain.dataset import Licence
from bocage.domain.indicator import Target
from bocage.domain.instant import to_ms
from bocage.domain.measure import Aggregate, Measure, Period, Window
from bocage.domain.nature import Nature
from bocage.domain.spans import whole_months_later
from bocage.domain.text import Text
from bocage.publish.provenance import Provenance
from bocage.publish.story import Subject, story
from bocage.publish.story.lines import MOST
from bocage.steer.measuring import Figure

ZONE = "Europe/Paris"
CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("story.toml").read_text("utf-8"))["case"]
WRITTEN = re.compile(r"(?P<value>\?|[\d.]+)(?: \((?P<count>\d+)/(?P<expected>\d+)\))?")


def plain(text: str) -> str:
    """Spaces and apostrophes as one types them."""
    return re.sub("[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]", " ", text).replace("’", "'")


def subject(case: dict[str, Any]) -> Subject:
    window = case.get("window")
    measure = Measure(
        datastreams=("a",),
        aggregate=Aggregate.of(case["aggregate"]),
        period=Period.of(case.get("period", "day")),
        window=msgspec.convert(window, Window) if window else None,
    )
    found = [one for run in case["figures"] for one in figures(measure, date.fromisoformat(run["from"]), run["values"])]
    return Subject(
        measure=measure,
        nature=Nature.of(case.get("nature", "gauge")),
        unit=case["unit"],
        zone=ZONE,
        now=moment(datetime.fromisoformat(case["now"])),
        figures=tuple(sorted(found, key=lambda one: one.start)),
        observed=texts(case.get("observed", ["Électricité"])),
        places=texts(case.get("places", ["École"])),
        series=case.get("series", 1),
        purposes=texts(case.get("purposes", [])),
        target=msgspec.convert(case["target"], Target, strict=False) if "target" in case else None,
        provenance=tuple(source(**one) for one in case.get("sources", [])),
        licences=tuple(Licence.of(one) for one in case.get("licences", [])),
        stewards=texts(case.get("stewards", [])),
        rules=texts(case.get("rules", [])),
    )


def texts(said: list[str]) -> tuple[Text, ...]:
    return tuple(Text(fr=one) for one in said)


def source(title: str, operator: str, replayed: bool) -> Provenance:
    told = Text(fr=operator) if operator else None
    return Provenance(source="s", title=Text(fr=title), operator=told, licence="", attribution="", replayed=replayed)


def moment(local: datetime) -> int:
    return to_ms(local.replace(tzinfo=ZoneInfo(ZONE)))


def figures(measure: Measure, first: date, values: str) -> Iterator[Figure]:
    """One for each period from `first` on, as the case writes them."""
    begins = datetime.fromisoformat(f"{first}T00:00")
    for written in WRITTEN.finditer(values):
        after = following(begins, measure.period)
        opening = timedelta(hours=22) if measure.window else timedelta()
        closing = begins + timedelta(hours=30) if measure.window else after
        count, expected = int(written["count"] or 24), int(written["expected"] or 24)
        if written["value"] != "?":
            yield Figure(
                start=moment(begins + opening), end=moment(closing), value=float(written["value"]), count=count,
                expected=expected,
            )  # fmt: skip
        begins = after


def following(begins: datetime, period: Period) -> datetime:
    if period is Period.MONTH:
        return whole_months_later(begins, 1)
    return begins + timedelta(days=7 if period is Period.WEEK else 1)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("case", CASES, ids=[case["sentence"] for case in CASES])
def test_a_story_says_what_the_data_hold(case: dict[str, Any], lang: str) -> None:
    told = {line.code: plain(line.text) for line in story(subject(case), lang)}
    assert {code: told.get(code, "") for code in case[lang]} == case[lang]
    assert not set(told) & set(case.get("silent", ()))
    assert len(told) <= MOST


def test_a_story_knows_the_days_of_23_and_25_hours() -> None:
    """The day after the clocks change compares with the whole day before it."""
    measure = Measure(datastreams=("a",), aggregate=Aggregate.SUM)
    found = tuple(figures(measure, date(2026, 10, 24), "10 20 30"))
    now = moment(datetime.fromisoformat("2026-10-27T09:00"))
    told = Subject(measure=measure, nature=Nature.AMOUNT, unit="kWh", zone=ZONE, now=now, figures=found)
    assert [(one.end - one.start) // 3_600_000 for one in found] == [24, 25, 24]
    assert told.before is found[1]
