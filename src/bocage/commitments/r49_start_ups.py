"""Recommendation 49 of the study of October 2021: local start-ups are brought in and stay."""

from datetime import date

from bocage.commitments.promise import Basis, Promise
from bocage.commitments.standings import always, unchecked
from bocage.commitments.texts import study
from bocage.domain.text import message as _

CODE = "r49_start_ups"


PROMISE = Promise(
    code=CODE,
    number="R49",
    title=_("Start-ups that try here stay for what follows"),
    text=_(
        "Experiments with start-ups are followed into deployment. One that took part in the experiment and is "
        "absent from what follows it is pointed out."
    ),
    why=_(
        "A company that works for a year and is then forgotten does not come back. What was learnt with it leaves "
        "with it."
    ),
    unseen=_("Software cannot see why a company left, nor agreements outside the registers."),
    basis=Basis.MODEL,
    references=(study("R49"),),
    effect=date(2021, 10, 1),
    codes=(),
    standing=always(unchecked("register-missing")),
    liftable=False,
)
