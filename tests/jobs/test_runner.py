"""Scheduled work runs when it is due, once when it was missed, and whatever it does others go on."""

import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.domain.errors import Conflict, Missing, Unavailable
from bocage.domain.said import Octets
from bocage.jobs import Job, Nightly, NotDone, Outcome, Ran, Runner, Said, due, record, runs, said
from bocage.jobs.schedule import idle, next_start
from bocage.jobs.sentences import read, written

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Clock:
    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        return self.at


def job(name: str = "heads", every: timedelta = HOUR, says: str = "3") -> Job:
    return Job(name=name, every=every, run=lambda at: says)


def told(run: Ran) -> str:
    return " ".join(one.message % one.values for one in run.said)


def fails(at: datetime) -> str:
    raise Unavailable("room on the disk", "none")


def test_a_job_that_never_ran_is_due_and_one_that_ran_waits() -> None:
    jobs = [job("a"), job("b"), job("c")]
    began = {"a": AT - HOUR, "b": AT - HOUR / 2}
    assert [one.name for one in due(jobs, began, AT)] == ["a", "c"]
    assert idle(jobs[1:2], began, AT) == HOUR / 2
    assert idle([], {}, AT) is None


def test_the_longest_overdue_comes_first() -> None:
    assert [one.name for one in due([job("a"), job("b")], {"a": AT - HOUR * 2, "b": AT - HOUR * 3}, AT)] == ["b", "a"]


def test_a_clock_set_back_does_not_stop_a_job_for_years() -> None:
    assert due([job()], {"heads": AT + HOUR * 9000}, AT)
    assert not due([job()], {"heads": AT + HOUR / 2}, AT)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=50), st.integers(1, 100))
def test_a_job_never_runs_more_often_than_its_interval(waits: list[int], every: int) -> None:
    one, began, at, ran = job(every=timedelta(minutes=every)), {}, AT, []
    for minutes in waits:
        at += timedelta(minutes=minutes)
        if due([one], began, at):
            began["heads"] = at
            ran.append(at)
    assert all(later - earlier >= one.every for earlier, later in pairwise(ran))
    assert ran[0] == AT + timedelta(minutes=waits[0])


@pytest.mark.usefixtures("db")
def test_a_missed_run_runs_once_after_a_long_stop() -> None:
    clock = Clock()
    assert Runner([job()], clock).turn() == ["heads"]
    clock.at += HOUR * 100
    after = Runner([job()], clock)
    assert (after.turn(), after.turn()) == (["heads"], [])
    assert [(run.outcome, told(run)) for run in runs("heads")] == [(Outcome.DONE, "3"), (Outcome.DONE, "3")]


@pytest.mark.usefixtures("db")
def test_what_a_run_says_is_kept_as_messages_with_their_values() -> None:
    one = Job(name="retention", every=HOUR, run=lambda at: said("Measurements erased: %(count)s.", count=3))
    Runner([one], Clock()).turn()
    assert runs()[0].said == (Said(message="Measurements erased: %(count)s.", values={"count": 3}),)


def test_sentences_too_many_for_the_record_are_left_out_whole() -> None:
    many = [one for n in range(100) for one in said("%(source)s: nothing new.", source=f"bourg/capteurs-{n}")]
    kept = read(written(many, 500))
    assert kept == tuple(many[: len(kept)])
    assert 0 < len(kept) < 100
    assert read("") == ()
    assert read("0 · 0 · 0")[0].values == {"text": "0 · 0 · 0"}


@pytest.mark.usefixtures("db")
def test_a_restart_does_not_run_again_what_is_not_due() -> None:
    clock = Clock()
    Runner([job()], clock).turn()
    clock.at += HOUR / 2
    assert Runner([job()], clock).turn() == []


@pytest.mark.usefixtures("db")
def test_an_error_is_recorded_and_the_others_run() -> None:
    runner = Runner([Job(name="poll", every=HOUR, run=fails), job()], Clock())
    assert runner.turn() == ["poll", "heads"]
    assert {run.name: (run.outcome, told(run)) for run in runs()} == {
        "poll": (Outcome.FAILED, "Unavailable: room on the disk; none"),
        "heads": (Outcome.DONE, "3"),
    }


@pytest.mark.usefixtures("db")
def test_a_run_cut_by_a_crash_is_shown_so_and_done_again() -> None:
    record.begin("heads", AT)
    clock = Clock()
    clock.at += timedelta(minutes=1)
    assert Runner([job()], clock).turn() == ["heads"]
    assert [run.outcome for run in runs()] == [Outcome.DONE, Outcome.INTERRUPTED]


@pytest.mark.usefixtures("db")
def test_a_job_asked_for_runs_before_it_is_due_and_an_unknown_one_is_refused() -> None:
    runner = Runner([job()], Clock())
    runner.turn()
    runner.ask("heads")
    assert runner.turn() == ["heads"]
    with pytest.raises(Missing):
        runner.ask("tails")


