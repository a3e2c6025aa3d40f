"""Commands on the commons that touch a territory: adopt, contribute."""

from pathlib import Path
from typing import Any

from bocage import commons, evidence, registers
from bocage.accounts import OPERATOR
from bocage.assembly.commands.declared import named
from bocage.assembly.instance import Instance
from bocage.assembly.shelving import there
from bocage.commons import Choice, Offer
from bocage.commons.adopting import parts
from bocage.domain.declaration import Key
from bocage.domain.errors import Conflict, Invalid
from bocage.domain.text import message as _
from bocage.evidence import facts


def _adopt(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    territory, at = named(values["territory"]), instance.clock()
    library = instance.commons.look(at, now=True)
    found = parts(library, library.one(values["name"]))
    choice = Choice(service=values["service"], series=values["series"])
    taken = commons.adopted(found, choice)
    if values["slug"] and len(taken) > 1:
        raise Invalid(_("one resource, where another short name is given"), values["name"])
    puts: list[evidence.Put] = []
    for one in taken:
        key = Key(territory=territory, kind=one.kind, slug=values["slug"] or one.slug)
        if registers.find(key) is not None or any(put.key == key for put in puts):
            raise Conflict(_("a short name that is free"), f"{key.kind}/{key.slug}", _("choose another with --as"))
        puts.append(evidence.Put(key=key, body=one.body))
    evidence.change(territory, OPERATOR, puts, at)
    return {"territory": territory, "made": [f"{put.key.kind}/{put.key.slug}" for put in puts]}


def _contribute(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    territory, at = named(values["territory"]), instance.clock()
    kind, _slash, slug = values["name"].partition("/")
    present = facts.present(territory, at)
    title = present.territory.title.fr if present.territory else territory
    offer = Offer(licence=values["licence"], author=values["author"] or title, link=values["link"])
    library = instance.commons.look(at, now=True)
    shared = commons.offered(present, (kind, slug), offer, library)
    path = commons.put(there(Path(values["folder"]) if values["folder"] else instance.commons.folder), shared)
    instance.commons.look(at, now=True)
    return {"name": shared.name, "version": shared.card.version, "path": str(path)}


COMMANDS = {"commons-adopt": _adopt, "commons-contribute": _contribute}
