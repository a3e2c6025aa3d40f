"""Which topics a broker keeps for us, remembered so that a change of them is told to it, even after a restart."""

from collections.abc import Sequence

from bocage.ingest.mqtt.state import Place
from bocage.ingest.tables import Session


class Subscribed:
    """What is remembered of the session of one source under one name of ours."""

    def __init__(self, place: Place, client: str) -> None:
        self._named = {"territory": place[0], "source": place[1], "client": client}

    def read(self, broker: str) -> tuple[str, ...]:
        """The topics this broker keeps for us, as far as we know."""
        row = Session.objects.filter(**self._named, broker=broker).first()
        return tuple(map(str, row.topics)) if row else ()

    def write(self, broker: str, topics: Sequence[str]) -> None:
        """Remember them."""
        row = Session.objects.filter(**self._named).first() or Session(**self._named)
        row.broker, row.topics = broker, list(topics)
        row.save()
