"""A folder of files states the same as the registers, and applying it surprises nobody."""

from pathlib import Path
from typing import cast

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as whatever
from hypothesis import strategies as st

from bocage import registers
from bocage.domain.declaration import Declaration, Key
from bocage.domain.errors import Conflict, Invalid
from bocage.domain.kinds import KINDS
from bocage.domain.sensing import Thing
from bocage.domain.text import Text
from bocage.registers import Put, carrying, files, shape
from bocage.registers.files import Filed, Held, Outcome

from . import given
from .strategies import struct

OTHER = "autre-bourg"


def _filed(territory: str) -> list[Filed]:
    return [Filed(kind=e.key.kind, slug=e.key.slug, body=e.body) for e in registers.everything(territory)]


def _texts(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.toml"))}


def _apply(folder: Path, territory: str) -> None:
    steps = files.plan({}, files.read(folder))
    changes = [
        Put(key=Key(territory=territory, kind=step.kind, slug=step.slug), body=cast(Declaration, step.after))
        for step in steps
    ]
    registers.record(changes, "a-2", given.later(3), territory, given.SEED.randbytes)


_any = st.lists(
    st.tuples(st.sampled_from(list(KINDS)), st.sampled_from(["a", "b-2", "c"])), min_size=1, max_size=5, unique=True
).flatmap(lambda places: st.tuples(*[st.tuples(st.just(place), struct(KINDS[place[0]])) for place in places]))


@pytest.mark.usefixtures("db")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@whatever(_any)
def test_exported_and_applied_elsewhere_it_exports_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, stated: tuple[tuple[tuple[str, str], Declaration], ...]
) -> None:
    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    _forget()
    changes = [Put(key=Key(territory=given.TOWN, kind=k, slug=s), body=body) for (k, s), body in stated]
    registers.record(changes, "a-1", given.AT, given.TOWN, given.SEED.randbytes)
    files.write(first, _filed(given.TOWN))
    _apply(first, OTHER)
    files.write(second, _filed(OTHER))
    assert _texts(first) == _texts(second)
    assert len(_texts(first)) == len(stated)


def _forget() -> None:
    from bocage.registers.tables import Chain, Version

    Version.objects.all().delete()
    Chain.objects.all().delete()


def _folder(*bodies: Declaration, base: str = "") -> files.Folder:
    return files.Folder(
        filed=tuple(Filed(kind=body.kind, slug="a", body=body, base=base) for body in bodies),
    )


def _outcomes(steps: list[files.Step]) -> list[tuple[str, Outcome]]:
    return [(step.kind, step.outcome) for step in steps]


def test_a_plan_tells_new_same_changed_and_conflicting_files_apart() -> None:
    held = {("purpose", "a"): Held(body=given.PURPOSE, version=3)}
    changed = msgspec.structs.replace(given.PURPOSE, retention_months=6)
    was = shape.digest(given.PURPOSE)
    assert _outcomes(files.plan({}, _folder(given.PURPOSE))) == [("purpose", Outcome.NEW)]
    assert _outcomes(files.plan(held, _folder(given.PURPOSE))) == [("purpose", Outcome.SAME)]
    assert _outcomes(files.plan(held, _folder(changed, base=was))) == [("purpose", Outcome.CHANGED)]
    assert _outcomes(files.plan(held, _folder(changed, base="sha256:of-a-former-state"))) == [
        ("purpose", Outcome.CONFLICT)
    ]
    assert _outcomes(files.plan(held, _folder(changed))) == [("purpose", Outcome.CONFLICT)]
    (step,) = files.plan(held, _folder(changed, base=was))
    assert (step.before, step.after, step.expected) == (given.PURPOSE, changed, 3)


def test_absence_removes_nothing_unless_asked() -> None:
    held = {(body.kind, "a"): Held(body=body, version=1) for body in (given.OWNER, given.PURPOSE)}
    assert files.plan(held, files.Folder()) == []
    assert _outcomes(files.plan(held, files.Folder(), prune=True)) == [
        ("purpose", Outcome.PRUNED),
        ("organisation", Outcome.PRUNED),
    ]


