"""Commands on the commons: list, search, show, check, adopt, contribute."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bocage.cli.declarations import TERRITORY
from bocage.cli.reach import call
from bocage.cli.say import language, say, translated
from bocage.domain.text import message as _

if TYPE_CHECKING:
    from bocage.commons import Library, Shared

FOLDER = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help=_("Folder of the shared resources; that of the settings file when left out."),
)
commons = click.Group("commons", help=_("What territories share: read, search, adopt, give, check."))


def _library(path: Path, folder: Path | None) -> "Library":
    from bocage.assembly.shelving import library  # heavy: only for who reads it

    return library(path, folder)


def _line(shared: "Shared") -> str:
    marks = [translated(_("invented"))] if shared.card.invented else []
    return "\t".join([shared.name, shared.title.read(language())[0], shared.card.licence, *marks])


@commons.command("list", help=_("List what the folder holds, one name a line."))
@click.option("--kind", default="", help=_("Only this kind, such as clause."))
@FOLDER
@click.pass_obj
def listed(path: Path, folder: Path | None, kind: str) -> None:
    shown = [one for one in _library(path, folder).shared if kind in ("", one.kind)]
    for one in shown:
        click.echo(_line(one))
    say(_("Resources: {count}."), count=len(shown))


@commons.command(help=_("Look for words, without accents or capitals; the best answer first."))
@click.argument("words", nargs=-1, required=True)
@FOLDER
@click.pass_obj
def search(path: Path, folder: Path | None, words: tuple[str, ...]) -> None:
    library = _library(path, folder)
    from bocage.commons import found

    answer = found(library, " ".join(words), language())
    for hits in answer.kinds.values():
        for hit in hits:
            click.echo(_line(library.one(hit.entry.slug)))
    if not answer.total:
        near = ", ".join(answer.nearest)
        say(_("Nothing holds these words. Nearly written the same: {near}") if near else _("Nothing."), near=near)
        sys.exit(3)


@commons.command(help=_("Print one resource as its file says it, by its NAME: kind/territory/short-name."))
@click.argument("name")
@FOLDER
@click.pass_obj
def show(path: Path, folder: Path | None, name: str) -> None:
    library = _library(path, folder)
    from bocage.commons.resource import text

    click.echo(text(library.one(name)), nl=False)


@commons.command(help=_("Read every file of FOLDER and say what is wrong, with file and line; change nothing."))
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_obj
def check(path: Path, folder: Path | None) -> None:
    library = _library(path, folder)
    for fault in library.faults:
        said = translated(_("expected: {what}"), what=translated(fault.expected))
        click.echo(f"{fault.place}: {said}" + (f" ({fault.found})" if fault.found else ""))
    say(_("Resources read: {count}. Faults: {faults}."), count=len(library.shared), faults=len(library.faults))
    if library.faults:
        sys.exit(2)


@commons.command(help=_("Make a declaration here of the resource NAME; where it comes from is written in it."))
@click.argument("name")
@TERRITORY
@click.option("--service", default="", help=_("Public service it is for; rules need one."))
@click.option("--series", multiple=True, help=_("Which series is which, as in series-1=co2-of-the-school; repeatable."))
@click.option("--as", "slug", default="", help=_("Another short name than the one it has."))
@click.pass_obj
def adopt(path: Path, /, name: str, series: tuple[str, ...], **given: str) -> None:
    pairs = {one.partition("=")[0]: one.partition("=")[2] for one in series}
    for made in call(path, "commons-adopt", {"name": name, "series": pairs, **given})["made"]:
        click.echo(f"+ {made}")
    say(_("Adopted. Rules are switched off until they were tried."))


@commons.command(
    help=_("Write the declaration KIND/SLUG into the folder, without what is not public: ready to be sent.")
)
@click.argument("name")
@TERRITORY
@click.option("--licence", default="etalab-2.0", show_default=True, help=_("Under which licence it is given."))
@click.option("--author", default="", help=_("In whose name: a service or a body, never a person."))
@click.option("--link", default="", help=_("Where more is told."))
@FOLDER
@click.pass_obj
def contribute(path: Path, /, folder: Path | None, **given: str) -> None:
    where = str(folder.resolve()) if folder else ""
    say(_("{name}, version {version}, written: {path}"), **call(path, "commons-contribute", {**given, "folder": where}))


COMMANDS = (commons,)
