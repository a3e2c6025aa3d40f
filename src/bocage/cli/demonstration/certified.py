"""The certificate of the demonstration, computed when it is made, from what the invented territory declares."""

from datetime import datetime, timedelta
from typing import Final

from bocage.assembly.instance import Instance
from bocage.domain.text import Text

DAYS: Final = 180


def certify(instance: Instance, territory: str, beside: str) -> None:
    """Make the first certificate of a territory, whose heads its neighbour keeps; nothing when it has one."""
    from bocage import evidence  # tables: only once the instance is open
    from bocage.accounts import OPERATOR
    from bocage.assembly.letters import means
    from bocage.evidence import facts

    if evidence.certificates(territory):
        return
    at = instance.clock()
    _witnessed(instance, territory, beside, at)
    until = facts.today(territory, at) + timedelta(days=DAYS)
    evidence.certify(territory, until, OPERATOR.account, means(instance), at)


def _witnessed(instance: Instance, territory: str, beside: str, at: datetime) -> None:
    """The two invented territories know each other: one keeps the heads of the other, and signs that it does."""
    from bocage import evidence
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key
    from bocage.domain.witness import Witness, Witnessed
    from bocage.publish.certificate import signing
    from bocage.registers import heads

    key = signing.signer(heads.make_key(instance.places.keys / "heads.pem").public_key()).x
    ours = Text(fr="Le Marais (territoire inventé)", en="Le Marais (invented territory)")
    theirs = Text(fr="Val-de-Sèvre-et-Loire (territoire inventé)", en="Val-de-Sèvre-et-Loire (invented territory)")
    address = f"{instance.chosen.now.public_url}/api/{beside}/witness"
    for place, kind, body in (
        (territory, Witness.kind, Witness(title=ours, address=address)),
        (beside, Witnessed.kind, Witnessed(title=theirs, territory=territory, key=key)),
    ):
        put = evidence.Put(key=Key(territory=place, kind=kind, slug="voisin"), body=body)
        evidence.change(place, OPERATOR, [put], at)
