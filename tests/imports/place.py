"""What a test of imports works with: a territory declared, its log in memory, imports done and taken back."""

import filecmp
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from tests.web.world import ENTITIES, declarations

from bocage import evidence
from bocage.accounts import OPERATOR
from bocage.domain.declaration import Declaration, Key
from bocage.domain.purpose import Purpose
from bocage.domain.text import Text
from bocage.evidence.asked import PutEntity
from bocage.evidence.facts import present
from bocage.imports.doing import Consent
from bocage.imports.handing import Imports
from bocage.imports.plan import Plan
from bocage.imports.record import Import
from bocage.ingest.intake import Intake
from bocage.registers import Put
from bocage.store.memory import MemoryStore
from bocage.store.protocol import Store

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HERE = "ville-d-essai"
Files = tuple[tuple[str, bytes], ...]


class Place(msgspec.Struct, kw_only=True):
    """A territory; its clock moves with what is done."""

    store: Store
    imports: Imports
    intake: Intake
    folder: Path
    now: datetime = AT

    def put(self, kind: str, slug: str, body: Declaration, expected: int | None = None) -> None:
        """Declare something beside any import."""
        change = Put(key=Key(territory=HERE, kind=kind, slug=slug), body=body, expected=expected)
        evidence.change(HERE, OPERATOR, [change], self._later())

    def place(self, *entities: tuple[str, Declaration]) -> None:
        """Place entities beside any import."""
        evidence.change(HERE, OPERATOR, [PutEntity(slug=slug, entity=body) for slug, body in entities], self._later())  # type: ignore[arg-type]

    def looked(self, form: str, files: Files, choices: Mapping[str, str] | None = None) -> tuple[Import, Plan]:
        """An import that was looked at, and what it would do."""
        one = self.imports.begin(HERE, form, files, (OPERATOR, self._later()))
        return self.again(one, choices or {})

    def again(self, one: Import, choices: Mapping[str, str]) -> tuple[Import, Plan]:
        """The same import with other choices, or looked at again."""
        chosen = self.imports.choose(one, choices)
        given = self.imports.given(chosen, present(HERE, self.now))
        assert given is not None
        return chosen, self.imports.plan(chosen, given)

    def done(self, one: Import, plan: Plan, seen: str = "") -> Import:
        """The import, done by somebody who saw this plan (or one of that digest)."""
        given = self.imports.given(one, present(HERE, self.now))
        assert given is not None
        return self.imports.do(one, given, plan, Consent(actor=OPERATOR, seen=seen or plan.digest, at=self._later()))

    def undone(self, one: Import) -> Import:
        """The import, taken back."""
        return self.imports.undo(one, OPERATOR, self._later())

    def exported(self, name: str) -> Path:
        """What holds now, as files."""
        folder = self.folder / "exports" / name
        evidence.export(HERE, folder)
        return folder

    def _later(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def opened(folder: Path) -> Iterator[Place]:
    """The territory, declared; its log connected."""
    store = MemoryStore()
    evidence.connect(store)
    puts = [Put(key=Key(territory=HERE, kind=kind, slug=slug), body=body) for kind, slug, body in declarations()]
    evidence.change(HERE, OPERATOR, [*puts, *(PutEntity(slug=slug, entity=body) for slug, body in ENTITIES)], AT)
    intake = Intake(store, lambda: AT + timedelta(hours=1), folder)
    yield Place(store=store, imports=Imports(folder, intake.reception), intake=intake, folder=folder)
    evidence.connect(None)
    store.close()


def same(left: Path, right: Path) -> bool:
    """Whether two folders hold the same files, to the byte."""
    found = filecmp.dircmp(left, right)
    alike = not (found.left_only or found.right_only or found.funny_files)
    _, differ, errors = filecmp.cmpfiles(left, right, found.common_files, shallow=False)
    return alike and not (differ or errors) and all(same(left / one, right / one) for one in found.common_dirs)


def purpose(title: str = "Suivre les consommations") -> Purpose:
    """A purpose nobody has completed yet."""
    return Purpose(title=Text(fr=title))
