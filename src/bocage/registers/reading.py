"""Finds declarations: what holds now, what held before, and who points to whom."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from bocage.domain.declaration import Key
from bocage.domain.errors import Invalid, Missing
from bocage.domain.kinds import KINDS
from bocage.domain.text import message as _
from bocage.registers import chain
from bocage.registers.entry import Entry
from bocage.registers.tables import BESIDE, Current, CurrentRows, Personal, Reference, Version, VersionRows


def current(territory: str, kind: str) -> list[Entry]:
    """What holds now of a register, by slug."""
    return entries_of(_versions(Current.objects.filter(territory=territory, kind=kind)))


def everything(territory: str) -> list[Entry]:
    """All that holds now in a territory, in the order an export writes it."""
    entries = entries_of(_versions(Current.objects.filter(territory=territory)))
    order = {kind: place for place, kind in enumerate(KINDS)}
    return sorted(entries, key=lambda entry: (order[entry.key.kind], entry.key.slug))


def versions(territory: str, kinds: Iterable[str]) -> dict[tuple[str, str], int]:
    """The version that holds of everything of these kinds, by kind and slug."""
    rows = Current.objects.filter(territory=territory, kind__in=set(kinds)).values_list(
        "kind", "slug", "version__version"
    )
    return {(kind, slug): version for kind, slug, version in rows}


def find(key: Key) -> Entry | None:
    """The declaration as it holds now."""
    found = entries_of(_versions(Current.objects.filter(territory=key.territory, kind=key.kind, slug=key.slug)))
    return found[0] if found else None


def version(key: Key, number: int) -> Entry:
    """One version of a declaration; Missing when it never existed."""
    row = _of(key).filter(version=number).first()
    if row is None:
        raise Missing(f"version {number} of {key.kind}/{key.slug}", kind=key.kind, slug=key.slug)
    return entries_of([row])[0]


def history(key: Key) -> list[Entry]:
    """All versions of a declaration, newest first; withdrawals too."""
    return entries_of(list(_of(key).order_by("-version")))


def recent(territory: str, limit: int = 50) -> list[Entry]:
    """The newest versions of the whole territory, newest first."""
    rows = Version.objects.filter(territory=territory).exclude(kind__in=BESIDE).order_by("-sequence")
    return entries_of(list(rows[:limit]))


def referring(key: Key) -> list[Key]:
    """The declarations that hold now and point to this one."""
    rows = Reference.objects.filter(territory=key.territory, kind=key.kind, slug=key.slug)
    found = rows.values_list("holder__kind", "holder__slug").distinct()
    return sorted(Key(territory=key.territory, kind=kind, slug=slug) for kind, slug in found)


def territories() -> list[str]:
    """The territories this instance holds: those whose own declaration holds."""
    return sorted(Current.objects.filter(kind="territory").values_list("territory", flat=True).distinct())


def everywhere(kind: str) -> list[Entry]:
    """What holds now of a register in every territory of this instance, by territory and slug."""
    found = entries_of(_versions(Current.objects.filter(kind=kind)))
    return sorted(found, key=lambda entry: (entry.key.territory, entry.key.slug))


def count(territory: str) -> dict[str, int]:
    """How many declarations of each kind hold now, kinds without any included."""
    return {
        **dict.fromkeys(KINDS, 0),
        **Counter(Current.objects.filter(territory=territory).values_list("kind", flat=True)),
    }


def entries_of(versions: Sequence[Version]) -> list[Entry]:
    """These rows as entries, in their order, with one query for all personal values."""
    personal: dict[int, dict[str, str]] = defaultdict(dict)
    rows = Personal.objects.filter(version_id__in=[row.pk for row in versions])
    for number, field, value in rows.values_list("version_id", "field", "value"):
        personal[number][field] = value
    return [_entry(row, personal[row.pk]) for row in versions]


def _entry(row: Version, personal: dict[str, str]) -> Entry:
    try:
        sealed = chain.decode(bytes(row.sealed))
        body, erased = chain.body_of(KINDS[sealed.kind], sealed, personal)
    except (msgspec.MsgspecError, KeyError, ValueError) as error:
        place = f"{row.territory} {row.kind}/{row.slug} v{row.version} (#{row.sequence})"
        raise Invalid(_("a version as it was recorded"), place, _("it was altered: run bocage verify")) from error
    return Entry(
        key=sealed.key,
        version=sealed.version,
        body=body,
        author=sealed.author,
        at=sealed.at,
        digest=row.digest,
        erased=erased,
        withdrawn=sealed.withdrawn,
        sequence=sealed.sequence,
    )


def _of(key: Key) -> VersionRows:
    return Version.objects.filter(territory=key.territory, kind=key.kind, slug=key.slug)


def _versions(rows: CurrentRows) -> list[Version]:
    return [row.version for row in rows.select_related("version").order_by("slug")]
