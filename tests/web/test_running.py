"""Scheduled work at the desk, in words."""

from datetime import timedelta

from bocage.domain.role import RoleName
from bocage.jobs import Job, Outcome, Runner, record, said

from .world import AT, HERE, World


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_a_run_is_shown_as_a_sentence_in_the_language_of_the_reader(world: World) -> None:
    record.end(record.begin("retention", AT), AT, Outcome.DONE, said("Measurements erased: %(count)s.", count=1234))
    desk = world.sign_in(RoleName.ADMINISTRATOR)
    assert "Mesures effacées : 1 234." in text_of(desk.get(f"/{HERE}/desk/running")).translate(SPACES)
    assert "Measurements erased: 1,234." in text_of(desk.get(f"/{HERE}/desk/running?lang=en"))


def test_runs_that_found_nothing_to_do_are_left_out_of_the_latest(world: World) -> None:
    for _ in range(3):
        record.end(record.begin("polls", AT), AT, Outcome.DONE, ())
    record.end(record.begin("polls", AT - timedelta(minutes=1)), AT, Outcome.FAILED, "OSError: no network")
    page = text_of(world.sign_in(RoleName.ADMINISTRATOR).get(f"/{HERE}/desk/running"))
    assert page.count('<th scope="row">polls</th>') == 1
    assert "OSError: no network" in page


def test_work_bears_its_label_not_its_name(world: World) -> None:
    one = Job(name="heads", every=timedelta(days=1), run=lambda at: (), label="Sign the state of the registers")
    assert Runner([one], lambda: AT).plan()[0].label == "Sign the state of the registers"


SPACES = {0x00A0: " ", 0x202F: " "}
