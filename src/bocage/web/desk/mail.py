"""The section of the settings about mail: which server takes mails in, and a test that shows its own answer."""

from functools import partial
from typing import Any

import msgspec
from django.http import QueryDict

from bocage import words
from bocage.accounts import people
from bocage.domain.errors import BocageError
from bocage.domain.instance_settings import Mail, MailSecurity
from bocage.domain.letter import is_address
from bocage.domain.text import message as _
from bocage.outbox import Hopeless, MailFailure
from bocage.outbox.mail import is_here
from bocage.web.forms.field import Drawing, Field, drawn, tree_of
from bocage.web.forms.read import Read, read
from bocage.web.request import Request
from bocage.words.letter import Said, letter

PREFIX = "mail."
SECRET = "mail"  # noqa: S105 - the name of the secret


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """A mail sent to try the way: to whom, and the server's answer when it was not taken."""

    to: str
    answer: str = ""


def section(request: Request, found: Read | None = None, tried: Tried | None = None) -> dict[str, Any]:
    """What the page shows of it; `found` is what was typed."""
    chosen = request.parts.chosen
    tree = found.tree if found else tree_of(Mail, chosen.now.mail)
    return {
        "mail": chosen.now.mail,
        "mail_fields": _drawn(request, tree, found.errors if found else {}),
        "mail_errors": found.errors if found else {},
        "mail_secret": bool(chosen.secret(SECRET)),
        "mail_tried": tried,
        "may_mail": request.parts.mailer is not None,
    }


def _drawn(request: Request, tree: dict[str, Any], errors: dict[str, str]) -> tuple[Field, ...]:
    said = partial(words.translate, lang=request.lang)
    return drawn(Mail, tree, Drawing(choices=lambda kind: (), errors=errors, translate=said), PREFIX)


def keep(request: Request, sent: QueryDict) -> Read:
    """Keep the server that was typed; what is wrong with it otherwise."""
    found = read(Mail, sent, prefix=PREFIX)
    errors = found.errors or _doubts(found.body)
    if errors:
        return Read(body=None, errors=errors, tree=found.tree)
    chosen = request.parts.chosen
    try:
        chosen.choose(msgspec.structs.replace(chosen.now, mail=found.body))
    except BocageError as failure:
        return Read(body=None, errors={"": failure.expected}, tree=found.tree)
    typed = str(sent.get("mail_password", ""))
    if typed or not found.body.user:
        chosen.keep_secret(SECRET, typed if found.body.user else "")
    return found


def _doubts(mail: Mail) -> dict[str, str]:
    if not is_address(mail.sender):
        return {f"{PREFIX}sender": _("An e-mail address, such as no-reply@my-town.example.")}
    if mail.host != "".join(mail.host.split()):
        return {f"{PREFIX}host": _("The name of a machine, without spaces.")}
    if mail.security is MailSecurity.NONE and not is_here(mail.host):
        return {
            f"{PREFIX}security": _("Without TLS, mails and the password could be read on the way: choose STARTTLS.")
        }
    return {}


def stop(request: Request) -> None:
    """Send nothing any more, and forget the password."""
    chosen = request.parts.chosen
    chosen.choose(msgspec.structs.replace(chosen.now, mail=None))
    chosen.keep_secret(SECRET, "")


def trial(request: Request) -> Tried:
    """Send a mail to whoever asks, now."""
    person, mailer, at = people.find(request.actor.account), request.parts.mailer, request.parts.clock()
    to = person.email if person else ""
    said = Said(
        subject=words.translate(_("Mail of Bocage: it works"), request.lang),
        lines=(
            words.translate(
                _("You asked for this mail on the page of settings. Nothing else is to be done."), request.lang
            ),
        ),
        sender=request.territory.title.read(request.lang)[0] if request.territory else "Bocage",
    )
    try:
        if mailer is None:
            raise MailFailure("no mail server is set")
        mailer.send(letter(said, to, request.lang), f"trial-{request.actor.account}-{at.isoformat()}")
    except (MailFailure, Hopeless, ValueError) as failure:
        return Tried(to=to, answer=str(failure))
    return Tried(to=to)
