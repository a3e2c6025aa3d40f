"""The model that the invented group of towns offers to the invented town beside it, which refused one line of it."""

from datetime import datetime


def offered(owner: str, beside: str, at: datetime) -> None:
    """Keep the model and the offer; nothing is given: that is for whoever tries the demonstration."""
    from bocage.accounts import OPERATOR
    from bocage.domain.text import Text
    from bocage.evidence.models import keeping, offering, sizes
    from bocage.evidence.models.communes import Row, Table
    from bocage.evidence.models.draft import Model

    drafts = sizes.model(sizes.sizes()[0]).drafts
    model = Model(slug="base-des-communes", title=Text(fr="Base des communes", en="Base for towns"), drafts=drafts)
    kept = keeping.keep(owner, model, OPERATOR.account, at)
    row = Row(
        code=beside.upper(),
        territory=beside,
        refuses=("purpose/fuites-d-eau",),
        by="conseil municipal (inventé)",
        why="L'eau est l'affaire du syndicat.",
    )
    offering.offer(kept, Table(rows=(row,), wrong=()), OPERATOR.account, at)
