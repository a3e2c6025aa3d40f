"""Commands on declarations: init, check, apply, export, verify, registers, commitments."""

import sys
from pathlib import Path
from typing import Any

import click

from bocage import words
from bocage.cli.reach import call
from bocage.cli.say import language, say
from bocage.cli.taking import taken
from bocage.domain.text import message as _

TERRITORY = click.option("--territory", default="", help=_("Territory; may be left out when there is only one."))
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command(help=_("Begin an instance in FOLDER: settings and first declarations, filled from the official files."))
@click.option("--insee", required=True, help=_("INSEE code of the town, for instance 44109."))
@click.option("--size", default="", help=_("Add what states no fact of a starting set: its code, or auto."))
@click.argument("folder", type=FOLDER)
def init(insee: str, size: str, folder: Path) -> None:
    from bocage.assembly.beginning import begin  # heavy: only for who begins

    begun = begin(insee, folder, size)
    shown = {**begun, "population": words.number(begun["population"], language())}
    say(_("{name} ({code}): {population} residents, {files} declarations written in {folder}."), **shown)
    say(_("Next: bocage --settings {folder}/bocage.toml apply {folder}/declarations"), folder=folder)


@click.command(help=_("Say what applying FOLDER would do and what would be refused; change nothing."))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@TERRITORY
@click.pass_obj
def check(path: Path, folder: Path, territory: str) -> None:
    values = {"folder": str(folder.resolve()), "territory": territory, "dry": True}
    _tell_plan(call(path, "apply", values))


@click.command(help=_("Apply the declarations of FOLDER, after printing the plan."))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@TERRITORY
@click.option("--ours", "side", flag_value="ours", help=_("On conflict, keep what the instance holds."))
@click.option("--theirs", "side", flag_value="theirs", help=_("On conflict, take what the files say."))
@click.option("--prune", is_flag=True, help=_("Withdraw declarations that have no file."))
@click.pass_obj
def apply(path: Path, folder: Path, territory: str, side: str | None, prune: bool) -> None:
    values = {"folder": str(folder.resolve()), "territory": territory, "side": side or "", "prune": prune}
    _tell_plan(call(path, "apply", values), side or "")


def _tell_plan(plan: dict[str, Any], side: str = "") -> None:
    for step in plan["steps"]:
        click.echo(f"{_SIGNS[step['what']]} {step['kind']}/{step['slug']}")
    say(
        _("{new} new, {changed} changed, {same} the same, {conflict} in conflict, {pruned} withdrawn."),
        **plan["counts"],
    )
    conflicts = plan["counts"]["conflict"]
    if conflicts and not plan["applied"]:
        sys.exit(4)
    if conflicts:
        say(_SETTLED[side], count=conflicts)


_SETTLED = {
    "ours": _("Conflicts settled: {count}; what the instance holds was kept."),
    "theirs": _("Conflicts settled: {count}; what the files say was taken."),
}
_SIGNS = {"new": "+", "changed": "~", "same": "=", "conflict": "!", "pruned": "-"}


@click.command(help=_("Write the current declarations and sensing entities as files into FOLDER."))
@click.argument("folder", type=FOLDER)
@TERRITORY
@click.option("--history", is_flag=True, help=_("Carry the chains too, with every version."))
@click.pass_obj
def export(path: Path, folder: Path, territory: str, history: bool) -> None:
    values = {"folder": str(folder.resolve()), "territory": territory, "history": history}
    say(_("{files} files written in {folder}."), **call(path, "export", values))


@click.command(help=_("Find any version altered, removed or reordered since the last anchored head."))
@TERRITORY
@click.option(
    "--anchor",
    default="",
    help=_(
        "A file or an address: heads kept elsewhere, a receipt of a witness, a certificate; without it, the heads of "
        "the data folder."
    ),
)
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("The public key of the heads, kept elsewhere too; without it, that of the anchor or of the data folder."),
)
@click.pass_obj
def verify(path: Path, territory: str, anchor: str, key: Path | None) -> None:
    values = {
        "territory": territory,
        "anchor": anchor,
        "kept": taken(anchor).decode(errors="replace") if anchor else "",
        "key": str(key.resolve()) if key else "",
    }
    found = call(path, "verify", values)
    for checked in found["territories"]:
        if checked["head"] == "-":
            say(_("{territory}: {versions} versions; no head was signed yet."), **checked)
        else:
            say(_("{territory}: {versions} versions, head {head} of {at}."), **checked)
        if checked["noted"]:
            say(_("{territory}: {noted} opinions and files of before an upgrade, held only from then on."), **checked)
    for fault in found["faults"]:
        click.echo("! " + fault[language()])
    if found["faults"]:
        sys.exit(1)
    say(_("Nothing was altered, removed or reordered."))


registers = click.Group("registers", help=_("Commands on the registers themselves."))


@registers.command(help=_("Make the tables of current declarations and references again from the versions."))
@click.pass_obj
def rebuild(path: Path) -> None:
    say(_("{versions} versions read, {current} declarations current."), **call(path, "rebuild", {}))


@registers.command(help=_("Erase what names a person from every version of a declaration; the history still verifies."))
@click.argument("kind")
@click.argument("slug")
@click.argument("field")
@TERRITORY
@click.pass_obj
def erase(path: Path, kind: str, slug: str, field: str, territory: str) -> None:
    values = {"kind": kind, "slug": slug, "field": field, "territory": territory}
    say(_("{kind}/{slug}: {count} values of {field} erased."), **call(path, "erase", values))


@click.command(help=_("Say which promises the territory keeps, and how that is known."))
@TERRITORY
@click.option(
    "--evidence", is_flag=True, help=_("Print what carries each of them out: module, gates, duties, pages, tests.")
)
@click.pass_obj
def commitments(path: Path, territory: str, evidence: bool) -> None:
    if evidence:
        _tell_carried()
        return
    for line in call(path, "commitments", {"territory": territory, "lang": language()})["lines"]:
        click.echo(line)


def _tell_carried() -> None:
    from bocage.commitments.carried import carried  # heavy: only for who asks

    head = (_("Promise"), _("Module"), _("Gates"), _("Duties"), _("Pages"), _("Tests"))
    lang = language()
    click.echo("| " + " | ".join(words.translate(name, lang) for name in head) + " |")
    click.echo("|---" * len(head) + "|")
    for one in carried():
        cells = (one.gates, one.duties, one.pages, one.tests)
        said = ("; ".join(words.translate(each, lang) for each in cell) or "-" for cell in cells)
        click.echo(f"| {one.number or '-'} | {one.module} | {' | '.join(said)} |")


COMMANDS = (init, check, apply, export, verify, registers, commitments)
