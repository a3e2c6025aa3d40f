"""Recommendation 11 of the study of October 2021: a mix of technologies fit for use, time and importance."""

from datetime import date

from bocage.commitments.promise import Basis, Promise
from bocage.commitments.standings import always, unchecked
from bocage.commitments.texts import study
from bocage.domain.text import message as _

CODE = "r11_technologies"


PROMISE = Promise(
    code=CODE,
    number="R11",
    title=_("No technology and no vendor holds the territory alone"),
    text=_(
        "Each technology is declared with its use, its vendor, its network and the end of its support. The weight "
        "of one vendor, one network or one technology (Herfindahl index) stays under the ceiling the territory "
        "declared."
    ),
    why=_(
        "Whoever depends on one supplier pays the price that supplier sets, and stops when it stops. A mix chosen "
        "for each use keeps the choice open."
    ),
    unseen=_("Software cannot see who stands behind a vendor, nor the parts that several products share."),
    basis=Basis.MODEL,
    references=(study("R11"),),
    effect=date(2021, 10, 1),
    codes=(),
    standing=always(unchecked("register-missing")),
    liftable=False,
)
