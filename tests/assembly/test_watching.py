"""What is gathered of the machine, for pages and for whoever watches it from outside."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bocage import outbox
from bocage.accounts.chosen import Chosen
from bocage.accounts.tokens import Tokens
from bocage.api import system
from bocage.api.parts import Parts
from bocage.assembly.watching import Watching
from bocage.domain.instance_settings import Backups, InstanceSettings
from bocage.domain.said import NotDone, Said
from bocage.ingest.intake import Intake
from bocage.jobs import Job, Runner
from bocage.store.memory import MemoryStore
from bocage.upkeep.clock import Hearing
from bocage.upkeep.copies import Manifest, Tried, note
from bocage.upkeep.point import Area, State, worst
from bocage.upkeep.report import Report
from bocage.upkeep.room import Sample
from bocage.upkeep.samples import sampled

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Machine:
    """A data folder, a folder of backups, and work that may fail."""

    def __init__(self, folder: Path) -> None:
        self.data, self.backups, self.at = folder / "data", folder / "backups", AT
        self.data.mkdir()
        self.chosen, self.hearing, self.failing = Chosen(), Hearing(), False
        self.watching = Watching(self.data, self.backups, self.chosen, self.hearing)
        jobs = [Job(name=name, every=timedelta(days=1), run=self._run, label=name) for name in ("backup", "polls")]
        self.runner = Runner(jobs, lambda: self.at)

    def _run(self, at: datetime) -> str:
        if self.failing:
            raise NotDone(Said(message="it failed"))
        return ""

    def report(self) -> Report:
        return self.watching.report(self.runner, self.at)

    def copy(self, name: str = "2026-11-23-020000", hours: int = 7) -> Path:
        place = self.backups / name
        place.mkdir(parents=True)
        manifest = Manifest(
            version="0.1.0", at=self.at - timedelta(hours=hours), position=1, files={}, bytes=5, rotates=True
        )
        (place / "manifest.json").write_bytes(msgspec.json.encode(manifest))
        return place


@pytest.fixture
def machine(db: Path, tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def parts(machine: Machine, tmp_path: Path) -> Iterator[Parts]:
    store = MemoryStore()
    intake = Intake(store, lambda: AT, tmp_path)
    yield Parts(
        store=store,
        intake=intake,
        clock=lambda: AT,
        data=machine.data,
        tokens=Tokens(),
        trouble=lambda: "",
        report=machine.report,
    )
    store.close()


def metrics(parts: Parts) -> dict[str, float]:
    lines = system.figures(parts).decode().splitlines()
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if not line.startswith("#")}


def test_a_backup_that_failed_is_told_to_whoever_watches_from_outside(machine: Machine, parts: Parts) -> None:
    machine.failing = True
    machine.runner.ask("backup")
    machine.runner.turn()
    found: dict[str, Any] = system.health(parts)
    assert (found["ok"], found["backups"]) == (False, "in trouble")
    told = metrics(parts)
    assert told["bocage_backup_failed"] == 1
    assert told['bocage_upkeep{area="backups"}'] == 3


def test_a_copy_made_since_mends_it(machine: Machine, parts: Parts) -> None:
    machine.failing = True
    machine.runner.turn()
    assert not system.health(parts)["ok"]
    machine.at += timedelta(hours=1)
    note(machine.copy(hours=0), Tried(at=machine.at, sound=True, said=(), seconds=1))
    assert system.health(parts)["ok"]
    told = metrics(parts)
    assert told["bocage_backup_failed"] == 0
    assert told["bocage_backup_last_timestamp_seconds"] == machine.at.timestamp()
    assert told["bocage_backup_restorable_timestamp_seconds"] == machine.at.timestamp()
    assert told["bocage_backup_last_bytes"] == 5


def test_a_copy_that_cannot_be_restored_is_trouble_too(machine: Machine, parts: Parts) -> None:
    note(machine.copy(), Tried(at=AT, sound=False, said=(Said(message="broken"),), seconds=1))
    assert system.health(parts)["backups"] == "in trouble"
    assert "bocage_backup_restorable_timestamp_seconds" not in metrics(parts)


def test_a_young_instance_without_a_copy_is_not_in_trouble(machine: Machine, parts: Parts) -> None:
    assert system.health(parts)["ok"]
    assert "bocage_backup_last_timestamp_seconds" not in metrics(parts)
    assert worst(machine.report().areas[Area.BACKUPS]) is State.WATCH  # nothing lies elsewhere


def test_where_copies_are_taken_to_settles_that_point(machine: Machine) -> None:
    note(machine.copy(), Tried(at=AT, sound=True, said=(), seconds=1))
    machine.chosen.choose(InstanceSettings(backups=Backups(elsewhere="Serveur du syndicat")))
    assert worst(machine.report().areas[Area.BACKUPS]) is State.WELL


def test_other_work_that_failed_and_deliveries_given_up_are_points_of_their_own(machine: Machine) -> None:
    machine.failing = True
    machine.runner.turn()
    outbox.put("mail", b"{}", AT, key="one")
    areas = machine.report().areas
    assert worst(areas[Area.WORK]) is State.WATCH
    assert [point.said[0].values for point in areas[Area.DELIVERIES]] == [{"count": 1}]


def test_work_recorded_in_the_future_shows_that_the_clock_was_set_back(machine: Machine) -> None:
    machine.runner.turn()
    machine.at -= timedelta(hours=3)
    (jump,) = machine.report().clock.jumps
    assert jump.seconds == 3 * 3600


def test_the_days_left_are_told_once_the_pace_is_known(machine: Machine, parts: Parts) -> None:
    assert "bocage_disk_days_left" not in metrics(parts)
    for day in range(10):
        sampled(Sample(day=AT.date() - timedelta(days=day), data=10**9 - day * 10**7, free=10**10, total=10**11))
    assert metrics(parts)["bocage_disk_days_left"] > 0
    machine.watching.sample(AT)
    assert machine.report().room.data == 0


def test_an_upgrade_that_waits_is_seen_in_the_tables_and_the_files(machine: Machine) -> None:
    version = machine.report().version
    assert version.waiting == ()
    assert version.running == version.installed
