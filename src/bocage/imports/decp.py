"""Reads files of essential data of public procurement: JSON of the format 2.0 and of the one before it, and CSV.

Format: 139bercy/format-commande-publique, schema_decp_v2.0.3.json and the schemas before 2024; CSV with the columns of
the consolidated data of data.gouv.fr (a row for each holder, `modification_id` where a contract was amended).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from bocage.domain.errors import PayloadError
from bocage.domain.text import message as _
from bocage.domain.text_table import text_cells

_LISTS: Final = {"marche": False, "contrat-concession": True}
_WRAPPED: Final = ("titulaire", "concessionnaire", "modification")


class Deal(msgspec.Struct, frozen=True, kw_only=True):
    """One contract as its file says it: its rank or row in the file, and its fields."""

    row: int
    concession: bool
    fields: Mapping[str, Any]

    def first(self, *names: str) -> Any:
        """The first of these fields that says something; a dot goes into a field."""
        for name in names:
            value: Any = self.fields
            for part in name.split("."):
                value = value.get(part) if isinstance(value, Mapping) else None
            if value not in (None, "", [], {}):
                return value
        return None

    def items(self, *names: str) -> list[Mapping[str, Any]]:
        """A list of objects, whether it stands as a list, as one object, or each wrapped in its own name."""
        return unwrapped(self.first(*names))


def read(name: str, content: bytes) -> tuple[Deal, ...]:
    """Every contract of a file. PayloadError when it is no such file."""
    if name.lower().endswith((".csv", ".txt")):
        return tuple(_table(content))
    try:
        document = msgspec.json.decode(content)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise PayloadError(_("essential data of contracts (DECP) in JSON or CSV"), str(error)[:80]) from error
    found = tuple(_listed(document))
    if not found:
        raise PayloadError(_("a list of contracts named marches"), _named(document))
    return found


def unwrapped(value: Any) -> list[Mapping[str, Any]]:
    """See `Deal.items`."""
    found = []
    for item in value if isinstance(value, list) else [value]:
        inner = item
        if isinstance(item, Mapping) and len(item) == 1 and next(iter(item)) in _WRAPPED:
            inner = next(iter(item.values()))
        if isinstance(inner, Mapping):
            found.append(inner)
    return found


def _listed(document: Any) -> Iterator[Deal]:
    """Contracts, then concessions, numbered as they stand."""
    held = document.get("marches", document) if isinstance(document, Mapping) else document
    row = 0
    if isinstance(held, Mapping) and not set(held) & set(_LISTS):
        held = [held] if "id" in held else []
    groups = [(name, held.get(name, [])) for name in _LISTS] if isinstance(held, Mapping) else [("", held)]
    for name, items in groups:
        for item in items if isinstance(items, list) else [items]:
            row += 1
            fields = item if isinstance(item, Mapping) else {}
            concession = _LISTS.get(name, False) or "autoriteConcedante" in fields or "concessionnaires" in fields
            yield Deal(row=row, concession=concession, fields=fields)


def _named(document: Any) -> str:
    return ", ".join(map(str, document))[:80] if isinstance(document, Mapping) else type(document).__name__


_SPREAD: Final = ("acheteur", "titulaire", "lieuExecution", "modification")


def _table(content: bytes) -> Iterator[Deal]:
    lines = text_cells(content)
    heading = [name.strip() for name in lines[0]]
    if not {"id", "objet"} <= set(heading) or not {"acheteur_id", "acheteur.id"} & set(heading):
        raise PayloadError(_("a table with the columns id, acheteur_id and objet"), ", ".join(heading)[:80])
    groups: dict[tuple[str, str], list[tuple[int, dict[str, str]]]] = {}
    for number, line in enumerate(lines[1:], start=2):
        cells = {name: cell.strip() for name, cell in zip(heading, line, strict=False)}
        if any(cells.values()):
            key = (cells.get("acheteur_id", cells.get("acheteur.id", "")), cells["id"])
            groups.setdefault(key, []).append((number, cells))
    for rows in groups.values():
        yield _gathered(rows)


def _gathered(rows: Sequence[tuple[int, dict[str, str]]]) -> Deal:
    """Rows of one contract: one for each holder, and again for each amendment."""
    amendments: dict[int, list[dict[str, str]]] = {}
    for _number, cells in rows:
        rank = cells.get("modification_id", cells.get("modification.id", ""))
        amendments.setdefault(int(rank) if rank.isdigit() else 0, []).append(cells)
    first, *later = sorted(amendments)
    fields = _object(amendments[first])
    fields["modifications"] = [{**_object(amendments[rank]), "id": rank} for rank in later]
    return Deal(row=rows[0][0], concession=False, fields=fields)


def _object(rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The fields of the first row, those of one thing together, with the holders of all rows."""
    fields: dict[str, Any] = {}
    for name, cell in rows[0].items():
        stem, _sign, rest = name.replace(".", "_").partition("_")
        if stem in _SPREAD and rest:
            fields.setdefault(stem, {})[rest] = cell
        else:
            fields[name] = cell
    fields.pop("titulaire", None)
    fields["titulaires"] = [holder for row in rows for holder in _holders(row)]
    modification = fields.pop("modification", {})
    return {**fields, **({"dateNotificationModification": fields.get("dateNotification")} if modification else {})}


def _holders(row: Mapping[str, str]) -> Iterator[dict[str, str]]:
    plain = {name.replace(".", "_"): cell for name, cell in row.items()}
    for end in ("", "_1", "_2", "_3"):
        number = plain.get(f"titulaire_id{end}", "")
        if number:
            name = plain.get(f"titulaire_nom{end}") or plain.get(f"titulaire_denominationSociale{end}", "")
            kind = plain.get(f"titulaire_typeIdentifiant{end}", "SIRET")
            yield {"id": number, "typeIdentifiant": kind, "denominationSociale": name}
