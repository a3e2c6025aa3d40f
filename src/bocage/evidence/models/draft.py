"""A model: declarations with places to fill (`{name}`, `{code}`...), and what they become for one territory."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from bocage.domain.declaration import Declaration, Key, fields
from bocage.domain.errors import Invalid
from bocage.domain.exception import ReasonedException
from bocage.domain.kinds import KINDS
from bocage.domain.organisation import itself
from bocage.domain.role import Role
from bocage.domain.subscription import Subscription
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.domain.violation import Violation
from bocage.registers import shape, toml

KEPT_OUT: Final = frozenset(kind.kind for kind in (Territory, Role, ReasonedException, Subscription, Violation))
"""What no model may hold: it speaks for a territory or for a person, gives somebody rights or addresses, or tells of
persons whose data escaped."""
SECRET: Final = frozenset({("source", "address")})
"""Fields that stay where they are: an address may carry a key."""
LISTED: Final = "|"  # between the values of a list, as in the CSV of registers
_PLACE = re.compile(r"\{([a-z_]+)\}")
Values = Mapping[str, str]
NOTHING: Final[Values] = MappingProxyType({})
Place = tuple[str, str]
"""Kind and slug."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """One declaration with places to fill, in plain values. `asks`: it states something that is not true everywhere, so
    that somebody has to say that it is true here."""

    kind: str
    slug: str
    tree: dict[str, Any]
    asks: bool = False

    @property
    def place(self) -> str:
        """How it is named in a table: kind/slug."""
        return f"{self.kind}/{self.slug}"

    @property
    def struct(self) -> type[Declaration]:
        """Its kind."""
        return KINDS[self.kind]


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle of drafts. `slug` never changes."""

    slug: str
    title: Text
    drafts: tuple[Draft, ...]

    @property
    def places(self) -> frozenset[str]:
        """Everything its drafts ask to be filled."""
        return frozenset(name for one in self.drafts for name in _PLACE.findall(f"{one.slug} {one.tree}"))

    @property
    def lacking(self) -> tuple[Place, ...]:
        """What its drafts name that is neither among them nor what every territory begins with."""
        stated = {(one.kind, one.slug) for one in self.drafts}
        named = {place for one in self.drafts for place in _named(one)}
        return tuple(sorted(place for place in named - stated if not _PLACE.search(place[1])))


def values(body: Territory, slug: str, organisations: Mapping[str, Declaration]) -> dict[str, str]:
    """What a territory fills the places of a model with. `organisations`: those it declares, its own among them."""
    own = itself(body.title, slug, organisations)
    siren = str(getattr(organisations.get(own), "siren", ""))
    return {
        "name": body.title.fr,
        "slug": slug,
        "organisation": own,
        "code": body.code,
        "siren": siren,
        "population": str(body.population or ""),
        "department": body.department,
        "contact": body.contact.fr if body.contact else "",
    }


def filled(draft: Draft, known: Values, changed: Values = NOTHING) -> tuple[str, Declaration]:
    """The slug and the body of a draft for one territory; `changed`: what it has otherwise, by path inside the draft.

    Invalid with the `field` that is wrong, or the place that nothing fills.
    """
    tree = _filled(draft.tree, known)
    for path, text in changed.items():
        _set(draft.struct, tree, path.split("."), text)
    slug = _replaced(draft.slug, known)
    try:
        Key(territory="any", kind=draft.kind, slug=slug)
        body = msgspec.convert(_dropped(tree), draft.struct, strict=False)
    except (msgspec.ValidationError, ValueError) as error:
        raise Invalid(_("a declaration that holds together"), f"{draft.place}: {error}", field=draft.place) from error
    return slug, shape.checked(body)


def checked(drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    """The drafts, each once, in the order in which declarations name each other; Invalid for one no model may hold."""
    found: dict[Place, Draft] = {}
    for one in drafts:
        if one.kind not in KINDS or one.kind in KEPT_OUT:
            raise Invalid(_("a kind that a model may hold"), one.place, field="kind")
        named = [note.name for note in fields(one.struct) if note.personal and one.tree.get(note.name)]
        if named:
            raise Invalid(_("a model that names nobody"), f"{one.place}: {', '.join(named)}", field=named[0])
        found[one.kind, one.slug] = one
    order = list(KINDS)
    return tuple(sorted(found.values(), key=lambda one: (order.index(one.kind), one.slug)))


def drawn(body: Declaration, slug: str, own: Values) -> Draft:
    """A declaration of a territory as a draft: what is that territory's own becomes a place, nobody is named."""
    hidden = {note.name for note in fields(type(body)) if note.personal or (body.kind, note.name) in SECRET}
    tree = {name: value for name, value in shape.plain(body).items() if name not in hidden}
    kept = {note.name for note in fields(type(body)) if note.reference == Role.kind}
    tree = {name: value for name, value in tree.items() if name not in kept}
    return Draft(kind=body.kind, slug="{slug}" if slug == own["slug"] else slug, tree=_emptied(tree, own))


def read(kind: str, slug: str, text: str, *, asks: bool = False) -> Draft:
    """The draft that a file states, as people write declarations; Invalid when it is no TOML."""
    return Draft(kind=kind, slug=slug, tree=toml.plain(text), asks=asks)


def _named(draft: Draft) -> Iterable[Place]:
    for note in fields(draft.struct):
        said = draft.tree.get(note.name)
        if note.reference in KINDS and said:
            yield from ((note.reference, str(one)) for one in (said if isinstance(said, list) else [said]))


def _filled(value: Any, known: Values) -> Any:
    if isinstance(value, dict):
        return {name: _filled(inner, known) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, known) for inner in value]
    return _replaced(value, known) if isinstance(value, str) else value


def _replaced(text: str, known: Values) -> str:
    def put(found: re.Match[str]) -> str:
        if found[1] not in known:
            raise Invalid(_("a column that fills this place"), found[0], field=found[1])
        return known[found[1]]

    return _PLACE.sub(put, text)


def _dropped(tree: Any) -> Any:
    """Without fields that were left empty by what filled them."""
    if isinstance(tree, dict):
        kept = {name: _dropped(value) for name, value in tree.items()}
        return {name: value for name, value in kept.items() if value not in ("", {}, None)}
    return tree


def _set(struct: type[msgspec.Struct], tree: dict[str, Any], path: list[str], text: str) -> None:
    *above, last = path
    for name in above:
        inner = tree.get(name)
        below = dict(inner) if isinstance(inner, dict) else {}
        tree[name], tree = below, below
    note = next((one for one in fields(struct) if one.name == path[0]), None)
    if note is None:
        raise Invalid(_("a field of this kind"), ".".join(path), field=path[0])
    tree[last] = text.split(LISTED) if not above and "tuple" in str(note.type) else text


def _emptied(value: Any, own: Values) -> Any:
    """The same with places where the territory says its own name, code, SIREN or short name."""
    if isinstance(value, dict):
        return {name: _emptied(inner, own) for name, inner in value.items()}
    if isinstance(value, list):
        return [_emptied(inner, own) for inner in value]
    if not isinstance(value, str):
        return value
    for name in ("organisation", "slug", "code", "siren"):
        if own.get(name) and value == own[name]:
            return f"{{{name}}}"
    said = own.get("name", "")
    return re.sub(rf"(?<!\w){re.escape(said)}(?!\w)", "{name}", value) if said else value
