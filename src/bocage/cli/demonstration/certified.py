"""The certificate of the demonstration, computed when it is made, from what the invented territory declares."""

from datetime import timedelta
from typing import Final

from bocage.assembly.instance import Instance

DAYS: Final = 180


def certify(instance: Instance, territory: str) -> None:
    """Make the first certificate of a territory; nothing where there is one already."""
    from bocage import evidence, relational  # tables: only once the instance is open
    from bocage.accounts import OPERATOR
    from bocage.assembly.letters import means
    from bocage.evidence import certifying, facts, witnessing
    from bocage.publish.certificate.ring import Ring

    if evidence.certificates(territory):
        return
    at = instance.clock()
    asked = certifying.Asked(
        territory=territory,
        until=facts.today(territory, at) + timedelta(days=DAYS),
        account=OPERATOR.account,
        public_url=instance.chosen.now.public_url,
        witnesses=witnessing.seen(territory),
    )
    with relational.transaction():
        evidence.certify(asked, Ring(instance.places.keys).key(at), at)
        witnessing.tell(territory, at, means(instance))
