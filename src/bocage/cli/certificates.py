"""Commands on certificates: issue, show, withdraw, verify. `verify` needs neither an instance nor its settings."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bocage import words
from bocage.cli.declarations import TERRITORY
from bocage.cli.reach import call
from bocage.cli.say import language, say, translated
from bocage.cli.taking import taken
from bocage.domain.text import message as _

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
WRONG, CHANGED = 1, 7  # exit codes; others are those of failures

certificate = click.Group("certificate", help=_("Certificates of what the territory keeps."))


@certificate.command(help=_("Certify how the territory stands now; the JSON goes to the standard output."))
@TERRITORY
@click.option("--until", default="", help=_("Last day of its validity, within a year; without it, a year."))
@click.pass_obj
def issue(path: Path, territory: str, until: str) -> None:
    made = call(path, "certificate-issue", {"territory": territory, "until": until})
    click.echo(made["body"])
    click.echo(translated(_("Certificate {number}, valid until {ends}: {address}"), **made), err=True)


@certificate.command(help=_("Print certificate NUMBER as it was signed; without NUMBER, list them all."))
@click.argument("number", type=int, default=0)
@TERRITORY
@click.option("--opened", is_flag=True, help=_("Print what opens its commitments instead: for an auditor only."))
@click.pass_obj
def show(path: Path, number: int, territory: str, opened: bool) -> None:
    found = call(path, "certificate-show", {"territory": territory, "number": number, "opened": opened})
    if number:
        click.echo(found["body"])
    for line in found.get("certificates", ()):
        state = line["withdrawn"] or "-"
        click.echo("\t".join((str(line["number"]), line["issued"], line["ends"], state, line["address"])))


@certificate.command(help=_("Say in public that certificate NUMBER is not to be relied on any more."))
@click.argument("number", type=int)
@click.option("--reason", required=True, help=_("Why, in French, as everyone will read it."))
@TERRITORY
@click.pass_obj
def withdraw(path: Path, number: int, reason: str, territory: str) -> None:
    values = {"territory": territory, "number": number, "reason": reason}
    say(_("Certificate {number} withdrawn."), **call(path, "certificate-withdraw", values))


@certificate.command(name="turn-key", help=_("Make another key that signs from now on; what was signed stays signed."))
@click.pass_obj
def turn_key(path: Path) -> None:
    say(_("Key {id} signs from now on, after {after}."), **call(path, "certificate-turn", {}))


@certificate.command(
    help=_(
        "Check the certificate in FILE: its signature, and with the ADDRESS of its instance everything it says, point "
        "by point. Ends with 0 when all holds, 1 when something does not, 7 when something changed since."
    )
)
@click.argument("file", type=FILE)
@click.argument("address", default="")
@click.option("--key", type=FILE, help=_("Public keys that one trusts, as the instance publishes them."))
@click.option(
    "--witness",
    "kept",
    multiple=True,
    help=_("A file or an address: heads, a receipt or a certificate that somebody else kept."),
)
def verify(file: Path, address: str, key: Path | None, kept: tuple[str, ...]) -> None:
    from bocage.publish.certificate import anchoring, checking, keys, paper  # heavy: only for who checks
    from bocage.publish.certificate.reaching import Reach

    with file.open("rb") as opened:
        found, at = paper.read(opened.read(paper.LARGEST + 1)), datetime.now(UTC)
    anchors = tuple(one for where in kept for one in anchoring.anchors(taken(where), found, where))
    known = keys.known(key.read_bytes()) if key else None
    if address:
        home = address.rstrip("/").removesuffix(f"/{found.certificate.territory}")
        answered = checking.against(found, Reach(home), at, anchors, known)
    else:
        answered = checking.alone(found, at, known, anchors)
    sys.exit(_told(answered))


def _told(answered: Any) -> int:
    """Print every point and what comes of them; the exit code."""
    from bocage.publish.certificate.verdict import State

    lang, signs = language(), {State.GOOD: "+", State.WRONG: "!", State.CHANGED: "~", State.UNCHECKED: "?"}
    for point in answered.points:
        click.echo(f"{signs[point.state]} {words.told((point.said,), 'UTC', lang)}")
    said = {
        State.WRONG: (_("It does not hold: do not rely on it."), WRONG),
        State.CHANGED: (_("It is genuine; something has changed since it was made."), CHANGED),
        State.GOOD: (_("All that was checked holds."), 0),
    }
    message, code = said[answered.state]
    say(message)
    return code


COMMANDS = (certificate,)
