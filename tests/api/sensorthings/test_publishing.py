"""What stands at the broker follows the log: what was erased stands there no more."""

from tests.api.sensorthings.service import Service

from bocage.api.sensorthings.publishing import News
from bocage.domain.instant import EARLIEST, LATEST
from bocage.store.protocol import Erasure


def test_an_erased_newest_value_is_replaced_or_taken_off(service: Service) -> None:
    store, number = service.instance.store, service.numbers["classe-a"]
    news = News(service.instance.parts, select=("result",))
    topic = f"v1.1/Datastreams({number})/Observations"
    news.all()
    assert news.left() == []
    last = int(store.latest([number]).start[0])
    store.erase(Erasure(datastreams=(number,), start=last, end=last + 1))
    before = store.latest([number])
    [whole, part] = news.left()
    assert [(one.topic, one.retained) for one in (whole, part)] == [(topic, True), (f"{topic}?$select=result", True)]
    assert str(int(before.id[0])).encode() in whole.body
    assert news.left() == []
    store.erase(Erasure(datastreams=(number,), start=EARLIEST, end=LATEST))
    assert [(one.topic, one.body, one.retained) for one in news.left()] == [
        (topic, b"", True),
        (f"{topic}?$select=result", b"", True),
    ]


def test_what_was_erased_while_the_broker_was_away_is_taken_off_when_it_is_back(service: Service) -> None:
    store, number = service.instance.store, service.numbers["etat-b"]
    news, topic = News(service.instance.parts), f"v1.1/Datastreams({number})/Observations"
    news.all()
    store.erase(Erasure(datastreams=(number,), start=EARLIEST, end=LATEST))
    assert [(one.body, one.retained) for one in news.all() if one.topic == topic] == [(b"", True)]
    assert [one for one in news.all() if one.topic == topic] == []
