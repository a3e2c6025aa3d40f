"""Measurements of elsewhere moved in time: whole weeks, whole months, never ahead of now."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.ingest.given import NOW, PLACE, Clock, Declared, at, intake

from bocage.domain.errors import SettingError
from bocage.domain.instant import DAY, HOUR, to_datetime, to_ms
from bocage.domain.nature import Origin
from bocage.domain.source import Mapping, Series, Source
from bocage.domain.text import Text
from bocage.ingest.replay import RECENT, Replay, manifests
from bocage.ingest.shifting import Step, first_count, next_count, shifted

PARIS = "Europe/Paris"
INSTANTS = some.integers(at("2015-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z"))


@settings(deadline=None)
@given(INSTANTS, some.integers(0, 400))
def test_weeks_bring_the_last_value_to_now_or_just_after(last: int, days: int) -> None:
    now = last + days * DAY
    count = first_count(Step.WEEKS, last, now, PARIS)
    [_], [end] = shifted(np.array([last]), np.array([last]), Step.WEEKS, count, PARIS)
    assert now <= end < now + 7 * DAY


@settings(deadline=None)
@given(some.dates(date(2019, 1, 1), date(2021, 12, 31)), some.integers(1, 400))
def test_civil_days_stay_civil_days_and_keep_their_weekday(day: date, weeks: int) -> None:
    zone = ZoneInfo(PARIS)
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    end = start + timedelta(days=1)
    moved = shifted(np.array([to_ms(start)]), np.array([to_ms(end)]), Step.WEEKS, weeks, PARIS)
    begins, ends = (to_datetime(int(times[0]), PARIS) for times in moved)
    assert (begins.hour, ends.hour, begins.weekday()) == (0, 0, day.weekday())
    assert ends.date() - begins.date() == timedelta(days=1)


def test_months_keep_their_month_and_reach_the_last_whole_one() -> None:
    starts = np.array([at("2024-11-30T23:00:00Z"), at("2024-12-31T23:00:00Z")])
    ends = np.array([at("2024-12-31T23:00:00Z"), at("2025-01-31T23:00:00Z")])
    count = first_count(Step.MONTHS, int(ends.max()), to_ms(NOW), PARIS)
    moved = shifted(starts, ends, Step.MONTHS, count, PARIS)
    assert to_datetime(int(moved[0][1]), PARIS).date() == date(2026, 10, 1)
    assert to_datetime(int(moved[1][1]), PARIS).date() == date(2026, 11, 1)


def test_a_series_that_begins_again_does_not_overlap_itself() -> None:
    first, last = at("2022-01-01T00:00:00Z"), at("2022-12-31T00:00:00Z")
    more = next_count(Step.WEEKS, first, last, PARIS)
    [start], _ = shifted(np.array([first]), np.array([first]), Step.WEEKS, more, PARIS)
    assert last <= start < last + 7 * DAY


def _hourly(hours: int) -> str:
    begin = datetime(2022, 1, 1, tzinfo=UTC)
    times = [begin + timedelta(hours=hour) for hour in range(hours)]
    return "\n".join(["time,value", *(f"{time.isoformat()},{hour}" for hour, time in enumerate(times))])


class Demonstration:
    """An invented territory that replays an hourly series of fifteen days."""

    def __init__(self, folder: Path) -> None:
        declared = Declared()
        mapping = Mapping(key="hall-co2", interval_seconds=3600, series=(Series(column="value"),))
        declared.put(
            "capteurs",
            Source(title=Text(fr="Série"), plugin="bocage-csv", purpose="mesure", mapping=mapping, replayed=True),
        )
        declared.change("territory", PLACE, demonstration=True)
        self.declared, self.clock, self.folder = declared, Clock(), folder
        (folder / PLACE).mkdir(parents=True)
        (folder / PLACE / "manifest.toml").write_text('[[series]]\nsource = "capteurs"\nfile = "hours.csv"\n')
        (folder / "hours.csv").write_text(_hourly(15 * 24))
        self.intake = intake(folder / "data", declared=declared, clock=self.clock)
        self.store = self.intake.store

    def replay(self) -> Replay:
        return Replay(self.intake.reception, self.folder, lambda: [PLACE])

    def ends(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return self.store.window(1, 0, to_ms(NOW) + 400 * DAY).end


def test_history_ends_two_days_ago_and_the_rest_follows_one_by_one(tmp_path: Path, db: Path) -> None:
    shown = Demonstration(tmp_path)
    replay, now = shown.replay(), to_ms(NOW)
    loaded = replay.history(NOW)
    assert loaded == len(shown.ends())
    assert shown.ends().max() <= now - RECENT < shown.ends().max() + HOUR
    assert [replay.tick(NOW) for _ in range(50)] == [1] * 48 + [0, 0]
    assert shown.ends().max() <= now < shown.ends().max() + HOUR


def test_replayed_values_say_so_and_keep_their_original_time(tmp_path: Path, db: Path) -> None:
    shown = Demonstration(tmp_path)
    shown.replay().history(NOW)
    kept = shown.store.window(1, 0, to_ms(NOW))
    assert set(kept.origin.tolist()) == {Origin.REPLAYED}
    assert kept.original is not None
    assert kept.original.min() == at("2022-01-01T00:00:00Z")
    assert set(((kept.start - kept.original) % (7 * DAY)).tolist()) == {0}


def test_a_value_comes_when_its_hour_has_come(tmp_path: Path, db: Path) -> None:
    shown = Demonstration(tmp_path)
    replay = shown.replay()
    replay.history(NOW)
    while replay.tick(NOW):
        pass
    last = shown.ends().max()
    shown.clock.at = NOW + timedelta(hours=1)
    assert replay.tick(shown.clock.at) == 1
    assert shown.ends().max() == last + HOUR


def test_after_a_restart_nothing_is_given_twice_and_nothing_is_left_out(tmp_path: Path, db: Path) -> None:
    shown = Demonstration(tmp_path)
    first = shown.replay()
    first.history(NOW)
    for _ in range(5):
        first.tick(NOW)
    before = len(shown.ends())
    second = shown.replay()
    assert second.history(NOW) == 0
    assert second.tick(NOW) == 1
    assert len(shown.ends()) == before + 1
    assert (np.diff(shown.ends()) == HOUR).all()


def test_at_its_end_the_series_begins_again_behind_itself(tmp_path: Path, db: Path) -> None:
    shown = Demonstration(tmp_path)
    shown.replay().history(NOW)
    replay = shown.replay()
    later = NOW + timedelta(days=20)
    shown.clock.at = later
    for _ in range(600):
        replay.tick(later)
    assert shown.ends().max() <= to_ms(later)
    assert len(shown.ends()) > 15 * 24


def test_a_manifest_that_is_wrong_says_where(tmp_path: Path) -> None:
    (tmp_path / PLACE).mkdir()
    (tmp_path / PLACE / "manifest.toml").write_text('[[series]]\nsource = "a"\nfile = "b"\nshift = "years"\n')
    with pytest.raises(SettingError):
        manifests(tmp_path)
