"""From the bytes of one file to a resource, or to what is wrong with it and on which line."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from bocage.commons.library import Fault
from bocage.commons.resource import CARD, LICENCES, SHARED, Card, Shared
from bocage.domain.declaration import is_slug
from bocage.domain.errors import Invalid
from bocage.domain.text import message as _
from bocage.registers import shape, toml

LARGEST: Final = 400_000  # bytes of one file
_LINE = re.compile(r"\bline (\d+)")
_NAME = re.compile(r"[A-Za-z_]\w*")


def _json(text: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError(_("an object"))
    return found


FORMS: Final[Mapping[str, Callable[[str], dict[str, Any]]]] = {".toml": toml.parsed, ".json": _json}


def resource(path: str, content: bytes) -> Shared | Fault:
    """What a file holds; its path says kind, territory and short name (`clause/my-town/open-data.toml`)."""
    kind, territory, file = path.split("/")
    slug, _dot, ending = file.rpartition(".")
    if not (is_slug(slug) and is_slug(territory)):
        return Fault(path=path, expected=_NAMED, found=f"{territory}/{file}"[:200])
    if len(content) > LARGEST:
        return Fault(path=path, expected=_("a file of 400,000 bytes at most"), found=str(len(content)))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return Fault(path=path, line=line, expected=_("a text in UTF-8"), found=error.reason)
    try:
        values = FORMS[f".{ending}"](text)
    except (ValueError, RecursionError) as error:  # of both readers; numbers of thousands of digits too
        found = _LINE.search(str(error))
        line = getattr(error, "lineno", 0) or (int(found[1]) if found else 1)
        return Fault(path=path, line=line, expected=_WRITTEN[ending], found=str(error)[:200])
    try:
        return _shared(kind, territory, slug, values)
    except RecursionError as error:
        return Fault(path=path, line=1, expected=_WRITTEN[ending], found=str(error))
    except Invalid as error:
        field = str(error.values.get("field", ""))
        return Fault(path=path, line=line_of(text, field), expected=error.expected, found=error.found[:300])


_NAMED = _("lower-case letters, digits and single hyphens in the names of folders and files")
_WRITTEN = {"toml": _("a TOML text"), "json": _("a JSON text")}


def _shared(kind: str, territory: str, slug: str, values: dict[str, Any]) -> Shared:
    card = _card(values.pop(CARD, None))
    if card.territory != territory:
        field = f"{CARD}.territory"
        raise Invalid(_("the territory that the folder is named by"), card.territory, field=field)
    if card.licence not in LICENCES:
        known = ", ".join(LICENCES)
        raise Invalid(_("a licence that lets anyone adopt it"), f"{card.licence} ({known})", field=f"{CARD}.licence")
    body = shape.checked(toml.stated(values, SHARED[kind]).body)
    return Shared(kind=kind, slug=slug, card=card, body=body)


def _card(values: Any) -> Card:
    if not isinstance(values, dict):
        raise Invalid(_("a card [commons]: territory, author, licence, date"), "", field=CARD)
    try:
        card = msgspec.convert(toml.as_json(values), Card)
    except msgspec.ValidationError as error:
        field = f"{CARD}.{str(error).rpartition('`$.')[2]}" if "`$." in str(error) else CARD
        raise Invalid(_("a card [commons]: territory, author, licence, date"), str(error), field=field) from error
    shape.legible(msgspec.to_builtins(card), CARD, CARD)
    return card


def line_of(text: str, field: str) -> int:
    """The line where a field stands, or the nearest thing around it; 1 when nothing of it is written."""
    lines = text.splitlines()
    for name in reversed(_NAME.findall(field)):
        written = re.compile(rf"(^|[\[\s.,{{\"']){name}[\"']?\s*([=:\].]|$)")
        for number, line in enumerate(lines, 1):
            if written.search(line):
                return number
    return 1
