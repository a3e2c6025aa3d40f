"""What the invented group of towns has under way: a slip for the archives, and what a person asks about their data."""

from datetime import datetime, timedelta
from typing import Final

from bocage.domain.person_right import PersonRight

PURPOSE: Final = "conseil-energie-logements"  # no rule is agreed with the archives for it: they are shown a slip
DAYS: Final = timedelta(days=9)


def prepared(territory: str, at: datetime) -> None:
    """Prepare the slip of what is held beyond the retention of a purpose, as the log tells it; nothing without any."""
    from bocage import evidence  # tables: only once the instance is open
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key
    from bocage.evidence import due, facts

    slip = due.slip(facts.present(territory, at), PURPOSE)
    if slip is not None:
        key = Key(territory=territory, kind=slip.kind, slug=f"{PURPOSE}-{slip.before.isoformat()}")
        evidence.change(territory, OPERATOR, [evidence.Put(key=key, body=slip)], at)


def asked(territory: str, at: datetime) -> None:
    """Enter the request of an invented person, that waits for its answer."""
    from bocage import civic
    from bocage.accounts import OPERATOR
    from bocage.evidence import facts

    today = facts.today(territory, at)
    request = civic.Entered(
        right=PersonRight.ACCESS,
        channel=civic.Channel.COUNTER,
        identity=civic.Identity.SEEN,
        received=today - DAYS,
        purpose=PURPOSE,
        name="Camille Sansnom (personne inventée)",
        reach="guichet de la maison de l'énergie (adresse inventée)",
        words="Quels relevés gardez-vous de mon logement, et jusqu'à quand ?",
    )
    civic.enter(territory, request, civic.Doing(account=OPERATOR.account, at=at, today=today))
