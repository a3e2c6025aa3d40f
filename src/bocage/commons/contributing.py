"""From a public declaration to a file of the commons, ready for the folder or for a pull request."""

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.commons.adopting import origin
from bocage.commons.library import Library
from bocage.commons.portable import measure_of, measuring, portable
from bocage.commons.resource import LICENCES, SHARED, Card, Shared, Wanted, text
from bocage.domain.declaration import Declaration
from bocage.domain.errors import Conflict, Invalid, Missing, Unavailable
from bocage.domain.experiment import Experiment
from bocage.domain.sensing import Datastream, ObservedProperty
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.registers import shape

GIVEN: Final = tuple(kind for kind in SHARED if kind != "pack")
"""Kinds of declarations that one gives; packs are written by hand, as they name what others gave."""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What whoever gives says: under which licence, in whose name (a service, never a person), where more is told."""

    licence: str
    author: str
    link: str = ""


def givable(kind: str, body: Declaration) -> bool:
    """Whether it may be given as it stands: an experiment once its protocol is fixed."""
    return kind in GIVEN and type(body).public and not (isinstance(body, Experiment) and body.frozen is None)


def offered(facts: TerritoryFacts, place: tuple[str, str], offer: Offer, library: Library) -> Shared:
    """The resource that a declaration (`place`: kind and slug) makes: what is public of it, with its card.

    Missing when nothing of that name is declared; Invalid with the `field` when it may not be given so.
    """
    kind, slug = place
    body = facts.declared.get(kind, {}).get(slug)
    if body is None:
        raise Missing(_("a declaration of this territory"), f"{kind}/{slug}")
    if not givable(kind, body):
        raise Invalid(_("a public declaration that may be shared; an experiment once its protocol is fixed"), kind)
    _licensed(offer, body, library)
    before = library.named.get(f"{kind}/{facts.slug}/{slug}")
    fresh = Shared(kind=kind, slug=slug, card=_card(facts, body, offer), body=_given(body))
    if before is None:
        return fresh
    same = shape.digest(before.body) == shape.digest(fresh.body) and before.card.licence == offer.licence
    version = before.card.version + (0 if same else 1)
    day = before.card.date if same else fresh.card.date
    return msgspec.structs.replace(fresh, card=msgspec.structs.replace(fresh.card, version=version, date=day))


def _licensed(offer: Offer, body: Declaration, library: Library) -> None:
    if offer.licence not in LICENCES:
        raise Invalid(_("a licence that lets anyone adopt it"), offer.licence, field="licence")
    taken = library.named.get(origin(body))
    if taken is not None and taken.card.licence != offer.licence:
        raise Invalid(_("the licence of what it was taken from"), taken.card.licence, field="licence")


def _given(body: Declaration) -> Declaration:
    return measuring(portable(body), _renamed(body))


def _renamed(body: Declaration) -> Mapping[str, str]:
    """Series by a name that tells nothing of a place: some are the meter of somebody."""
    measure = measure_of(body)
    return {name: f"series-{number}" for number, name in enumerate(measure.datastreams, 1)} if measure else {}


def _card(facts: TerritoryFacts, body: Declaration, offer: Offer) -> Card:
    wanted = tuple(_wanted(facts, series, name) for series, name in _renamed(body).items())
    translated = bool(shape.title(body).en)
    card = {
        "territory": facts.slug,
        "author": offer.author.strip(),
        "licence": offer.licence,
        "date": facts.today,
        "languages": ("fr", "en") if translated else ("fr",),
        "link": offer.link.strip(),
        "series": wanted,
        "invented": facts.territory is not None and facts.territory.demonstration,
    }
    try:
        return msgspec.convert(msgspec.to_builtins(card, builtin_types=(date,)), Card)
    except msgspec.ValidationError as error:
        field = str(error).rpartition("`$.")[2].rstrip("`")
        raise Invalid(
            _("an author of two letters or more, and a link that begins with https://"), field=field
        ) from error


def _wanted(facts: TerritoryFacts, series: str, name: str) -> Wanted:
    stream = facts.one(Datastream, series)
    observed = facts.one(ObservedProperty, stream.observed_property) if stream else None
    unit = (stream.unit.symbol or stream.unit.name) if stream and stream.unit else ""
    return Wanted(name=name, title=observed.title if observed else Text(fr=name), unit=unit)


def put(folder: Path, shared: Shared) -> Path:
    """Write its file into the folder, whole or not at all; the path. Conflict where a link is in the way."""
    try:
        where = _below(folder, shared.kind, shared.card.territory)
        path = where / f"{shared.slug}.toml"
        fresh = where / f".{shared.slug}.new"
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text(shared))
        fresh.replace(path)
        path.with_suffix(".json").unlink(missing_ok=True)  # one file for each name
    except OSError as error:
        raise Unavailable(_("a folder of the commons that can be written to"), error.strerror or "") from error
    return path


def take_out(folder: Path, shared: Shared) -> None:
    """Remove its file from the folder."""
    try:
        where = _below(folder, shared.kind, shared.card.territory)
        for ending in (".toml", ".json"):
            (where / f"{shared.slug}{ending}").unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable(_("a folder of the commons that can be written to"), error.strerror or "") from error


def _below(folder: Path, *names: str) -> Path:
    """A folder within the folder, made where it lacks, never through a link."""
    for name in names:
        folder = folder / name
        if folder.is_symlink():
            raise Conflict(_("a folder, no link"), name)
        folder.mkdir(exist_ok=True)
    return folder
