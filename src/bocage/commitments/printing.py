"""The facts of one sign, gathered for the gate that is asked before it is printed."""

from datetime import date

import msgspec

from bocage.domain.exception import ReasonedException
from bocage.domain.sensor_notice import SensorNotice


class Printing(msgspec.Struct, frozen=True, kw_only=True):
    """One notice, the languages its sign is asked in (French among them), and the address its code would lead to."""

    notice_slug: str
    notice: SensorNotice
    today: date
    languages: tuple[str, ...] = ("fr",)
    public_url: str = ""
    exceptions: tuple[tuple[str, ReasonedException], ...] = ()
