"""Canonical JSON is that of RFC 8785: numbers of its appendix B, names in the order of UTF-16."""

import struct

import pytest

from bocage.domain.canonical import canonical

NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


def test_numbers_are_written_as_the_rfc_writes_them() -> None:
    assert {bits: canonical(struct.unpack(">d", bytes.fromhex(bits))[0]).decode() for bits in NUMBERS} == NUMBERS


def test_names_are_sorted_and_texts_escaped_as_the_rfc_does() -> None:
    said = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": [1.0, None, True], "\U0001f600": '\u000f\n"\\/', "\u0080": {}}
    assert canonical(said).decode() == (
        '{"\\r":2,"1":[1,null,true],"\u0080":{},"\u20ac":1,"\U0001f600":"\\u000f\\n\\"\\\\/","\ufb33":3}'
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, {1: "a"}, b"bytes", "\ud800"])
def test_what_two_readers_could_read_differently_is_refused(value: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of several makes
        canonical(value)
