"""Finds what was altered, removed, moved or rewritten in a territory's chain behind the registers' back."""

from collections.abc import Iterable, Iterator

import msgspec

from bocage.domain.label import Labelled
from bocage.domain.text import message as _
from bocage.registers import beside, chain, holding, shape
from bocage.registers.erasures import Erased
from bocage.registers.heads import Head
from bocage.registers.reading import entries_of
from bocage.registers.tables import Chain, Current, Version


class FaultCode(Labelled):
    """What is wrong."""

    ALTERED = "altered", _("Its text is not the one that was recorded.")
    COLUMNS = "columns", _("The table says something else than the recorded text.")
    MOVED = "moved", _("It stands at another place than it was recorded at.")
    REMOVED = "removed", _("A version was removed here.")
    UNLINKED = "unlinked", _("It does not follow from the version before it, which was changed.")
    PERSONAL = "personal", _("A personal value is not the one that was declared.")
    FORGOTTEN = "forgotten", _("A personal value was removed, and nobody erased it.")
    HEAD = "head", _("The chain does not end where it was last written.")
    SHORTER = "shorter", _("The chain ends before the last published head.")
    REWRITTEN = "rewritten", _("The chain was recomputed: it no longer agrees with the last published head.")
    CURRENT = "current", _("What is shown as current is not what the history says.")
    BESIDE = "beside", _("An opinion or a file that stands beside it is not the one that was recorded.")
    LOST = "lost", _("An opinion or a file that stood beside it was removed.")
    ADDED = "added", _("An opinion or a file stands beside it that nobody recorded.")


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong, and where: its place in the chain, and what the row there says it is (tampered or not)."""

    code: FaultCode
    sequence: int = 0
    kind: str = ""
    slug: str = ""
    version: int = 0


def chained() -> dict[str, int]:
    """Every territory that ever declared something, with the number of versions that are there."""
    named = {*Chain.objects.values_list("territory", flat=True), *Version.objects.values_list("territory", flat=True)}
    return {territory: Version.objects.filter(territory=territory).count() for territory in sorted(named)}


def ends() -> dict[str, tuple[int, str]]:
    """Where each territory's chain ends: sequence and digest of its last version. What an upgrade noted is not counted,
    so that a copy of before holds as much once it is brought up to date."""
    noted = beside.noted()
    rows = Chain.objects.filter(sequence__gt=0)
    return {row.territory: (row.sequence - noted.get(row.territory, 0), row.digest) for row in rows}


def verify(territory: str, anchor: Head | None = None, erased: Iterable[Erased] | None = None) -> list[Fault]:
    """Every fault of a territory's chain, held to the last published head when there is one; empty when all is well.

    `erased`: the list of what was erased, to which personal values that are gone are held; not asked without it.
    """
    faults: list[Fault] = []
    gone = None if erased is None else _gone(erased)
    place = 0
    previous: str | None = ""
    rows = Version.objects.filter(territory=territory).order_by("sequence").prefetch_related("personal")
    for row in rows.iterator(chunk_size=500):
        if row.sequence > place + 1:
            faults += [Fault(code=FaultCode.REMOVED, sequence=missing) for missing in range(place + 1, row.sequence)]
            previous = None  # what it followed is gone: that is said once
        faults += _row_faults(row, previous)
        faults += _forgotten(row, gone)
        if anchor and row.sequence == anchor.sequence and row.digest != anchor.digest:
            faults.append(_fault(FaultCode.REWRITTEN, row))
        place, previous = row.sequence, row.digest
    if anchor and anchor.sequence > place:
        faults.append(Fault(code=FaultCode.SHORTER, sequence=anchor.sequence))
    head = Chain.objects.filter(territory=territory).first()
    if (head.sequence, head.digest) != (place, previous) if head else place:
        faults.append(Fault(code=FaultCode.HEAD, sequence=place))
    return faults or [*_current_faults(territory), *_beside_faults(territory)]


def _row_faults(row: Version, previous: str | None) -> Iterator[Fault]:
    sealed = _sealed(row)
    if sealed is None:
        yield _fault(FaultCode.ALTERED, row)
        return
    if sealed.sequence != row.sequence:
        yield _fault(FaultCode.MOVED, row)
    elif previous is not None and sealed.previous != previous:
        yield _fault(FaultCode.UNLINKED, row)
    columns = ("territory", "kind", "slug", "version", "schema", "author", "at", "withdrawn", "previous")
    if any(getattr(row, name) != getattr(sealed, name) for name in columns):
        yield _fault(FaultCode.COLUMNS, row)
    for one in row.personal.all():
        if chain.Secret(salt=bytes(one.salt), value=one.value).digest != sealed.personal.get(one.field):
            yield _fault(FaultCode.PERSONAL, row)


def _gone(erased: Iterable[Erased]) -> dict[tuple[str, str, str, str], int]:
    """Of each field of a declaration, up to which version it was erased."""
    found: dict[tuple[str, str, str, str], int] = {}
    for one in erased:
        field = (one.key.territory, one.key.kind, one.key.slug, one.field)
        found[field] = max(found.get(field, 0), one.version)
    return found


def _forgotten(row: Version, gone: dict[tuple[str, str, str, str], int] | None) -> Iterator[Fault]:
    """Whether a personal value is gone that the list of erasures does not name."""
    sealed = None if gone is None else _sealed(row)
    if gone is None or sealed is None:
        return
    held = {one.field for one in row.personal.all()}
    missing = (field for field in sealed.personal if field not in held)
    if any(gone.get((row.territory, row.kind, row.slug, field), 0) < row.version for field in missing):
        yield _fault(FaultCode.FORGOTTEN, row)


def _sealed(row: Version) -> chain.Sealed | None:
    """What the bytes say; None when they are not those that were hashed."""
    text = bytes(row.sealed)
    if chain.link(text) != row.digest:
        return None
    try:
        return chain.decode(text)
    except msgspec.MsgspecError:
        return None


def _current_faults(territory: str) -> Iterator[Fault]:
    """Only asked of a sound chain: from a broken one nobody can say what holds."""
    rows = Current.objects.filter(territory=territory).select_related("version").prefetch_related("references")
    shown = {(row.kind, row.slug): row for row in rows}
    for version in holding.newest(territory):
        row = shown.pop((version.kind, version.slug), None)
        if version.withdrawn:
            sound = row is None
        else:
            sound = row is not None and row.version_id == version.pk and _columns_match(row, version)
        if not sound:
            yield _fault(FaultCode.CURRENT, version)
    for row in shown.values():
        yield Fault(code=FaultCode.CURRENT, kind=row.kind, slug=row.slug)


def _beside_faults(territory: str) -> Iterator[Fault]:
    """What stands beside the declarations, held to what the chain last said of each."""
    sealed = beside.newest(territory)
    for kind, row in beside.rows(territory):
        version = sealed.pop((kind, row.name), None)
        said = None if version is None else chain.decode(bytes(version.sealed)).body.get("digest")
        if said != beside.digest(row):
            about, slug = beside.about(row)
            code = FaultCode.ADDED if version is None else FaultCode.BESIDE
            yield Fault(code=code, sequence=version.sequence if version else 0, kind=about, slug=slug)
    for version in sealed.values():
        told = chain.decode(bytes(version.sealed)).body
        yield Fault(code=FaultCode.LOST, sequence=version.sequence, kind=told["kind"], slug=told["slug"])


def _columns_match(row: Current, version: Version) -> bool:
    body = entries_of([version])[0].body
    title = shape.title(body)
    named = {(one.field, one.territory, one.kind, one.slug) for one in row.references.all()}
    asked = {(field, row.territory, kind, slug) for field, kind, slug in holding.pointed(body)}
    return (row.title_fr, row.title_en, row.columns, named) == (title.fr, title.en, shape.columns(body), asked)


def _fault(code: FaultCode, row: Version) -> Fault:
    return Fault(code=code, sequence=row.sequence, kind=row.kind, slug=row.slug, version=row.version)
