"""Recommendation 2 of the study of October 2021: the local ecosystem takes part at every stage."""

from datetime import date

from bocage.commitments.promise import Basis, Promise
from bocage.commitments.standings import always, unchecked
from bocage.commitments.texts import study
from bocage.domain.text import message as _

CODE = "r02_ecosystem"


PROMISE = Promise(
    code=CODE,
    number="R2",
    title=_("The whole local ecosystem takes part, at every stage"),
    text=_(
        "Companies, schools, associations, public bodies and residents have their place in each phase of a project. "
        "The register of actors says who takes part in which phase; a phase with one kind of actor only is pointed "
        "out."
    ),
    why=_(
        "A project made by one kind of people serves one kind of people. Who sits at the table decides which "
        "questions are asked."
    ),
    unseen=_("Software cannot see who really came to the meetings, nor whom nobody thought of inviting."),
    basis=Basis.MODEL,
    references=(study("R2"),),
    effect=date(2021, 10, 1),
    codes=(),
    standing=always(unchecked("register-missing")),
    liftable=False,
)
