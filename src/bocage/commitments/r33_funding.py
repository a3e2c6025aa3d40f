"""Recommendation 33 of the study of October 2021: public funding depends on open data and algorithmic transparency."""

from datetime import date

from bocage.commitments.promise import Basis, Promise
from bocage.commitments.standings import always, unchecked
from bocage.commitments.texts import study
from bocage.domain.text import message as _

CODE = "r33_funding"


PROMISE = Promise(
    code=CODE,
    number="R33",
    title=_("Public money goes to open and transparent projects"),
    text=_(
        "A project is funded only with a certificate that says which promises are kept, at which level of evidence. "
        "Whoever pays can work it out again without trusting whoever sends it."
    ),
    why=_("Money is the lever that promises lack. A funder who can check does not have to believe."),
    unseen=_("Software cannot see the money that does not pass through a declared project."),
    basis=Basis.MODEL,
    references=(study("R33"),),
    effect=date(2021, 10, 1),
    codes=(),
    standing=always(unchecked("register-missing")),
    liftable=False,
)
