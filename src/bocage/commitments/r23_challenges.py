"""Recommendation 23 of the study of October 2021: groups of territories work on common challenges."""

from datetime import date

from bocage.commitments.promise import Basis, Promise
from bocage.commitments.standings import always, unchecked
from bocage.commitments.texts import study
from bocage.domain.text import message as _

CODE = "r23_challenges"


PROMISE = Promise(
    code=CODE,
    number="R23",
    title=_("Territories work on common challenges together"),
    text=_(
        "Challenges are shared through the commons: who takes part, how large they are, how far they have come, "
        "with which results."
    ),
    why=_(
        "Thirty towns with the same problem can afford one good answer, not thirty poor ones. Alone, each pays for "
        "the same mistakes."
    ),
    unseen=_("Software cannot see what territories do together outside the commons."),
    basis=Basis.MODEL,
    references=(study("R23"),),
    effect=date(2021, 10, 1),
    codes=(),
    standing=always(unchecked("register-missing")),
    liftable=False,
)
