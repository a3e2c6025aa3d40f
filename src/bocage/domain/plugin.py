"""What a source plug-in is: a name, the forms it reads, and a pure function from bytes to readings."""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Plain

import msgspec

from bocage.domain.codec import Translate
from bocage.domain.instant import iso
from bocage.domain.nature import Nature
from bocage.domain.reading import Decoded
from bocage.domain.sensing import Unit
from bocage.domain.source import Mapping
from bocage.domain.text import Text


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of some bytes besides themselves: the territory's zone, the name of the file without its end, and
    when they came (ISO 8601), which stands for the time of a reading that has none (OGC 18-088); empty for files.

    `translate`: what makes values of the bytes of a sensor, where codecs are declared for the source. `parts`: what
    else names a series and stands outside the bytes, as the levels of a topic; it fills the braces of a key before
    anything the bytes say.
    """

    zone: str = "Europe/Paris"
    file: str = ""
    at: str = ""
    translate: Translate | None = None
    parts: Plain[str, str] = {}


class Note(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One of several messages that are read together. `at`: when it came (UTC ms); None when nobody knows."""

    body: bytes
    at: int | None = None
    parts: Plain[str, str] = {}

    @property
    def came(self) -> str:
        """When it came, as text (ISO 8601); empty when nobody knows."""
        return "" if self.at is None else iso(self.at)


Decode = Callable[[bytes, Mapping, Arrival], Decoded]
DecodeLone = Callable[[bytes], tuple[str, str, float] | None]
DecodeNotes = Callable[[Sequence[Note], Mapping, Arrival], Decoded]


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """What the name of a series says of it, so that it is declared without asking again.

    `meter`: the number of the meter or delivery point, what one building has; `property`: what is measured (a slug),
    `title`: the same in words.
    """

    meter: str
    property: str
    title: Text
    unit: Unit
    nature: Nature
    cadence_seconds: int | None = None


Describe = Callable[[str], Described | None]


class Plugin(msgspec.Struct, frozen=True, kw_only=True):
    """One format. `label`: an English message. `media_types` and `suffixes`: what it reads, lower case.

    `decode` raises PayloadError when nothing can be read, and nothing else; a bad row is a RowError in `Decoded`.
    `heading`: lines at the head of a text file that are repeated before each piece when a large file is read piece
    by piece; None when only the whole can be read; `quoting`: a line end may stand in a quotation. `describe`: what
    the name of a series says of it, where names of this format say something. `leads`: further addresses that what was
    read at an address leads to; `rests`: for how many seconds it says that it stands. Both raise PayloadError.
    `hook`: its senders stop, or send again, when they are told of refusals, so that what was understood is answered as
    done. `beside`: whether a series is kept when declared, and left when it is not.
    `notes`: reads many small messages at once, where this format can; a row is then the place of the message, and
    PayloadError says that one of them must be read by itself. `lone`: series, time (empty: that of its arrival) and
    number of a message that holds nothing but one number at an instant, None when it must be read otherwise.
    `numbered`: its series are called by their numbers in the log, as SensorThings does: `Datastreams(7)`.
    """

    id: str
    label: str
    media_types: tuple[str, ...]
    suffixes: tuple[str, ...]
    decode: Decode
    heading: int | None = None
    quoting: bool = True
    describe: Describe | None = None
    leads: Callable[[bytes], tuple[str, ...]] | None = None
    rests: Callable[[bytes], int] | None = None
    hook: bool = False
    beside: Callable[[str], bool] | None = None
    notes: DecodeNotes | None = None
    lone: DecodeLone | None = None
    numbered: bool = False
