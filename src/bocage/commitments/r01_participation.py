"""Recommendation 1 of the study of October 2021: residents take part before a tool is deployed."""

from datetime import date

from bocage.commitments.promise import Basis, Promise
from bocage.commitments.standings import always, unchecked
from bocage.commitments.texts import study
from bocage.domain.text import message as _

CODE = "r01_participation"


PROMISE = Promise(
    code=CODE,
    number="R1",
    title=_("Residents have their say before a tool is deployed"),
    text=_(
        "A project goes from design to deployment only once a consultation was published: long enough, announced, "
        "with answers to what was said. Where there was none, a reasoned waiver says why, in public. Residents are "
        "asked before a purchase, not after it."
    ),
    why=_(
        "Those who live with a tool know better than those who buy it what it changes. Asked before, they can still "
        "change it; asked after, they can only complain."
    ),
    unseen=_(
        "Software cannot see whether people really heard of a consultation, nor whether what they said weighed on "
        "the decision."
    ),
    basis=Basis.MODEL,
    references=(study("R1"),),
    effect=date(2021, 10, 1),
    codes=(),
    standing=always(unchecked("register-missing")),
    liftable=False,
)
