"""Recommendation 16 of the study of October 2021: contracts frame and ease innovation."""

from datetime import date

from bocage.commitments.promise import Basis, Promise
from bocage.commitments.standings import always, unchecked
from bocage.commitments.texts import study
from bocage.domain.text import message as _

CODE = "r16_contracts"


PROMISE = Promise(
    code=CODE,
    number="R16",
    title=_("Contracts frame innovation and leave room for it"),
    text=_(
        "A library holds the clauses on innovation, data, ethics, sobriety, sovereignty, security and "
        "reversibility, version by version. Each contract names those it carries; what it lacks for its type is "
        "shown."
    ),
    why=_(
        "What a contract does not say cannot be asked for afterwards. Clauses that are written once and shared "
        "spare each service from writing them again, less well."
    ),
    unseen=_("Software cannot see whether a clause is applied, nor the text that was really signed."),
    basis=Basis.MODEL,
    references=(study("R16"),),
    effect=date(2021, 10, 1),
    codes=(),
    standing=always(unchecked("register-missing")),
    liftable=False,
)