def test_two_jobs_of_one_name_are_refused() -> None:
    with pytest.raises(Conflict):
        Runner([job(), job()], Clock())


@pytest.mark.usefixtures("db")
def test_only_the_last_runs_of_each_job_are_kept() -> None:
    clock = Clock()
    runner = Runner([job(every=timedelta(seconds=1)), job("rare", HOUR * 1000)], clock)
    for _ in range(record.KEPT + 5):
        runner.turn()
        clock.at += timedelta(seconds=1)
    assert (len(runs("heads", 1000)), len(runs("rare"))) == (record.KEPT, 1)


@pytest.mark.usefixtures("db")
def test_the_plan_tells_what_comes_and_how_it_went() -> None:
    runner = Runner([job(), job("never")], Clock())
    runner.ask("heads")
    assert [planned.last for planned in runner.plan()] == [None, None]
    runner.turn()
    heads = runner.plan()[0]
    assert (heads.following, heads.last and heads.last.outcome) == (AT + HOUR, Outcome.DONE)


@pytest.mark.usefixtures("db")
def test_the_thread_runs_what_is_due_and_stops_when_told() -> None:
    ran = threading.Event()

    def run(at: datetime) -> str:
        ran.set()
        return ""

    runner = Runner([Job(name="heads", every=HOUR, run=run)], Clock())
    runner.start()
    assert ran.wait(10)
    assert runner.stop(10)
    assert [one.outcome for one in runs()] == [Outcome.DONE]
    ran.clear()
    runner.start()
    runner.ask("heads")
    assert ran.wait(10)
    assert runner.stop(10)
    assert not runner.trouble


PARIS = ZoneInfo("Europe/Paris")


def nightly(hour: int = 2, zone: ZoneInfo = PARIS, **more: str) -> Job:
    clock = Nightly(hour=lambda: hour, zone=zone)
    return Job(name="backup", every=HOUR * 24, run=lambda at: "done", nightly=clock, **more)


def local(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


def test_a_nightly_job_waits_for_its_hour_of_the_clock() -> None:
    assert not due([nightly()], {"backup": local(22, 2, 1)}, local(23, 1, 59))
    assert due([nightly()], {"backup": local(22, 2, 1)}, local(23, 2))
    assert next_start(nightly(), local(23, 2), local(23, 9)) == local(24, 2)
    assert next_start(nightly(hour=23), local(23, 2), local(23, 9)) == local(23, 23)


def test_a_night_without_that_hour_and_a_night_with_two_of_them_have_one_run_each() -> None:
    assert next_start(nightly(), local(28, 2, month=3), local(28, 9, month=3)) == local(29, 3, month=3)
    assert next_start(nightly(), local(29, 3, month=3), local(29, 9, month=3)) == local(30, 2, month=3)
    first = next_start(nightly(), local(24, 2, month=10), local(24, 9, month=10))
    assert first == datetime(2026, 10, 25, 0, tzinfo=UTC)
    assert next_start(nightly(), first, first + HOUR) == local(26, 2, month=10)


def test_a_machine_switched_off_every_evening_does_its_nightly_work_within_an_hour() -> None:
    morning = local(23, 8)
    assert next_start(nightly(), None, morning + HOUR / 2, morning) == morning + HOUR
    assert next_start(nightly(), None, morning, local(23, 1, 30)) == local(23, 2)
    assert due([nightly()], {"backup": local(21, 2)}, morning)


@pytest.mark.usefixtures("db")
def test_what_follows_a_job_runs_once_it_did_its_work_and_not_when_it_failed() -> None:
    clock = Clock()
    test = Job(name="restore-test", every=HOUR * 1000, run=lambda at: "fine")
    after = Runner([nightly(then="restore-test"), test], clock)
    assert after.turn() == ["restore-test"]
    after.ask("backup")
    assert (after.turn(), after.turn()) == (["backup"], ["restore-test"])
    failing = Job(name="backup", every=HOUR, run=fails, then="restore-test")
    again = Runner([failing, test], clock)
    again.ask("backup")
    assert (again.turn(), again.turn()) == (["backup"], [])


@pytest.mark.usefixtures("db")
def test_a_job_that_could_not_do_its_work_says_so_in_words() -> None:
    def full(at: datetime) -> str:
        raise NotDone(Said(message="There is no room for it: %(free)s left.", values={"free": Octets(5)}))

    Runner([Job(name="backup", every=HOUR, run=full)], Clock()).turn()
    (run,) = runs()
    assert run.outcome is Outcome.FAILED
    assert run.said == (Said(message="There is no room for it: %(free)s left.", values={"free": Octets(5)}),)


def test_a_process_that_runs_no_jobs_asks_the_one_that_does() -> None:
    asked: list[str] = []
    Runner([job()], Clock(), asked.append).ask("heads")
    assert asked == ["heads"]
