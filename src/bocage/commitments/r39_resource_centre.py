"""Recommendation 39 of the study of October 2021: a shared resource centre."""

from datetime import date

from bocage.commitments.promise import Basis, Promise
from bocage.commitments.standings import always, unchecked
from bocage.commitments.texts import study
from bocage.domain.text import message as _

CODE = "r39_resource_centre"


PROMISE = Promise(
    code=CODE,
    number="R39",
    title=_("What territories learn is shared"),
    text=_(
        "Use cases, rules, clauses, schemas, results of experiments and indicators are plain files of the commons: "
        "read, adopted in one step, and given back."
    ),
    why=_("What one territory wrote, another need not write again. As plain files, it outlives tools and vendors."),
    unseen=_("Software cannot see what is shared elsewhere, nor how well it serves those who took it."),
    basis=Basis.MODEL,
    references=(study("R39"),),
    effect=date(2021, 10, 1),
    codes=(),
    standing=always(unchecked("register-missing")),
    liftable=False,
)
