"""What holds now and who points to whom: always written with the versions, and rebuilt from them when asked."""

from bocage import relational
from bocage.domain.declaration import Declaration, references
from bocage.registers import shape
from bocage.registers.reading import entries_of
from bocage.registers.revisions import REVISIONS
from bocage.registers.tables import BESIDE, Chain, Current, Reference, Version


def place(version: Version, body: Declaration | None) -> None:
    """Make this version the one that holds, or none when its body no longer does."""
    Current.objects.filter(territory=version.territory, kind=version.kind, slug=version.slug).delete()
    if body is None:
        return
    title = shape.title(body)
    holder = Current.objects.create(
        territory=version.territory,
        kind=version.kind,
        slug=version.slug,
        version=version,
        title_fr=title.fr,
        title_en=title.en,
        columns=shape.columns(body),
    )
    Reference.objects.bulk_create(
        Reference(holder=holder, field=field, territory=version.territory, kind=kind, slug=slug)
        for field, kind, slug in sorted(pointed(body))
    )


def pointed(body: Declaration) -> set[tuple[str, str, str]]:
    """(field, kind, slug) of each declaration this one names; a kind with a colon is an outside vocabulary."""
    return {reference for reference in references(type(body), body) if ":" not in reference[1]}


def rebuild() -> int:
    """Make `current` and `reference` again from the versions of every territory; how many declarations hold."""
    with relational.transaction():
        Current.objects.all().delete()
        for head in Chain.objects.all():
            for row in newest(head.territory):
                body = None if row.withdrawn else entries_of([row])[0].body
                place(row, body)
            head.revision += 1
            head.save(update_fields=["revision"])
            REVISIONS.follow(head.territory)
        return Current.objects.count()


def newest(territory: str) -> list[Version]:
    """The last version of each declaration of a territory, withdrawn ones included."""
    last: dict[tuple[str, str], Version] = {}
    for version in Version.objects.filter(territory=territory).exclude(kind__in=BESIDE).order_by("sequence"):
        last[version.kind, version.slug] = version
    return list(last.values())
