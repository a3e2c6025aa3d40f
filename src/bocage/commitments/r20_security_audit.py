"""Recommendation 20 of the study of October 2021: an audit before wide deployment, the basics everywhere else."""

from datetime import date

from bocage.commitments.promise import Basis, Promise
from bocage.commitments.standings import always, unchecked
from bocage.commitments.texts import study
from bocage.domain.text import message as _

CODE = "r20_security_audit"


PROMISE = Promise(
    code=CODE,
    number="R20",
    title=_("Security is audited before a tool spreads"),
    text=_(
        "A project is scaled up only after a security audit by a named auditor, with its scope, its date and what "
        "was corrected since. Everywhere else the basics are checked one by one, with their evidence."
    ),
    why=_(
        "A weakness in one sensor is an incident; the same in a thousand is a disaster. It costs least to find it "
        "while few are installed."
    ),
    unseen=_("Software cannot see what an audit did not look at, nor whether a box was ticked in good faith."),
    basis=Basis.MODEL,
    references=(study("R20"),),
    effect=date(2021, 10, 1),
    codes=(),
    standing=always(unchecked("register-missing")),
    liftable=False,
)
