"""The one way to write JSON as bytes that are hashed or signed: RFC 8785 (JSON Canonicalization Scheme)."""

import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

EXACT: Final = 2**53 - 1
"""Integers beyond it are not the same number for every reader of JSON."""


def canonical(value: Any) -> bytes:
    """The canonical bytes of what JSON can hold; ValueError for anything that two readers could read differently."""
    try:
        return _written(value).encode("utf-8")
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _written(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_written(name)}:{_written(value[name])}" for name in _sorted(value)) + "}"
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return "[" + ",".join(map(_written, value)) + "]"
    raise ValueError(f"JSON cannot hold {type(value).__name__}")


def _sorted(value: Mapping[str, Any]) -> list[str]:
    """Names in the order of their UTF-16 units, as the RFC asks."""
    if not all(isinstance(name, str) for name in value):
        raise ValueError("names are texts")
    return sorted(value, key=lambda name: name.encode("utf-16-be"))


def _number(value: float) -> str:
    """As ECMAScript writes a number: the shortest digits that read back, exponents only outside 1e-6 to 1e21."""
    if isinstance(value, int):
        if abs(value) > EXACT:
            raise ValueError(f"{value} is beyond the integers that JSON keeps exact")
        return str(value)
    if not math.isfinite(value):
        raise ValueError(f"JSON cannot hold {value}")
    sign, digits, exponent = Decimal(repr(float(value))).normalize().as_tuple()
    said = "".join(map(str, digits))
    return ("-" if sign and said != "0" else "") + _pointed(said, len(said) + int(exponent))


def _pointed(digits: str, point: int) -> str:
    """Digits with their point after the first `point` of them."""
    if digits == "0":
        return "0"
    if 0 < point <= 21:
        whole = digits.ljust(point, "0")
        return whole[:point] + ("." + whole[point:] if len(whole) > point else "")
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{mantissa}e{point - 1:+d}"
