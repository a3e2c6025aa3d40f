"""The command that gives one model to many territories."""

from pathlib import Path
from typing import Any

from bocage import registers, relational
from bocage.accounts import OPERATOR
from bocage.assembly.commands.declared import named
from bocage.assembly.instance import Instance
from bocage.domain.declaration import Key
from bocage.domain.errors import Invalid
from bocage.domain.territory import Territory
from bocage.domain.text import message as _
from bocage.evidence.models import folder, giving, keeping, offering
from bocage.evidence.models.communes import table
from bocage.evidence.models.keeping import Kept, Offer
from bocage.ingest.sheets import cells
from bocage.registers import official
from bocage.words import sentence, translate


class _OnlyLooked(Exception):
    """Unwinds what was written to look at it."""

    def __init__(self, found: dict[str, Any]) -> None:
        self.found = found


def _bulk(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    """Keep the model, offer it to the territories of the file, and give it; `dry`: say what each would get, and write
    nothing at all."""
    if not values["dry"]:
        return _done(instance, values, tell)
    try:
        with relational.transaction():
            raise _OnlyLooked(_done(instance, values, tell))
    except _OnlyLooked as looked:
        return looked.found


def _done(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    owner, at, file = _owner(values["territory"]), instance.clock(), Path(values["file"])
    kept = keeping.keep(owner, folder.named(values["model"]), OPERATOR.account, at)
    offered = offering.offer(kept, table(cells(file.name, file.read_bytes()), kept.model), OPERATOR.account, at)
    lang = values["lang"]
    wrong = [{"line": one.line, "code": one.code, "why": translate(one.why, lang)} for one in offered.wrong]
    offers = keeping.offers(kept)
    by = giving.By(actor=OPERATOR, at=at, official=official.several(one.code for one in offers))
    counts: dict[str, int] = {}
    for one in offers:
        said = _would(kept, one, by, lang) if values["dry"] else _told(giving.give(kept, one, by), lang)
        counts[said["result"]] = counts.get(said["result"], 0) + 1
        tell(said)
    return {"counts": counts, "wrong": wrong, "revision": kept.revision}


def _owner(territory: str) -> str:
    """The territory that offers: one that gathers others."""
    slug = named(territory)
    entry = registers.find(Key(territory=slug, kind=Territory.kind, slug=slug))
    if entry is None or not isinstance(entry.body, Territory) or not entry.body.gathers:
        raise Invalid(_("a territory that gathers others"), slug, field="territory")
    return slug


def _told(one: Offer, lang: str) -> dict[str, Any]:
    told = one.told
    assert told is not None
    refusals = [sentence(refusal, lang) for refusal in told.refusals]
    lines = [f"{said.what} {said.why}" for said in refusals] or ([told.failure] if told.failure else [])
    return {"code": one.code, "name": one.name, "result": translate(told.result.label, lang), "lines": lines}


def _would(kept: Kept, one: Offer, by: giving.By, lang: str) -> dict[str, Any]:
    found = giving.prospect(kept, one, by)
    refusals = [sentence(refusal, lang) for refusal in found.refusals]
    counts = [f"{translate(line.outcome.label, lang)}: {line.place} {line.wrong}".strip() for line in found.lines]
    lines = [*counts, *(f"{said.what} {said.why}" for said in refusals)]
    return {"code": one.code, "name": one.name, "result": translate(found.state.label, lang), "lines": lines}


COMMANDS = {"bulk": _bulk}
