"""Commands on models: one bundle of declarations for many territories."""

import sys
from pathlib import Path
from typing import Any

import click

from bocage import words
from bocage.cli.reach import call
from bocage.cli.say import language, say
from bocage.domain.text import message as _


@click.command(
    help=_("Give one model of declarations to the territories of a CSV file, each with what it has otherwise.")
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--model", required=True, help=_("A folder of files <kind>/<slug>.toml with {places}, or a starting set.")
)
@click.option("--territory", default="", help=_("Territory that offers the model; may be left out when there is one."))
@click.option("--dry", is_flag=True, help=_("Say what each territory would get; give nothing."))
@click.pass_obj
def bulk(path: Path, file: Path, model: str, territory: str, dry: bool) -> None:
    folder = str(Path(model).resolve()) if Path(model).is_dir() else model
    values = {"file": str(file.resolve()), "model": folder, "territory": territory, "dry": dry}
    found = call(path, "bulk", {**values, "lang": language()}, _tell)
    for one in found["wrong"]:
        say(_("Line {line}, {code}: {why}"), **one)
    for result, count in sorted(found["counts"].items(), key=lambda pair: -pair[1]):
        click.echo(f"{words.number(count, language()):>7}  {result}")
    if found["wrong"]:
        sys.exit(2)


def _tell(said: dict[str, Any]) -> None:
    click.echo(f"{said['code']} {said['name']}: {said['result']}")
    for line in said["lines"]:
        click.echo(f"    {line}")


COMMANDS = (bulk,)
