"""Recommendation 17 of the study of October 2021: contracts carry data clauses, and deliveries are held to them."""

from datetime import date

from bocage.commitments.promise import Basis, Promise
from bocage.commitments.standings import always, unchecked
from bocage.commitments.texts import study
from bocage.domain.text import message as _

CODE = "r17_data_clause"


PROMISE = Promise(
    code=CODE,
    number="R17",
    title=_("Every contract says what becomes of the data"),
    text=_(
        "A source run by a contractor needs the data clause of its contract before its measurements are kept. What "
        "is due by law even without a clause is taken, marked and pointed out. What was promised (what, how often, "
        "how soon) is compared with what arrives."
    ),
    why=_(
        "Data born of a public service belong to the public, even when a company runs the service. Without a "
        "clause, they leave with the contractor."
    ),
    unseen=_("Software cannot see what the contractor keeps for itself, nor a contract that nobody declared."),
    basis=Basis.MODEL,
    references=(study("R17"),),
    effect=date(2021, 10, 1),
    codes=(),
    standing=always(unchecked("register-missing")),
    liftable=False,
)
