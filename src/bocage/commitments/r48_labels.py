"""Recommendation 48 of the study of October 2021: labels for technologies, with requirements and evidence."""

from datetime import date

from bocage.commitments.promise import Basis, Promise
from bocage.commitments.standings import always, unchecked
from bocage.commitments.texts import study
from bocage.domain.text import message as _

CODE = "r48_labels"


PROMISE = Promise(
    code=CODE,
    number="R48",
    title=_("Labels say what a technology really keeps"),
    text=_(
        "A label has its requirements, its evidence, its date and its end. It is granted in public, and withdrawn "
        "when what it rests on ends."
    ),
    why=_("A badge that nobody checks misleads those who buy. One that ends has to be earned again."),
    unseen=_("Software cannot see more of a product than the evidence that was declared."),
    basis=Basis.MODEL,
    references=(study("R48"),),
    effect=date(2021, 10, 1),
    codes=(),
    standing=always(unchecked("register-missing")),
    liftable=False,
)
