"""The command that gives one model to many territories."""

from pathlib import Path
from typing import Any

from bocage.accounts import OPERATOR
from bocage.assembly.commands.declared import named
from bocage.assembly.instance import Instance
from bocage.evidence.models import folder, giving, keeping, offering
from bocage.evidence.models.communes import table
from bocage.evidence.models.keeping import Kept, Offer
from bocage.ingest.sheets import cells
from bocage.registers import official
from bocage.words import sentence, translate


def _bulk(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    """Keep the model, offer it to the territories of the file, and give it (`dry`: only say what giving would do)."""
    owner, at, file = named(values["territory"]), instance.clock(), Path(values["file"])
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
