"""The mail of an alert: what was seen, what to do, and how to get no more of them."""

from typing import Final

import msgspec

from bocage import words
from bocage.accounts.wishes import Reader
from bocage.domain.label import Labelled
from bocage.domain.letter import Letter
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.steer import spoken
from bocage.steer.alerts import Alert, Ending
from bocage.steer.spoken import About
from bocage.words.letter import Action, Said, letter
from bocage.words.rules import whole_sentence


class Event(Labelled):
    """What a mail tells."""

    RAISED = "raised", _("An alert was raised")
    ENDED = "ended", _("An alert is over")


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """Who writes: a territory, its name, and the address people type to reach this instance."""

    territory: str
    title: Text
    public_url: str


_SUBJECTS: Final = {
    Event.RAISED: _("Alert: %(title)s"),
    Event.ENDED: _("Back to normal: %(title)s"),
}
_TAKEN_BACK: Final = _("Taken back: %(title)s")
_OVER: Final = {
    Ending.NORMAL: _("The figures are within bounds again. Say in one line what was done, then close the alert."),
    Ending.CHANGED: _("The rule was changed: it no longer looks at this. Close the alert if nothing is left to do."),
    Ending.STOPPED: _("The rule is no longer in force. Close the alert if nothing is left to do."),
    Ending.TAKEN_BACK: _("The measurements it rested on were taken back. The alert is closed: nothing is left to do."),
}
_TO_DO: Final = _(
    "What to do: have a look, then say on the page of the alert that you take it in hand, what you saw, and how it "
    "ended."
)
_WHY: Final = _(
    "You receive this mail because you work on a service that this rule tells: %(services)s. To get no more of them: "
    "%(address)s, Mails about alerts and orders."
)


def composed(alert: Alert, event: Event, about: About, sender: Sender, to: Reader) -> Letter:
    """The letter to one person, in their language."""
    lang, root = to.lang, sender.public_url.rstrip("/")
    account = f"{root}/account" if root else words.translate(_("Your account"), lang)
    return letter(
        Said(
            subject=words.translate(_subject(alert, event), lang) % {"title": spoken.title(alert, about, lang)},
            lines=_lines(alert, event, about, lang),
            facts=spoken.facts(alert, about, lang),
            action=_action(alert, f"{root}/{sender.territory}", lang) if root else None,
            why=words.translate(_WHY, lang) % {"services": _services(about, lang), "address": account},
            sender=sender.title.read(lang)[0],
        ),
        to.email,
        lang,
    )


def _subject(alert: Alert, event: Event) -> str:
    taken_back = event is Event.ENDED and alert.seen.ending is Ending.TAKEN_BACK
    return _TAKEN_BACK if taken_back else _SUBJECTS[event]


def _action(alert: Alert, root: str, lang: str) -> Action:
    told = words.translate(_("Open alert no. %(number)s"), lang) % {"number": alert.number}
    return Action(words=told, address=f"{root}/desk/alerts/{alert.number}")


def _lines(alert: Alert, event: Event, about: About, lang: str) -> tuple[str, ...]:
    rule = words.translate(_("The rule: %(sentence)s"), lang) % {
        "sentence": whole_sentence(about.rule, about.names, lang)
    }
    seen = f"{spoken.sighting(alert, about, lang)} {spoken.course(alert, about, lang)}"
    if event is Event.RAISED:
        return seen, words.translate(_TO_DO, lang), rule
    return seen, words.translate(_OVER[alert.seen.ending or Ending.NORMAL], lang), rule


def _services(about: About, lang: str) -> str:
    return ", ".join(title.read(lang)[0] for title in about.names.services)
