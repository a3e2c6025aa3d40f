"""Commands on measurements: ingest."""

from pathlib import Path
from typing import Any

import click

from bocage import words
from bocage.cli.declarations import TERRITORY
from bocage.cli.reach import call
from bocage.cli.say import language, say
from bocage.domain.text import message as _


@click.command(help=_("Load FILES of SOURCE through the gate: any history, resumed where it stopped, nothing fired."))
@click.argument("source")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@TERRITORY
@click.option("--again", is_flag=True, help=_("Read from the first row, even where an earlier run stopped."))
@click.pass_obj
def ingest(path: Path, source: str, files: tuple[Path, ...], territory: str, again: bool) -> None:
    for file in files:
        with click.progressbar(length=file.stat().st_size, label=file.name) as bar:

            def tell(told: dict[str, Any], bar: Any = bar) -> None:
                bar.update(told["bytes"])

            values = {"source": source, "file": str(file.resolve()), "territory": territory, "again": again}
            report = call(path, "ingest", values, tell)
        say(
            _("{stored} stored, {known} known already, {corrected} corrected, {refused} refused, {errors} unreadable."),
            **{name: words.number(count, language()) for name, count in report["counts"].items()},
        )
        for line in report[language()]:
            click.echo("  " + line)


COMMANDS = (ingest,)
