"""The scheduled work of an instance: what runs, how often; each run is recorded and shown on the desk."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from bocage import evidence, outbox, registers
from bocage.accounts import people, sessions
from bocage.assembly.instance import Instance
from bocage.domain.instant import to_ms
from bocage.evidence import retention
from bocage.jobs import Job
from bocage.registers import heads

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def jobs(instance: Instance) -> list[Job]:
    """All of them."""
    seal_after = timedelta(days=instance.loaded.settings.seal_after_days)
    return [
        Job(name="findings", every=HOUR, run=evidence.examine_all),
        Job(name="retention", every=DAY, run=lambda at: retention.run(instance.store, at)),
        Job(name="heads", every=DAY, run=lambda at: _heads(instance, at)),
        Job(name="sealing", every=DAY, run=lambda at: ", ".join(instance.store.seal(to_ms(at - seal_after))) or "0"),
        Job(name="polls", every=timedelta(seconds=30), run=instance.intake.poll),
        Job(name="tidying", every=DAY, run=_tidying),
        Job(name="texts", every=DAY, run=instance.intake.tidy),
    ]


def carriers(instance: Instance) -> dict[str, Any]:
    """Who delivers each kind of parcel."""

    def publish_head(parcel: outbox.Parcel) -> None:
        head = msgspec.json.decode(parcel.payload, type=heads.Head)
        if head not in heads.published(instance.places.heads, head.territory):  # a repeat after a crash
            heads.append(instance.places.heads, head)

    return {"head": publish_head}


def _heads(instance: Instance, at: datetime) -> str:
    key = heads.make_key(instance.places.keys / "heads.pem")
    territories = registers.territories()
    for territory in territories:
        head = heads.sign(territory, at, key)
        outbox.put("head", msgspec.json.encode(head), at, key=f"head-{territory}-{head.sequence}-{at:%Y-%m-%d}")
    return ", ".join(territories)


def _tidying(at: datetime) -> str:
    gone = (people.forget_attempts(at), sessions.forget(at), outbox.forget(at - timedelta(days=90)))
    return " + ".join(str(count) for count in gone)
