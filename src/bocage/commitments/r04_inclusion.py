"""Recommendation 4 of the study of October 2021: assessments cover inclusion, and a person stays within reach."""

from datetime import date

from bocage.commitments.promise import Basis, Promise
from bocage.commitments.standings import always, unchecked
from bocage.commitments.texts import study
from bocage.domain.text import message as _

CODE = "r04_inclusion"


PROMISE = Promise(
    code=CODE,
    number="R4",
    title=_("A digital service leaves nobody behind"),
    text=_(
        "A digital service opens only with its assessments: personal data, inclusion group by group, environment, "
        "security. A person can be reached beside it, by a way that was tried, unless it was shown that nobody is "
        "left out."
    ),
    why=_(
        "A service that only works on a screen shuts its door on some of those who need it most. A counter or a "
        "telephone beside it keeps it a service for everyone."
    ),
    unseen=_(
        "Software cannot see whether somebody picks up the telephone, nor whether an assessment was made with those "
        "it speaks of."
    ),
    basis=Basis.MODEL,
    references=(study("R4"),),
    effect=date(2021, 10, 1),
    codes=(),
    standing=always(unchecked("register-missing")),
    liftable=False,
)
