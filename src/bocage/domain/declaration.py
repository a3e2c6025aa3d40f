"""A declaration: what a territory states about itself, as a frozen value with a kind and a slug.

One struct per kind gives everything else: its TOML file, web form and help, list, page, history, diff, JSON,
CSV, JSON Schema and API. What a field is travels in its annotation (`noted`), never in a second table.
"""

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import msgspec

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LONGEST_SLUG = 120  # a slug is a file name in an export
_slug = re.compile(SLUG)

Upcast = Callable[[dict[str, Any]], dict[str, Any]]


def noted(  # noqa: PLR0913 - one keyword per thing a field may say of itself
    label: str,
    help: str = "",
    *,
    reference: str = "",
    personal: bool = False,
    listed: bool = False,
    unit: str = "",
    control: str = "",
    **limits: Any,
) -> msgspec.Meta:
    """What a field is, for forms and pages: label and help in English (translated by `words`).

    `reference`: the kind whose slug the field holds. `personal`: the value names a person; it is kept outside
    the chain and can be erased (top-level `str` fields only). `listed`: a column of the list page and CSV first.
    `unit`: a unit shown beside the field. `control`: how a form asks for it, where the type does not say: "clock" for
    HH:MM, "year" for a number without separators. Other names are msgspec.Meta limits (ge, le, pattern, max_length...).
    """
    extra = {"reference": reference, "personal": personal, "listed": listed, "unit": unit, "control": control}
    return msgspec.Meta(title=label, description=help or None, extra=extra, **limits)


class Declaration(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The body of a declaration; its key (territory, kind, slug) and version stand beside it.

    `kind`: stable name, also of folder, URL and register. `schema`: number of the shape; `upcasts[n]` turns
    the plain data of shape n into shape n + 1. `public`: whether everyone may read this register.
    `label`, `plural`, `about`: English messages for pages.
    """

    kind: ClassVar[str] = ""
    schema: ClassVar[int] = 1
    upcasts: ClassVar[dict[int, Upcast]] = {}
    public: ClassVar[bool] = True
    label: ClassVar[str] = ""
    plural: ClassVar[str] = ""
    about: ClassVar[str] = ""

    def worked_out(self) -> "tuple[Worked, ...]":
        """What follows from the fields, for pages to show below them; never kept, never exported."""
        return ()


def is_slug(text: str) -> bool:
    """Whether a text, all of it (a closing line feed too), can name something."""
    return len(text) <= LONGEST_SLUG and _slug.fullmatch(text) is not None


def slug_of(name: str) -> str:
    """A name as a slug: Saint-Étienne gives saint-etienne; empty where no letter or digit is left."""
    spelled = unicodedata.normalize("NFKD", name.lower().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(sign for sign in spelled if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


class Key(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """Which declaration: territory, kind and slug. Slugs never change; titles do."""

    territory: str
    kind: str
    slug: str

    def __post_init__(self) -> None:
        if not is_slug(self.slug) or not is_slug(self.territory):
            raise ValueError(f"a slug is lower-case letters, digits and single hyphens, not {self.slug!r}")


Worked = tuple["Notes", Any]
"""A line that is worked out: what it is, and its value."""


def worked(label: str, value: Any, unit: str = "") -> Worked:
    """A line worked out from fields; label and unit are English messages."""
    return Notes(name="", type=None, label=label, unit=unit), value


class Notes(msgspec.Struct, frozen=True, kw_only=True):
    """What `noted` said of one field, with its type."""

    name: str
    type: Any
    label: str
    help: str = ""
    reference: str = ""
    personal: bool = False
    listed: bool = False
    unit: str = ""
    control: str = ""
    required: bool = False


@functools.cache
def fields(kind: type[msgspec.Struct]) -> tuple[Notes, ...]:
    """The fields of a struct with their notes, in order of declaration."""
    out = []
    for field in msgspec.structs.fields(kind):
        meta, held = _meta(field.type)
        extra = (meta.extra if meta else None) or {}
        out.append(
            Notes(
                name=field.name,
                type=held,
                label=(meta.title if meta else None) or field.name,
                help=(meta.description if meta else None) or "",
                required=field.required,
                **extra,
            )
        )
    return tuple(out)


def _meta(annotation: Any) -> tuple[msgspec.Meta | None, Any]:
    for item in getattr(annotation, "__metadata__", ()):
        if isinstance(item, msgspec.Meta) and item.title:
            return item, annotation.__origin__
    return None, annotation


def references(kind_of: type[msgspec.Struct], body: msgspec.Struct) -> list[tuple[str, str, str]]:
    """(field, kind, slug) of every reference the body holds, in lists and inside nested structs too."""
    found: list[tuple[str, str, str]] = []
    for name, reference in _pointing(kind_of):
        value = getattr(body, name)
        if not value:
            continue
        values = value if isinstance(value, tuple | list) else (value,)
        if reference:
            found += [(name, reference, str(slug)) for slug in values if slug]
            continue
        inner = (one for one in values if isinstance(one, msgspec.Struct))
        found += [(f"{name}.{field}", kind, slug) for one in inner for field, kind, slug in references(type(one), one)]
    return found


def names(body: msgspec.Struct, kind: str, slug: str) -> bool:
    """Whether a body refers to that declaration, however deep: `references` of one kind, without the others."""
    for name, reference in _naming(type(body), kind):
        value = getattr(body, name)
        if not value:
            continue
        values = value if isinstance(value, tuple | list) else (value,)
        if reference and any(str(one) == slug for one in values):
            return True
        if not reference and any(names(one, kind, slug) for one in values if isinstance(one, msgspec.Struct)):
            return True
    return False


@functools.cache
def _naming(holder: type[msgspec.Struct], kind: str) -> tuple[tuple[str, str], ...]:
    """The fields of `_pointing` that may lead to that kind."""
    types = {note.name: note.type for note in fields(holder)}
    return tuple(
        (name, reference)
        for name, reference in _pointing(holder)
        if reference == kind or (not reference and any(_naming(one, kind) for one in _structs(types[name])))
    )


def _structs(annotation: Any) -> Iterator[type[msgspec.Struct]]:
    """The structs inside a type."""
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield annotation
        return
    origin = getattr(annotation, "__origin__", None) if hasattr(annotation, "__metadata__") else None
    for one in (origin,) if origin is not None else getattr(annotation, "__args__", ()):
        yield from _structs(one)


@functools.cache
def _pointing(kind: type[msgspec.Struct]) -> tuple[tuple[str, str], ...]:
    """The fields that hold references, or structs that do: name, and the kind referred to (empty for structs)."""
    return tuple((note.name, note.reference) for note in fields(kind) if note.reference or _may_point(note.type))


def _may_point(annotation: Any) -> bool:
    """Whether a type has, somewhere inside, a struct that holds references."""
    return any(_pointing(one) for one in _structs(annotation))
