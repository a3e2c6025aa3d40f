"""Scheduled work at the desk, in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import msgspec
from django.test import override_settings

from bocage import evidence, outbox
from bocage.accounts import OPERATOR, people
from bocage.domain.declaration import Key
from bocage.domain.instance_settings import Backups
from bocage.domain.role import RoleName
from bocage.domain.said import Said
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.jobs import Job, Outcome, Runner, record, said
from bocage.registers import Put
from bocage.upkeep.clock import Clock
from bocage.upkeep.copies import Copy, Tried
from bocage.upkeep.nights import Nights
from bocage.upkeep.report import Report
from bocage.upkeep.room import Room
from bocage.upkeep.version import Files, Version

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


NIGHT = AT - timedelta(hours=7)
SOUND = Tried(at=NIGHT, sound=True, said=(), seconds=4)
COPY = Copy(name="2026-11-23-020000", at=NIGHT, bytes=5_000_000, version="0.1.0", rotates=True, tried=SOUND)
HERE_NOW = Files(version="0.1.0", written=1.0, migrations=frozenset())
WELL = Report(
    at=AT,
    nights=Nights(copies=(COPY,), elsewhere="médiathèque"),
    room=Room(free=40_000_000_000, total=64_000_000_000, data=1_000_000_000),
    clock=Clock(kept=True, servers={}, jumps=()),
    version=Version(running=HERE_NOW, installed=HERE_NOW, waiting=(), day=AT.date(), since=None),
)
FULL = (Said(message="The copy could not be made (%(failure)s); nothing is left of it.", values={"failure": "/srv/x"}),)


@contextmanager
def reported(world: World, report: Report) -> Iterator[None]:
    with override_settings(BOCAGE_PARTS=msgspec.structs.replace(world.parts, report=lambda: report)):
        yield


def elsewhere(world: World) -> None:
    """Another territory of the same instance."""
    body = Territory(title=Text(fr="Autre ville"), population=3000, agents=20)
    put = Put(key=Key(territory="autre-ville", kind="territory", slug="autre-ville"), body=body)
    evidence.change("autre-ville", OPERATOR, [put], AT)


def test_all_is_well_is_said_in_one_sentence(world: World) -> None:
    desk = world.sign_in(RoleName.ADMINISTRATOR)
    with reported(world, WELL):
        page = text_of(desk.get(f"/{HERE}/desk/running"))
        assert "La machine" not in text_of(desk.get(f"/{HERE}/desk/"))
    assert "Tout va bien sur cette machine." in page
    assert "Restaurée pour essai le" in page


def test_a_backup_that_failed_comes_first_and_stands_on_the_overview(world: World) -> None:
    desk = world.sign_in(RoleName.ADMINISTRATOR)
    failing = msgspec.structs.replace(WELL, nights=Nights(copies=(), failure=FULL, elsewhere="médiathèque"))
    with reported(world, failing):
        page = text_of(desk.get(f"/{HERE}/desk/running"))
        assert "1 point demande votre main." in page.translate(SPACES)
        assert "La copie n’a pas pu être faite (/srv/x)" in page
        overview = text_of(desk.get(f"/{HERE}/desk/"))
    assert "La copie n’a pas pu être faite (/srv/x)" in overview


def test_who_administers_one_territory_of_several_sees_states_and_nothing_of_the_others(world: World) -> None:
    elsewhere(world)
    said_of_others = said("%(source)s: nothing new.", source="autre-ville/capteurs")
    record.end(record.begin("polls", AT), AT, Outcome.DONE, said_of_others)
    outbox.put("mail", b"{}", AT, key="mail-of-somebody")
    one = world.sign_in(RoleName.ADMINISTRATOR)
    failing = msgspec.structs.replace(WELL, nights=Nights(copies=(COPY,), failure=FULL))
    with reported(world, failing):
        page = text_of(one.get(f"/{HERE}/desk/running"))
        assert "autre-ville" not in page
        assert "/srv/x" not in page
        assert COPY.name not in page
        assert "Courriel à une personne" not in page
        assert "Qui administre toute l’instance voit lesquels" in page
        assert "/srv/x" not in text_of(one.get(f"/{HERE}/desk/"))
        assert one.post(f"/{HERE}/desk/running/job", {"name": "backup"}).status_code == 403
        assert one.post(f"/{HERE}/desk/running/parcel", {"parcel": "1"}).status_code == 403
        people.make_administrator(people.listed()[0].account)
        assert "/srv/x" in text_of(one.get(f"/{HERE}/desk/running"))


def test_an_agent_reads_nothing_of_the_machine(world: World) -> None:
    agent = world.sign_in(RoleName.AGENT)
    failing = msgspec.structs.replace(WELL, nights=Nights(copies=(), failure=FULL))
    with reported(world, failing):
        assert agent.get(f"/{HERE}/desk/running").status_code == 403
        assert "/srv/x" not in text_of(agent.get(f"/{HERE}/desk/"))


def test_the_hour_of_the_copies_and_how_many_nights_are_kept_are_chosen_on_the_screen(world: World) -> None:
    desk = world.sign_in(RoleName.ADMINISTRATOR)
    sent = {"backups.hour": "4", "backups.keep": "14", "backups.elsewhere": "Serveur du syndicat"}
    assert desk.post(f"/{HERE}/desk/settings/backups", sent).status_code == 403
    people.make_administrator(people.listed()[0].account)
    assert desk.post(f"/{HERE}/desk/settings/backups", sent).status_code == 302
    assert world.parts.chosen.now.backups == Backups(hour=4, keep=14, elsewhere="Serveur du syndicat")
    wrong = desk.post(f"/{HERE}/desk/settings/backups", {**sent, "backups.hour": "25"})
    assert wrong.status_code == 422
    assert world.parts.chosen.now.backups.hour == 4


def test_a_backup_is_asked_for_and_tried_from_the_page(world: World) -> None:
    ran: list[str] = []
    job = Job(name="backup", every=timedelta(days=1), run=lambda at: ran.append("backup") or "", label="Back up now")
    runner = Runner([job], lambda: AT)
    desk = world.sign_in(RoleName.ADMINISTRATOR)
    with override_settings(BOCAGE_PARTS=msgspec.structs.replace(world.parts, runner=runner)):
        assert 'value="backup"' in text_of(desk.get(f"/{HERE}/desk/running"))
        desk.post(f"/{HERE}/desk/running/job", {"name": "backup"})
    runner.turn()
    assert ran == ["backup"]
