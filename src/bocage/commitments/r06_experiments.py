"""Recommendation 6 of the study of October 2021: experiments are documented against a benchmark defined before."""

from datetime import date

from bocage.commitments.promise import Basis, Promise
from bocage.commitments.standings import always, unchecked
from bocage.commitments.texts import study
from bocage.domain.text import message as _

CODE = "r06_experiments"


PROMISE = Promise(
    code=CODE,
    number="R6",
    title=_("Experiments are told, failures as well as successes"),
    text=_(
        "What would count as a success is written and frozen before the first measurement: hypothesis, indicators, "
        "thresholds, end, cost. An experiment is closed only with its results measured against that, its cost and "
        "its lessons; it is published whatever came of it."
    ),
    why=_(
        "A failure that is told spares the next town from paying for it again. A bar set after the jump proves nothing."
    ),
    unseen=_(
        "Software cannot see what is tried without being declared, nor whether the lesson that was drawn is the "
        "right one."
    ),
    basis=Basis.MODEL,
    references=(study("R6"),),
    effect=date(2021, 10, 1),
    codes=(),
    standing=always(unchecked("register-missing")),
    liftable=False,
)
