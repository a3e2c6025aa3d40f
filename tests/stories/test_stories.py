"""Every gate and duty as a story told from outside: declared over HTTP, answered, and then found by everyone."""

import shutil
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from tests.portal.taking import AT
from tests.process import DEMONSTRATION

from bocage.commitments import all_promises
from bocage.domain.role import RoleName

HERE = Path(__file__).parent
WHO, PLACE = "donnees@val-de-loire.example", "val-de-loire"
OWN = {"Bocage-Request": "1"}
Step = dict[str, Any]


class Town:
    """The demonstration behind its addresses, for its data administrator and for everyone; its shared resources."""

    def __init__(self, instance: Any, shelf: Any) -> None:
        self.agent, self.anyone, self.shelf = instance.client(WHO), Client(), shelf

    def put(self, place: str, body: dict[str, Any]) -> list[str]:
        """The codes of the refusals, none when it was declared."""
        address = f"/api/{PLACE}/registers/{place}"
        known = self.agent.get(f"{address}.json")
        version = {"If-Match": known.headers["etag"]} if known.status_code == 200 else {"If-None-Match": "*"}
        answer = self.agent.put(address, json=body, headers={**OWN, **version})
        assert answer.status_code in (200, 201) or "refusals" in answer.json(), (place, answer.text)
        return [one["code"] for one in answer.json().get("refusals", [])]

    def share(self, names: list[str]) -> None:
        """Lay files of the demonstration's shared resources into the folder."""
        for name in names:
            path = self.shelf.folder / f"{name}.toml"
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(DEMONSTRATION / "commons" / f"{name}.toml", path)
        self.shelf.look(AT, now=True)

    def give(self, place: str) -> None:
        """Give a declaration to the folder."""
        from bocage import commons
        from bocage.evidence import facts

        kind, _slash, slug = place.partition("/")
        offer = commons.Offer(licence="etalab-2.0", author="Val de Loire")
        library = self.shelf.look(AT, now=True)
        commons.put(self.shelf.folder, commons.offered(facts.present(PLACE, AT), (kind, slug), offer, library))
        self.shelf.look(AT, now=True)

    def empty(self) -> None:
        """Nothing is shared any more."""
        for kind in self.shelf.folder.iterdir():
            shutil.rmtree(kind)
        self.shelf.look(AT, now=True)

    def told(self) -> list[dict[str, Any]]:
        """The promises as everyone reads them."""
        promises: list[dict[str, Any]] = self.anyone.get(f"/{PLACE}/promises.json").json()["promises"]
        return promises

    def found(self) -> set[str]:
        """What everyone reads as to be mended."""
        return {
            f"{one['code']}.{finding['code']}"
            for one in self.told()
            for finding in one["findings"]
            if not finding["kept"]
        }


@pytest.fixture(scope="module")
def town(relational_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    from tests.portal.taking import instance  # tables: only once Django is configured

    from bocage import evidence
    from bocage.commons import Shelf
    from bocage.web.parts import Parts
    from bocage.web.settings import settings

    call_command("flush", verbosity=0, interactive=False)
    running = instance(tmp_path_factory.mktemp("data"))
    _give_roles(running.parts.clock())
    wired = {"data": relational_folder, "backups": relational_folder, "tokens": running.parts.tokens}
    shelf = Shelf(tmp_path_factory.mktemp("commons"))
    evidence.share(shelf)
    parts = Parts(store=running.parts.store, clock=running.parts.clock, commons=shelf, **wired)
    with override_settings(**settings(hosts=("testserver",)), BOCAGE_PARTS=parts):
        yield Town(running, shelf)
    evidence.share(None)
    evidence.connect(None)
    call_command("flush", verbosity=0, interactive=False)


def _give_roles(at: datetime) -> None:
    """In a small town one person holds most of the roles."""
    from bocage import evidence
    from bocage.accounts import OPERATOR

    taken = evidence.taken(
        PLACE, Holder(), (RoleName.DECIDER, RoleName.SECURITY_OFFICER, RoleName.ADMINISTRATOR), at.date()
    )
    evidence.change(PLACE, OPERATOR, taken, at)


class Holder:
    """Who is given the roles."""

    account, email = "essai-123456", WHO


def stories() -> Iterator[Any]:
    for path in sorted(HERE.glob("*.toml")):
        for story in tomllib.loads(path.read_text(encoding="utf-8"))["story"]:
            yield pytest.param(story["step"], id=f"{path.stem}: {story['sentence']}")


@pytest.mark.parametrize("steps", list(stories()))
def test_a_story_goes_as_it_is_told(town: Town, steps: list[Step]) -> None:
    try:
        for step in steps:
            _play(town, step)
    finally:
        _tidy()
        town.empty()


def _tidy() -> None:
    """Take away what the story declared, all at once; an experiment whose protocol is fixed stays, so do a
    violation that was told and an exception that has begun."""
    from bocage import evidence, registers
    from bocage.accounts import OPERATOR

    told = [one.key for one in registers.everything(PLACE) if one.key.slug.startswith("histoire")]
    gone = [evidence.Withdraw(key=key) for key in told if key.kind not in ("experiment", "violation", "exception")]
    if gone:
        evidence.change(PLACE, OPERATOR, gone, AT)


def _play(town: Town, step: Step) -> None:
    town.share(step.get("share", []))
    if "give" in step:
        town.give(step["give"])
    if "put" in step:
        place = step["put"]
        assert town.put(place, step["body"]) == step.get("refused", []), place
    if "found" in step:
        assert set(step["found"]) <= town.found()
    if "unchecked" in step:
        told = town.told()
        assert {one["code"] for one in told if one["standing"] == "cannot-be-checked-yet"} >= set(step["unchecked"])
    if "checked" in step:
        told = town.told()
        assert not {one["code"] for one in told if one["standing"] == "cannot-be-checked-yet"} & set(step["checked"])
    if "mended" in step:
        assert not set(step["mended"]) & town.found()


def test_every_recommendation_with_a_gate_or_a_duty_has_its_story() -> None:
    told = {path.stem for path in HERE.glob("*.toml")}
    bound = {one.code for one in all_promises() if one.recommendation and (one.gates or one.duties)}
    assert bound <= told <= {one.code for one in all_promises()}
