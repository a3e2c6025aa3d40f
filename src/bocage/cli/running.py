"""Commands on the instance itself: serve, demo, backup, restore, upgrade.

What opens an instance is imported by those who do: the other commands only speak to the one that serves.
"""

import contextlib
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from bocage.assembly.beginning import begun
from bocage.assembly.settings import load
from bocage.cli.reach import call
from bocage.cli.say import language, say
from bocage.domain.text import message as _
from bocage.words import number, told

EXIT_UNSOUND = 2


@click.command(help=_("Serve pages, programs and commands on one port, by one process or several."))
@click.option("--seconds", type=float, default=0, help=_("Stop by itself after so many seconds (0: never)."))
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help=_("How many processes share the work; more than one need a PostgreSQL database."),
)
@click.pass_obj
def serve(path: Path, seconds: float, workers: int) -> None:
    settings, new = begun(path)
    if new:
        say(_("A new instance begins in {folder}."), folder=str(settings.folder))
    if workers > 1:
        from bocage.assembly.workers import Wanted, serve_with

        serve_with(settings, path, Wanted(workers=workers, seconds=seconds), _tell_first)
        return
    from bocage.assembly.serving import serve_until

    serve_until(settings, seconds, _tell_first)


@click.command(name="serve-share", hidden=True, help=_("One of the processes of serve --workers, which starts them."))
@click.argument("descriptor", type=int)
@click.pass_obj
def serve_share(path: Path, descriptor: int) -> None:
    from bocage.assembly.workers import work

    work(load(path), descriptor)


@click.command(
    name="ingest-worker",
    help=_(
        "Take measurements in on the port of the settings file, beside the instance that serves the same PostgreSQL "
        "database: no pages, no scheduled work. It may run on another machine, in a folder of its own."
    ),
)
@click.option("--seconds", type=float, default=0, help=_("Stop by itself after so many seconds (0: never)."))
@click.pass_obj
def ingest_worker(path: Path, seconds: float) -> None:
    from bocage.assembly.workers import ingest

    ingest(load(path), seconds)


def _tell_first(link: str) -> None:
    say(_("Nobody has an account here yet. The first person comes in by this link, which serves once:"))
    click.echo(link)
    sys.stdout.flush()


@click.command(help=_("Bring up two invented territories fed by real open measurements, and serve them."))
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-data"),
    show_default=True,
    help=_("Where the demonstration keeps its data."),
)
@click.option("--seconds", type=float, default=0, help=_("Stop by itself after so many seconds (0: never)."))
@click.option("--port", type=int, default=8000, show_default=True, help=_("Port to listen on."))
def demo(folder: Path, seconds: float, port: int) -> None:
    from bocage.assembly.serving import serve_until
    from bocage.cli.demonstration import MAIN, lamps, prepare, radio

    prepared = prepare(folder, port)
    say(
        _("{count} real measurements loaded, replayed in two invented territories."),
        count=number(prepared.loaded, language()),
    )
    say(_("Public site: {portal}"), portal=prepared.portal)
    say(_("Desk, for the first administrator: {link}"), link=prepared.link)
    say(_("Desk, for the data protection officer, who sees the requests of persons: {link}"), link=prepared.officer)
    say(_("Push a measurement nobody declared, and read the refusal:"))
    click.echo(_PUSH.format(portal=prepared.portal, token=prepared.token))
    sending = radio.sending(f"{prepared.portal}api/{MAIN}/push", prepared.radio)
    with lamps.listening(prepared.key, port), sending:
        serve_until(load(prepared.settings), seconds)


_PUSH = """  curl {portal}api/val-de-loire/push -H 'Authorization: Bearer {token}' \\
    -H 'Content-Type: application/json' \\
    -d '{{"datastream": "co2-cantine", "time": "'$(date -u +%FT%TZ)'", "result": 640}}'"""


@click.command(
    help=_(
        "Copy everything into FOLDER while the instance runs. Without FOLDER: a dated copy, removed when as many newer "
        "nights as are kept have theirs."
    )
)
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def backup(path: Path, folder: Path | None) -> None:
    made = call(path, "backup", {"folder": str(folder.resolve()) if folder else ""})
    say(_("Backup complete in {folder}: {files} files, {size}, position {position}."), **made)


@click.command(help=_("Make a new instance in FOLDER from the backup COPY, checked file by file."))
@click.argument("copy", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--erasures",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=_("Folder data/erasures of the lost instance: what it lists is erased before anything is served."),
)
def restore(copy: Path, folder: Path, erasures: Path | None) -> None:
    from bocage.assembly.restore import restored_into

    restored = restored_into(copy, folder, erasures)
    say(_("Restored in {folder}: {files} files checked, position {position}, {erased} erasures applied."), **restored)


@click.command(
    name="restore-test",
    help=_("Try whether the backup COPY (by default the newest) can be restored, beside it; nothing of it stays."),
)
@click.argument("copy", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_obj
def restore_test(path: Path, copy: Path | None) -> None:
    from bocage.assembly.drill import drilled, newest

    with contextlib.suppress(OSError):  # whoever serves comes first, where we may say so
        os.nice(10)
    found = drilled(copy.resolve() if copy else newest(load(path).backups), lambda: datetime.now(UTC))
    click.echo(told(found.said, "UTC", language()))
    if not found.sound:
        sys.exit(EXIT_UNSOUND)


@click.command(help=_("Bring the data folder to this version of Bocage, after a backup."))
@click.pass_obj
def upgrade(path: Path) -> None:
    from bocage.assembly.upgrade import upgraded

    say(_("{changes} changes of the tables made; backup in {folder}."), **upgraded(load(path)))


COMMANDS = (serve, serve_share, ingest_worker, demo, backup, restore, restore_test, upgrade)
