"""Who carries letters: those that wait as they are, and those whose link is only made when they leave."""

from collections.abc import Callable
from typing import Any

import msgspec

from bocage import outbox
from bocage.accounts import letters, people
from bocage.assembly.instance import Instance
from bocage.evidence import witnessing


class Forgotten(msgspec.Struct, frozen=True, kw_only=True):
    """One question after a forgotten password; whether the address is known is only looked at here."""

    email: str
    lang: str


def carriers(instance: Instance) -> dict[str, Callable[[outbox.Parcel], None]]:
    """By kind of parcel."""
    mailer: Any = instance.mailer

    def forgotten(parcel: outbox.Parcel) -> None:
        asked = msgspec.json.decode(parcel.payload, type=Forgotten)
        person = people.of_address(asked.email)
        if person is None or not person.active:
            return
        at = instance.clock()
        root = instance.chosen.now.public_url.rstrip("/")
        secret = people.one_time_link(person.account, at, lasts=letters.FORGOTTEN_LASTS)
        mailer.send(letters.new_password(person, f"{root}/welcome/{secret}", asked.lang, at), parcel.key)

    return {outbox.MAIL: mailer.deliver, outbox.ALERT: mailer.deliver, letters.FORGOTTEN: forgotten}


def means(instance: Instance) -> witnessing.Means:
    """What heads leave with."""
    public_url = instance.chosen.now.public_url
    return witnessing.Means(keys=instance.places.keys, public_url=public_url, by_mail=instance.mailer.ready)
