"""The first declarations of a territory, from the files of the State: itself, its organisation, a hosting site."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from bocage.accounts import Actor
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.declaration import Key, is_slug, slug_of
from bocage.domain.errors import Conflict, Invalid
from bocage.domain.hosting_site import HostingSite
from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.kinds import KINDS
from bocage.domain.organisation import Organisation, luhn
from bocage.domain.role import Role
from bocage.domain.sensing import ENTITIES, Datastream
from bocage.domain.territory import Level, Territory
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.evidence import facts
from bocage.evidence.asked import Asked, RemoveEntity
from bocage.evidence.changing import change
from bocage.registers import Put, Withdraw, files, official, territories
from bocage.registers.files import Filed
from bocage.registers.official.zones import zone_of
from bocage.store.protocol import Erasure, Store

OWN_SITE = "salle-informatique"
_BEGUN = (Territory.kind, Organisation.kind, HostingSite.kind, Role.kind)


def init(insee: str, folder: Path) -> Territory:
    """Write the first files of a territory into an empty folder; Missing when no file knows the code."""
    if folder.exists() and any(folder.glob("*/*.toml")):
        raise Invalid(_("a folder without declarations"), str(folder), _("choose another folder"))
    territory = official.territory(insee)
    files.write(folder, first(insee, territory))
    return territory


def begin(insee: str, slug: str, actor: Actor, at: datetime) -> Territory:
    """Declare a territory of this instance with what `init` would write; who may is the edge's question.

    Missing when no file knows the code, Conflict when the short name is taken, Invalid when it is none.
    """
    territory = official.territory(insee)
    if not is_slug(slug):
        raise Invalid(_("lower-case letters, digits and single hyphens"), slug, field="slug")
    if slug in territories():
        raise Conflict(_("a short name that no territory has here"), slug, field="slug")
    declare(slug, first(insee, territory, slug), actor, at)
    return territory


class Syndicate(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says of a syndicate: the State's files that ship here do not know them."""

    name: str
    siren: str
    department: str
    slug: str = ""


def gather(said: Syndicate, actor: Actor, at: datetime) -> str:
    """Declare a syndicate as a territory of this instance; its short name. Who may is the edge's question.

    Invalid with the `field` that is wrong, Conflict when the short name is taken.
    """
    slug = said.slug or slug_of(said.name)
    if not said.name.strip() or not is_slug(slug):
        raise Invalid(_("a name with letters or digits"), said.name, field="name")
    if len(said.siren) != len("123456789") or not said.siren.isdecimal() or not luhn(said.siren):
        raise Invalid(_("the nine digits of a SIREN, that agree with each other"), said.siren, field="siren")
    if not official.department_name(said.department):
        raise Invalid(_("the code of a department"), said.department, field="department")
    if slug in territories():
        raise Conflict(_("a short name that no territory has here"), slug, field="slug")
    body = Territory(
        title=Text(fr=said.name.strip()),
        level=Level.SYNDICATE,
        code=said.siren,
        department=said.department,
        time_zone=zone_of(said.department),
    )
    declare(slug, first(said.siren, body, slug, said.siren), actor, at)
    return slug


def declare(slug: str, filed: Sequence[Filed], actor: Actor, at: datetime) -> None:
    """Declare all of it in one act."""
    puts = [Put(key=Key(territory=slug, kind=one.kind, slug=one.slug), body=one.body, expected=None) for one in filed]
    change(slug, actor, puts, at)


def barely_begun(known: TerritoryFacts) -> bool:
    """Whether nothing stands in a territory but what it began with, and roles."""
    return not any(bodies for kind, bodies in known.declared.items() if kind not in _BEGUN)


def withdraw(slug: str, actor: Actor, at: datetime) -> None:
    """Withdraw a territory in which nothing stands yet; its history stays. Conflict once something stands in it."""
    present = facts.present(slug, at)
    if not barely_begun(present):
        raise Conflict(_("a territory in which nothing is declared yet"), slug)
    gone: list[Asked] = [
        Withdraw(key=Key(territory=slug, kind=kind, slug=name))
        for kind in reversed(_BEGUN)
        for name in present.declared.get(kind, {})
    ]
    change(slug, actor, gone, at)


def withdraw_invented(store: Store, slug: str, actor: Actor, at: datetime) -> None:
    """Erase the measurements of an invented territory and withdraw all that it declares; Conflict for any other."""
    present = facts.present(slug, at)
    if present.territory is None or not present.territory.demonstration:
        raise Conflict(_("an invented territory"), slug)
    numbers = tuple(stream.id for stream in present.all(Datastream).values())
    if numbers:
        store.erase(Erasure(datastreams=numbers, start=EARLIEST, end=LATEST))
    entities = [
        RemoveEntity(kind=kind.kind, slug=name) for kind in reversed(ENTITIES) for name in present.declared[kind.kind]
    ]
    declared = [
        Withdraw(key=Key(territory=slug, kind=kind, slug=name))
        for kind in reversed(KINDS)
        for name in present.declared.get(kind, {})
    ]
    change(slug, actor, [*entities, *declared], at)


def first(insee: str, territory: Territory, slug: str = "", siren: str = "") -> list[Filed]:
    """The first declarations. The hosting site is a guess everybody starts from: the page says to correct it."""
    slug, siren = slug or slug_of(territory.title.fr), siren or official.siren(insee)
    own = Organisation(title=territory.title, siren=siren if len(siren) == 9 and luhn(siren) else "")
    site = HostingSite(
        title=Text(fr="Salle informatique de la collectivité", en="Own server room"), country="FR", operator=slug
    )
    return [
        Filed(kind=Territory.kind, slug=slug, body=territory),
        Filed(kind=Organisation.kind, slug=slug, body=own),
        Filed(kind=HostingSite.kind, slug=OWN_SITE, body=site),
    ]
