"""What stands at the broker follows the log: what was erased stands there no more."""

import json

from tests.api.sensorthings.service import Service

from bocage.api.sensorthings.publishing import News
from bocage.domain.instant import EARLIEST, LATEST
from bocage.store.protocol import Erasure


def test_an_observation_is_told_with_its_links_and_a_time_of_its_result_that_nobody_gave_is_null(
    service: Service,
) -> None:
    number, chosen = service.numbers["classe-a"], "id,resultTime,FeatureOfInterest"
    news = {one.topic: one.body for one in News(service.instance.parts, select=(chosen,)).all()}
    topic = f"v1.1/Datastreams({number})/Observations"
    whole, part = json.loads(news[topic]), json.loads(news[f"{topic}?$select={chosen}"])
    link = "FeatureOfInterest@iot.navigationLink"
    assert whole.keys() == service.get(f"Observations({whole['@iot.id']})").keys()
    assert part == {
        "@iot.id": whole["@iot.id"],
        "resultTime": None,
        link: f"{whole['@iot.selfLink']}/FeatureOfInterest",
    }


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
