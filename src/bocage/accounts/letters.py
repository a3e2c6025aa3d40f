"""What accounts write to people: an invitation, a new link, the link of a forgotten password."""

from datetime import datetime, timedelta
from typing import Final

from bocage import relational, words
from bocage.accounts import attempts, people, throttle
from bocage.accounts.tables import fold
from bocage.domain.instant import to_ms
from bocage.domain.letter import Letter
from bocage.domain.text import message as _
from bocage.words.letter import Action, Said, letter

FORGOTTEN: Final = "password"
"""Kind of the parcel that stands for one question after a forgotten password."""
FORGOTTEN_LASTS: Final = timedelta(hours=2)
# Somebody who forgot asks once or twice; a stranger must not fill the mail box of another.
_ACCOUNT: Final = throttle.Pace(free=2, longest=timedelta(hours=2))
_ADDRESS: Final = throttle.Pace(free=10, longest=timedelta(minutes=15))


def invitation(person: people.Person, link: str, territory: str, lang: str, at: datetime) -> Letter:
    """The link that lets an invited person choose a password, or choose it again; `territory` is its name."""
    named = {"territory": territory, "name": person.name, "time": words.duration(_seconds(people.LINK_LASTS), lang)}
    said = Said(
        subject=words.translate(_("Your access to the desk of %(territory)s"), lang) % named,
        lines=(
            words.translate(_("Hello %(name)s,"), lang) % named,
            words.translate(_("An account is open for you. Choose your password to enter."), lang),
            words.translate(_("This link serves once and lasts %(time)s. Give it to nobody."), lang) % named,
        ),
        action=Action(words=words.translate(_("Choose my password"), lang), address=link),
        why=words.translate(_("You receive this mail because an administrator opened this account."), lang),
        sender=territory,
    )
    return letter(said, person.email, lang, until=to_ms(at + people.LINK_LASTS))


def new_password(person: people.Person, link: str, lang: str, at: datetime) -> Letter:
    """The link for who forgot the password."""
    named = {"name": person.name, "time": words.duration(_seconds(FORGOTTEN_LASTS), lang)}
    said = Said(
        subject=words.translate(_("Choose a new password"), lang),
        lines=(
            words.translate(_("Hello %(name)s,"), lang) % named,
            words.translate(_("Somebody, you no doubt, asked for a new password of your account."), lang),
            words.translate(_("This link serves once and lasts %(time)s. Give it to nobody."), lang) % named,
            words.translate(
                _("If you asked for nothing, do nothing: your password stays as it is, and the link dies by itself."),
                lang,
            ),
        ),
        action=Action(words=words.translate(_("Choose my password"), lang), address=link),
    )
    return letter(said, person.email, lang, until=to_ms(at + FORGOTTEN_LASTS))


def forgotten(email: str, *, address: str, at: datetime) -> timedelta:
    """Count a question after a forgotten password; how long to wait, the same whether the address is known or not."""
    subjects = {
        attempts.subject("forgotten", fold(email)): _ACCOUNT,
        attempts.subject("forgotten from", address): _ADDRESS,
    }
    with relational.transaction():
        return attempts.count(subjects, at)


def _seconds(time: timedelta) -> int:
    return int(time.total_seconds())
