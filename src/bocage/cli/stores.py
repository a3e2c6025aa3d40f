"""Commands on where an instance is kept: store move."""

from datetime import UTC, datetime
from pathlib import Path

import click

from bocage import words
from bocage.assembly.settings import load
from bocage.cli.say import language, say, translated
from bocage.domain.text import message as _

FOLDER = "folder"


@click.group(name="store", help=_("Where an instance keeps what it holds."))
def stores() -> None:
    """The group."""


@stores.command(
    help=_(
        "Move everything into the PostgreSQL database of address TARGET (postgresql://user@host/name), or back into "
        "the folder of the instance when TARGET is the word folder. Nothing may be running meanwhile. Counts and "
        "checksums of both are compared before the settings file says where the instance is now."
    )
)
@click.argument("target")
@click.pass_obj
def move(path: Path, target: str) -> None:
    from bocage.assembly.moving import moved

    url = "" if target == FOLDER else target
    with click.progressbar(length=1, label=translated(_("Measurements"))) as bar:

        def tell(rows: int, whole: int) -> None:
            bar.length = max(whole, 1)
            bar.update(rows)

        found = moved(load(path), url, datetime.now(UTC), tell)
    numbers = {name: words.number(found[name], language()) for name in ("tables", "rows", "observations")}
    say(
        _("{rows} rows of {tables} tables and {observations} measurements moved; both hold the same ({checksum})."),
        **{**found, **numbers},
    )
    say(
        _("What was left behind is no longer read: {aside}. What you erase from now on is still in it: remove it."),
        **found,
    )


COMMANDS = (stores,)
