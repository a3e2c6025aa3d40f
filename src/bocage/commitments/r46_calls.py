"""Recommendation 46 of the study of October 2021: calls for projects reward an open, transparent, sustainable model."""

from datetime import date

from bocage.commitments.promise import Basis, Promise
from bocage.commitments.standings import always, unchecked
from bocage.commitments.texts import study
from bocage.domain.text import message as _

CODE = "r46_calls"


PROMISE = Promise(
    code=CODE,
    number="R46",
    title=_("Calls for projects reward openness"),
    text=_(
        "The criteria of a call come from these promises, applications are checked by certificate, small "
        "territories and groups come first, and results are published."
    ),
    why=_(
        "A call that pays for novelty gets novelty. One that pays for openness and results gets what others can use."
    ),
    unseen=_("Software cannot see the calls of others, nor how a jury weighed what it read."),
    basis=Basis.MODEL,
    references=(study("R46"),),
    effect=date(2021, 10, 1),
    codes=(),
    standing=always(unchecked("register-missing")),
    liftable=False,
)
