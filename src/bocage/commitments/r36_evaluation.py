"""Recommendation 36 of the study of October 2021: projects are evaluated in figures and in words."""

from datetime import date

from bocage.commitments.promise import Basis, Promise
from bocage.commitments.standings import always, unchecked
from bocage.commitments.texts import study
from bocage.domain.text import message as _

CODE = "r36_evaluation"


PROMISE = Promise(
    code=CODE,
    number="R36",
    title=_("Projects are judged in figures and in words"),
    text=_(
        "An evaluation sets what was measured beside what people lived: where it started from, what was aimed at, "
        "costs and revenues, effects good and bad. It is closed only with both, and never summed up in one figure "
        "of return."
    ),
    why=_("Figures alone miss what people feel; stories alone miss how many feel it. A single ratio hides both."),
    unseen=_("Software cannot see the effects that nobody thought of measuring or of asking about."),
    basis=Basis.MODEL,
    references=(study("R36"),),
    effect=date(2021, 10, 1),
    codes=(),
    standing=always(unchecked("register-missing")),
    liftable=False,
)
