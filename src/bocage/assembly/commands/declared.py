"""Commands on declarations: apply, export, verify, rebuild, commitments."""

import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bocage import evidence, registers
from bocage.accounts import OPERATOR
from bocage.assembly.instance import Instance
from bocage.domain.decision import Standing
from bocage.domain.declaration import Key
from bocage.domain.errors import Invalid, Missing, Refused
from bocage.domain.text import message as _
from bocage.publish.certificate import anchoring
from bocage.registers import beside, erasures, heads
from bocage.registers.heads import Head
from bocage.registers.verification import Fault, chained, verify
from bocage.words import day, translate


def named(territory: str) -> str:
    """The territory meant: the one named, or the only one there is."""
    present = registers.territories()
    if territory in present:
        return territory
    if territory or not present:
        raise _unknown(territory, present)
    if len(present) > 1:
        raise Invalid("--territory", ", ".join(present), _("name one of them"))
    return present[0]


def _unknown(territory: str, present: list[str]) -> Missing:
    there = ", ".join(present)
    if not there:
        return Missing(_("a territory of this instance"), territory or "-", _("declare it first: bocage apply FOLDER"))
    return Missing(_("a territory of this instance"), territory, _("there is: {there}"), there=there)


def _apply(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    folder, dry = Path(values["folder"]), values.get("dry", False)
    rebase = not dry and os.access(folder, os.W_OK)  # otherwise the files cannot say what they became
    choice = evidence.Choice(side=values.get("side", ""), prune=values.get("prune", False), dry=dry, rebase=rebase)
    before = set(registers.territories())
    plan = evidence.apply(folder, values["territory"], OPERATOR, instance.clock(), choice)
    if plan.applied and plan.territory not in before:
        erasures.taken_over(instance.places.erasures, plan.territory, instance.clock())
    if plan.refusals:
        raise Refused(plan.refusals)
    steps = [{"what": step.outcome.value, "kind": step.kind, "slug": step.slug} for step in plan.steps]
    return {"territory": plan.territory, "steps": steps, "counts": plan.counts, "applied": plan.applied}


def _export(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    folder = Path(values["folder"])
    files = evidence.export(named(values["territory"]), folder, history=values["history"])
    return {"files": files, "folder": str(folder)}


def _verify(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    present = chained()
    known = {path.stem: 0 for path in instance.places.heads.glob("*.jsonl")} | present
    if values["territory"] not in {"", *known}:
        raise _unknown(values["territory"], sorted(known))
    asked = [values["territory"]] if values["territory"] else sorted(known)
    sealed = _sealed(values, asked)
    erased = erasures.listed(instance.places.erasures / erasures.NAME)
    checked, faults, noted = [], [], beside.noted()
    for territory in asked:
        head = _anchor(instance, territory, values, sealed)
        faults += [_said(territory, fault) for fault in verify(territory, head, erased)]
        state = {"territory": territory, "versions": present.get(territory, 0), "noted": noted[territory]}
        at = (
            {"head": head.digest[:16], "at": head.at.isoformat(timespec="minutes")}
            if head
            else {"head": "-", "at": "-"}
        )
        checked.append(state | at)
    return {"territories": checked, "faults": faults}


def _sealed(values: dict[str, Any], asked: list[str]) -> Head | None:
    """The head of a receipt or of a certificate that was kept elsewhere; Missing when it is of none of these
    territories: nothing would be held to it."""
    found = anchoring.sealed(values["kept"].encode()) if values["kept"] else None
    if found is None:
        return None
    kept, at = found
    if kept.territory not in asked:
        raise Missing(_("a head of this territory"), f"{kept.territory}, {values['anchor']}")
    return Head(territory=kept.territory, sequence=kept.sequence, digest=kept.digest, count=0, at=at)


def _anchor(instance: Instance, territory: str, values: dict[str, Any], sealed: Head | None) -> Head | None:
    """The head to hold the chain to: of the file kept elsewhere when one was given, else of the data folder."""
    if sealed is not None and sealed.territory == territory:
        return sealed
    if sealed is not None:
        values = {**values, "anchor": "", "kept": ""}  # it says nothing of this one
    public = _public(instance, values)
    if public is None:
        return None  # nothing was ever signed here
    if not values["anchor"]:
        return heads.anchor(instance.places.heads, territory, public)
    found = heads.anchored(values["kept"].encode(), Path(values["anchor"]), territory, public)
    if found is None:
        raise Missing(_("a head of this territory"), f"{territory}, {values['anchor']}")
    return found


def _public(instance: Instance, values: dict[str, Any]) -> Ed25519PublicKey | None:
    """The key to check heads with: the one given, else the one kept with the anchor, else this machine's own."""
    if values["key"]:
        return heads.read_public(Path(values["key"]))
    kept = heads.key_in(values["kept"].encode(), Path(values["anchor"])) if values["anchor"] else None
    own = instance.places.keys / "heads.pem"
    return kept or (heads.read_key(own).public_key() if own.exists() else None)


def _said(territory: str, fault: Fault) -> dict[str, str]:
    place = f"{territory} {fault.kind}/{fault.slug} v{fault.version} (#{fault.sequence})"
    if not fault.kind:
        place = f"{territory} (#{fault.sequence})"
    return {lang: f"{place} : {translate(fault.code.label, lang)}" for lang in ("fr", "en")}


def _rebuild(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    current = registers.rebuild()
    return {"versions": sum(chained().values()), "current": current}


def _erase(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    key = Key(territory=named(values["territory"]), kind=values["kind"], slug=values["slug"])
    count = evidence.erase_personal(instance.places.erasures, key, values["field"], instance.clock(), OPERATOR.account)
    return {"count": count, "kind": key.kind, "slug": key.slug, "field": values["field"]}


def _commitments(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    lang, territory = values["lang"], named(values["territory"])
    lines = []
    for kept in evidence.commitments(territory, instance.clock()):
        mend = len(kept.to_mend)
        outcome = translate(_OUTCOMES.get(kept.standing, _("To mend: %(count)s") if mend else _("Kept")), lang)
        lines.append(f"{outcome % {'count': mend}:24} {translate(kept.promise.title, lang)} ({kept.promise.code})")
    return {"lines": [day(instance.clock().date(), lang), *lines]}


_OUTCOMES = {
    Standing.NOT_CONCERNED: _("Not concerned"),
    Standing.UNCHECKED: _("Cannot be checked yet"),
}


COMMANDS = {
    "apply": _apply,
    "export": _export,
    "verify": _verify,
    "rebuild": _rebuild,
    "erase": _erase,
    "commitments": _commitments,
}
