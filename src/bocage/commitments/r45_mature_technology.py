"""Recommendation 45 of the study of October 2021: no more public money for prototypes of mature technology."""

from datetime import date

from bocage.commitments.promise import Basis, Promise
from bocage.commitments.standings import always, unchecked
from bocage.commitments.texts import study
from bocage.domain.text import message as _

CODE = "r45_mature_technology"


PROMISE = Promise(
    code=CODE,
    number="R45",
    title=_("No public money to prove again what already works"),
    text=_(
        "When an experiment opens, the successes that the commons document for the same use are counted. From two "
        "on the technology is mature: deploy it, do not test it again, or only with a limited share of money and "
        "time."
    ),
    why=_(
        "One more prototype of a proven sensor teaches nothing. The money goes further in putting to use what "
        "others have proved."
    ),
    unseen=_("Software cannot see successes that nobody documented."),
    basis=Basis.MODEL,
    references=(study("R45"),),
    effect=date(2021, 10, 1),
    codes=(),
    standing=always(unchecked("register-missing")),
    liftable=False,
)
