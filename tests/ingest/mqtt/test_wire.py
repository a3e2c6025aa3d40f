"""The bytes of MQTT: packets come out as they went in, however they are cut, and nothing else comes out of garbage."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bocage.domain.broker import Version
from bocage.ingest.mqtt import packets, wire
from bocage.ingest.mqtt.wire import Malformed, Packet, Publish, Reader

MESSAGES = some.lists(
    some.tuples(some.text(min_size=1, max_size=20), some.binary(max_size=300), some.integers(0, 65_535)), max_size=8
)


@settings(max_examples=60, deadline=None)
@given(version=some.sampled_from(Version), sent=MESSAGES, cut=some.integers(1, 40))
def test_messages_come_out_as_they_went_in_however_they_are_cut(
    version: Version, sent: list[tuple[str, bytes, int]], cut: int
) -> None:
    stream = b"".join(packets.publish(version, topic, body, mid=mid) for topic, body, mid in sent)
    reader, found = Reader(version), []
    for first in range(0, len(stream), cut):
        found += reader.feed(stream[first : first + cut])
    assert [(one.topic, one.body, one.mid) for one in found if isinstance(one, Publish)] == sent


@settings(max_examples=60, deadline=None)
@given(version=some.sampled_from(Version), before=some.binary(max_size=60), after=some.binary(max_size=60))
def test_garbage_gives_packets_or_malformed_and_nothing_else(version: Version, before: bytes, after: bytes) -> None:
    reader = Reader(version, largest=20)
    with contextlib.suppress(Malformed):
        for one in [*reader.feed(before), *reader.feed(after)]:
            assert isinstance(one, Publish | Packet)


@pytest.mark.parametrize("version", list(Version))
def test_a_message_that_is_too_long_is_passed_over_and_can_be_acknowledged(version: Version) -> None:
    stream = packets.publish(version, "a/b", b"x" * 5000, mid=7) + packets.publish(version, "a/c", b"y", mid=8)
    reader, found = Reader(version, largest=100), []
    for first in range(0, len(stream), 64):
        found += reader.feed(stream[first : first + 64])
    assert [(one.topic, one.body, one.mid) for one in found if isinstance(one, Publish)] == [
        ("a/b", None, 7),
        ("a/c", b"y", 8),
    ]
    assert (
        packets.acknowledged(one.mid for one in found if isinstance(one, Publish))
        == b"\x40\x02\x00\x07\x40\x02\x00\x08"
    )


def test_what_only_a_client_may_send_is_malformed() -> None:
    with pytest.raises(Malformed):
        Reader(Version.FIVE).feed(b"\x10\x00")
    with pytest.raises(Malformed):
        Reader(Version.FIVE).feed(b"\x30\xff\xff\xff\xff\xff")


def test_the_answer_of_a_broker_says_what_it_grants() -> None:
    reader = Reader(Version.FIVE)
    [found] = reader.feed(b"\x20\x0b\x01\x00\x08\x13\x00\x0f\x1f\x00\x02no")
    assert isinstance(found, Packet)
    assert (found.present, found.codes) == (True, (0,))
    assert found.properties == {wire.KEEP_ALIVE: 15, wire.REASON: b"no"}
