"""Declarations as files, one each, `<folder>/<kind>/<slug>.toml`; and what applying a folder would do."""

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from bocage.domain.declaration import Declaration, Key
from bocage.domain.errors import Invalid
from bocage.domain.kinds import KINDS
from bocage.domain.label import Labelled
from bocage.domain.sensing import ENTITIES, Entity
from bocage.domain.text import message as _
from bocage.registers import shape, toml

WRITTEN: dict[str, type[Declaration]] = {**KINDS, **{entity.kind: entity for entity in ENTITIES}}


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """One declaration or sensing entity in a folder. `base`: the content it was written from, when it says."""

    kind: str
    slug: str
    body: Declaration
    base: str = ""


class Folder(msgspec.Struct, frozen=True, kw_only=True):
    """What a folder states, in the order things refer to each other, and what could not be read."""

    filed: tuple[Filed, ...] = ()
    errors: tuple[Invalid, ...] = ()


class Outcome(Labelled):
    """What applying a file does."""

    NEW = "new", _("New")
    SAME = "same", _("Unchanged")
    CHANGED = "changed", _("Changed")
    CONFLICT = "conflict", _("Changed on both sides")
    PRUNED = "pruned", _("Withdrawn")


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What holds now: its body and its version (0 for a sensing entity, which has none)."""

    body: Declaration
    version: int = 0


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What applying does to one declaration. `expected`: the version it stands on; None when there is none."""

    kind: str
    slug: str
    outcome: Outcome
    before: Declaration | None = None
    after: Declaration | None = None
    expected: int | None = None


def write(folder: Path, filed: Iterable[Filed], *, prune: bool = False) -> list[Path]:
    """Write the files; with `prune`, remove those of our folders that are no longer stated. The paths written."""
    written = []
    for one in sorted(filed, key=_place):
        path = folder / one.kind / f"{one.slug}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(toml.text(one.body), encoding="utf-8", newline="\n")
        written.append(path)
    if prune:
        for kind in WRITTEN:
            for path in sorted((folder / kind).glob("*.toml")):
                if path not in written:
                    path.unlink()
    return written


def read(folder: Path) -> Folder:
    """Read every file of a folder; what cannot be read is an error among `errors`, the rest is still there."""
    filed, errors = [], []
    for path in sorted(folder.glob("*/*.toml")):
        try:
            filed.append(_read(path))
        except Invalid as error:
            errors.append(error)
    return Folder(filed=tuple(sorted(filed, key=_place)), errors=tuple(errors))


def rebase(folder: Path, filed: Iterable[Filed]) -> None:
    """After these were applied: say in their files that they are what holds, and touch nothing else in them."""
    for one in filed:
        path = folder / one.kind / f"{one.slug}.toml"
        path.write_text(toml.rebased(path.read_text(encoding="utf-8"), one.body), encoding="utf-8", newline="\n")


def plan(current: Mapping[tuple[str, str], Held], folder: Folder, *, prune: bool = False) -> list[Step]:
    """What applying the folder would do to what holds, by (kind, slug).

    A file whose declaration changed since it was written from it is a conflict; so is a file that does not say
    what it was written from, when something else holds. Absence removes nothing without `prune`.
    """
    steps = [_step(one, current.get((one.kind, one.slug))) for one in folder.filed]
    stated = {(one.kind, one.slug) for one in folder.filed}
    if prune:
        # Last kinds first: what points goes before what is pointed to.
        gone = sorted((key for key in current if key not in stated), key=lambda key: _order(*key), reverse=True)
        for kind, slug in gone:
            held = current[kind, slug]
            steps.append(Step(kind=kind, slug=slug, outcome=Outcome.PRUNED, before=held.body, expected=held.version))
    return steps


def _step(one: Filed, held: Held | None) -> Step:
    if held is None:
        return Step(kind=one.kind, slug=one.slug, outcome=Outcome.NEW, after=one.body)
    after, present = _numbered(one.body, held.body), shape.digest(held.body)
    if shape.digest(after) == present:
        outcome = Outcome.SAME
    else:
        outcome = Outcome.CHANGED if one.base == present else Outcome.CONFLICT
    return Step(kind=one.kind, slug=one.slug, outcome=outcome, before=held.body, after=after, expected=held.version)


def _numbered(body: Declaration, held: Declaration) -> Declaration:
    """A sensing entity written without its number keeps the one it has."""
    if isinstance(body, Entity) and isinstance(held, Entity) and not body.id:
        return msgspec.structs.replace(body, id=held.id)
    return body


def _read(path: Path) -> Filed:
    folder, slug = path.parent.name, path.stem
    kind = WRITTEN.get(folder)
    if kind is None:
        near = difflib.get_close_matches(folder, WRITTEN, n=1)
        raise Invalid(
            _("a folder named by a kind"), str(path), f"did you mean {near[0]}?" if near else "", path=str(path)
        )
    try:
        Key(territory="any", kind=folder, slug=slug)
        written = toml.read(path.read_text(encoding="utf-8"), kind)
    except (ValueError, UnicodeDecodeError) as error:
        raise Invalid(_("a UTF-8 file named by its slug"), f"{path}: {error}", path=str(path)) from error
    except Invalid as error:
        values = {**error.values, "path": str(path)}
        raise Invalid(error.expected, f"{path}: {error.found}", error.remedy, **values) from error
    return Filed(kind=folder, slug=slug, body=written.body, base=written.base)


def _place(one: Filed) -> tuple[int, str]:
    return _order(one.kind, one.slug)


def _order(kind: str, slug: str) -> tuple[int, str]:
    return list(WRITTEN).index(kind), slug
