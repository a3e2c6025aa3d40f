"""Commands on people and machines: account, token."""

from pathlib import Path

import click

from bocage.cli.declarations import TERRITORY
from bocage.cli.reach import call
from bocage.cli.say import say
from bocage.domain.role import RoleName
from bocage.domain.text import message as _

account = click.Group("account", help=_("Accounts of people."))


@account.command(help=_("Create an account and print the one-time link by which the person chooses a password."))
@click.argument("email")
@click.option("--name", default="", help=_("Name shown to colleagues."))
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in RoleName]),
    help=_("Role held in the territory; may be repeated. It is declared in the register of roles."),
)
@TERRITORY
@click.pass_obj
def create(path: Path, email: str, name: str, roles: tuple[str, ...], territory: str) -> None:
    values = {"email": email, "name": name, "roles": list(roles), "territory": territory}
    say(
        _("Account {email} created. One-time link, valid until {until}:"),
        **(made := call(path, "account-create", values)),
    )
    click.echo(made["link"])


@account.command(help=_("Print a new one-time link for an account (lost password)."))
@click.argument("email")
@click.pass_obj
def link(path: Path, email: str) -> None:
    made = call(path, "account-link", {"email": email})
    say(_("One-time link, valid until {until}:"), **made)
    click.echo(made["link"])


@account.command(name="list", help=_("List accounts with their roles and last sign-in."))
@click.pass_obj
def list_accounts(path: Path) -> None:
    for line in call(path, "account-list", {})["accounts"]:
        click.echo("\t".join((line["email"], line["name"], ",".join(line["roles"]), line["seen"], line["state"])))


@account.command(help=_("Close an account: its sessions end at once, its name stays in the history as a pseudonym."))
@click.argument("email")
@click.pass_obj
def deactivate(path: Path, email: str) -> None:
    call(path, "account-deactivate", {"email": email})
    say(_("Account {email} closed."), email=email)


token = click.Group("token", help=_("Tokens by which machines push measurements."))


@token.command(help=_("Issue a token that may write to SOURCE and nothing else; it is shown once."))
@click.argument("source")
@TERRITORY
@click.pass_obj
def issue(path: Path, source: str, territory: str) -> None:
    made = call(path, "token-issue", {"source": source, "territory": territory})
    say(_("Token for {source}, shown this once:"), source=source)
    click.echo(made["secret"])


@token.command(help=_("Revoke a token; it is refused from this moment on."))
@click.argument("number", type=int)
@click.pass_obj
def revoke(path: Path, number: int) -> None:
    call(path, "token-revoke", {"number": number})
    say(_("Token {number} revoked."), number=number)


@token.command(name="list", help=_("List tokens with what they open and their last use."))
@TERRITORY
@click.pass_obj
def list_tokens(path: Path, territory: str) -> None:
    for line in call(path, "token-list", {"territory": territory})["tokens"]:
        click.echo("\t".join((str(line["number"]), line["territory"], line["opens"], line["seen"], line["state"])))


COMMANDS = (account, token)
