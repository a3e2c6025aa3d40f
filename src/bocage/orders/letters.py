"""The mail to whoever may approve an order that waits: what would happen, why, and how to get no more of them."""

from typing import Final

from bocage import words
from bocage.accounts.wishes import Reader
from bocage.domain.actuator import Actuator
from bocage.domain.letter import Letter
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.orders.order import Order
from bocage.words.letter import Action, Said, letter

_SUBJECT: Final = _("An order waits for a second person: %(title)s")
_SAYS: Final = _("“%(what)s” would be set to %(value)s for %(time)s, then would go back by itself to %(safe)s.")
_TO_DO: Final = _("Nothing leaves until you, or a colleague who may, approve it. After a day it is prepared again.")
_WHY: Final = _(
    "You receive this mail because you may approve orders to this equipment. To get no more of them: %(address)s, "
    "Mails about alerts and orders."
)


def asked(order: Order, body: Actuator, place: tuple[str, Text], to: Reader) -> Letter:
    """The letter to one person, in their language. `place`: the address people type to reach this instance, empty
    while nobody said it, and the name of the territory."""
    lang, root = to.lang, place[0].rstrip("/")
    account = f"{root}/account" if root else words.translate(_("Your account"), lang)
    title = body.title.read(lang)[0]
    return letter(
        Said(
            subject=words.translate(_SUBJECT, lang) % {"title": title},
            lines=(words.translate(_SAYS, lang) % _values(order, body, lang), words.translate(_TO_DO, lang)),
            facts=(
                (words.translate(_("Order"), lang), str(order.number)),
                (words.translate(_("Why"), lang), order.reason),
            ),
            action=_action(order, root, lang) if root else None,
            why=words.translate(_WHY, lang) % {"address": account},
            sender=place[1].read(lang)[0],
        ),
        to.email,
        lang,
    )


def _action(order: Order, root: str, lang: str) -> Action:
    address = f"{root}/{order.territory}/desk/orders#order-{order.number}"
    return Action(words=words.translate(_("Read it and decide"), lang), address=address)


def _values(order: Order, body: Actuator, lang: str) -> dict[str, str]:
    return {
        "what": body.title.read(lang)[0],
        "value": _value(body, order.value, lang),
        "time": words.duration(order.minutes * 60, lang),
        "safe": _value(body, body.safe or 0.0, lang),
    }


def _value(body: Actuator, value: float, lang: str) -> str:
    """What people call it, and the figure."""
    figure, called = words.number(value, lang, body.unit.symbol or body.unit.name), body.called(value)
    if called is None:
        return figure
    return words.translate(_("“%(word)s” (%(value)s)"), lang) % {"word": called.read(lang)[0], "value": figure}