def test_a_sensing_entity_written_without_its_number_keeps_it() -> None:
    held = Thing(id=12, title=Text(fr="Mât"))
    (step,) = files.plan({("thing", "a"): Held(body=held)}, _folder(Thing(title=Text(fr="Mât"))))
    assert step.outcome is Outcome.SAME
    assert step.after == held


def test_files_and_folders_that_are_wrong_are_all_told(tmp_path: Path) -> None:
    files.write(tmp_path, [Filed(kind="purpose", slug="bon", body=given.PURPOSE)])
    for name, text in {
        "purpose/sans-titre.toml": "retention_months = 3\n",
        "purpose/Majuscule.toml": '[title]\nfr = "Vélos"\n',
        "purpose/casse.toml": "title = ",
        "purposes/perdu.toml": '[title]\nfr = "Vélos"\n',
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = files.read(tmp_path)
    assert [one.slug for one in found.filed] == ["bon"]
    told = {str(error.values["path"]).rpartition("/")[2]: error for error in found.errors}
    assert sorted(told) == ["Majuscule.toml", "casse.toml", "perdu.toml", "sans-titre.toml"]
    assert told["perdu.toml"].remedy == "did you mean purpose?"
    assert told["sans-titre.toml"].values["field"] == "title"


def test_an_export_removes_former_files_only_when_told(tmp_path: Path) -> None:
    files.write(tmp_path, [Filed(kind="purpose", slug="ancien", body=given.PURPOSE)])
    now = [Filed(kind="purpose", slug="nouveau", body=given.PURPOSE)]
    files.write(tmp_path, now)
    assert len(_texts(tmp_path)) == 2
    files.write(tmp_path, now, prune=True)
    assert list(_texts(tmp_path)) == ["purpose/nouveau.toml"]


def test_after_an_apply_the_file_says_so_and_keeps_what_a_person_wrote(tmp_path: Path) -> None:
    path = tmp_path / "purpose" / "velos.toml"
    path.parent.mkdir()
    path.write_text('# Vu en commission.\nretention_months = 24\n[title]\nfr = "Vélos"\n', encoding="utf-8")
    for _ in range(2):
        (one,) = files.read(tmp_path).filed
        files.rebase(tmp_path, [one])
    text = path.read_text(encoding="utf-8")
    assert text.count("declaration =") == 1
    assert "# Vu en commission." in text
    (again,) = files.read(tmp_path).filed
    assert again.base == shape.digest(one.body)


@pytest.mark.usefixtures("db")
def test_a_chain_carried_elsewhere_keeps_its_bytes_and_still_verifies(tmp_path: Path) -> None:
    for body in given.ALL:
        given.put(body)
    given.put(msgspec.structs.replace(given.ROLE, until=given.AT.date()))
    registers.erase(tmp_path, given.key(given.OWNER), "contact", given.AT)
    lines = list(carrying.carried(given.TOWN))
    before = registers.everything(given.TOWN), registers.history(given.key(given.ROLE))
    with pytest.raises(Conflict):
        carrying.restore(given.TOWN, lines)
    _forget()
    assert carrying.restore(given.TOWN, lines) == len(given.ALL) + 1
    assert (registers.everything(given.TOWN), registers.history(given.key(given.ROLE))) == before
    assert list(carrying.carried(given.TOWN)) == lines


@pytest.mark.usefixtures("db")
def test_a_carried_chain_that_was_tampered_with_is_not_taken() -> None:
    for body in given.ALL:
        given.put(body)
    lines = list(carrying.carried(given.TOWN))
    _forget()
    for wrong in (lines[:2] + lines[3:], [lines[0].replace(b"4200", b"9900"), *lines[1:]], [b"{}"]):
        with pytest.raises(Invalid):
            carrying.restore(given.TOWN, wrong)
    assert registers.territories() == []
