"""The scheduled work of an instance: what runs, how often; each run is recorded and shown on the desk."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from bocage import civic, evidence, orders, outbox, registers
from bocage.accounts import attempts, sessions
from bocage.assembly import letters
from bocage.assembly.commands.upkeep import rotation_of
from bocage.assembly.drill import drill
from bocage.assembly.instance import Instance
from bocage.domain.instant import to_ms
from bocage.domain.text import message as _
from bocage.evidence import retention, witnessing
from bocage.imports.handing import Imports
from bocage.jobs import Job, Nightly, Said, said
from bocage.publish.subscribers import KIND, Signer, post
from bocage.registers import heads

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def jobs(instance: Instance) -> list[Job]:
    """All of them."""
    seal_after = timedelta(days=instance.loaded.settings.seal_after_days)
    return [
        Job(name="findings", every=HOUR, run=evidence.examine_all, label=_("Examine what the territories promise")),
        Job(
            name="retention",
            every=DAY,
            run=lambda at: retention.run(instance.store, at),
            label=_("Erase measurements kept as long as their purpose allows"),
        ),
        Job(name="heads", every=DAY, run=lambda at: _heads(instance, at), label=_("Sign the state of the registers")),
        Job(
            name="sealing",
            every=DAY,
            run=lambda at: _sealed(instance.store.seal(to_ms(at - seal_after))),
            label=_("Put finished months of measurements away, packed"),
        ),
        Job(
            name="polls",
            every=timedelta(seconds=10),  # the shortest interval a source may declare
            run=instance.intake.poll,
            label=_("Fetch measurements from the addresses of sources"),
        ),
        Job(
            name="backup",
            every=DAY,
            run=rotation_of(instance).run,
            label=_("Copy everything into the folder of backups"),
            nightly=Nightly(hour=lambda: instance.chosen.now.backups.hour),
            then="restore-test",
        ),
        Job(
            name="restore-test",
            every=7 * DAY,  # after each copy, and so often where none is made
            run=lambda _at: drill(instance.loaded.backups),
            label=_("Try whether the newest copy can be restored"),
        ),
        Job(name="room", every=DAY, run=instance.watching.sample, label=_("Note how full the disk is")),
        Job(
            name="pseudonyms",
            every=HOUR,
            run=instance.intake.turn_keys,
            label=_("Destroy the keys of pseudonyms of days that are over"),
        ),
        Job(
            name="requests",
            every=DAY,
            run=lambda at: _forgotten(instance, at),
            label=_("Erase who asked about their data, a year after the answer"),
        ),
        Job(name="tidying", every=DAY, run=_tidying, label=_("Forget old sign-ins, sessions and deliveries")),
        Job(
            name="imports",
            every=HOUR,
            run=Imports(instance.places.data, instance.intake.reception).tidy,
            label=_("Remove files of imports that have waited long enough"),
        ),
        Job(
            name="texts",
            every=DAY,
            run=instance.intake.tidy,
            label=_("Read again what could not be read, look for persons in words"),
        ),
    ]


def carriers(instance: Instance) -> dict[str, Any]:
    """Who delivers each kind of parcel."""

    def publish_head(parcel: outbox.Parcel) -> None:
        head = msgspec.json.decode(parcel.payload, type=heads.Head)
        for folder in (instance.places.heads, *instance.loaded.witnesses):
            if head not in heads.published(folder, head.territory):  # a repeat after a crash
                heads.append(folder, head)

    errands = witnessing.Errands(Signer(instance.places.keys / "webhooks.pem"), instance.clock)
    carrying = orders.Carrying(Signer(instance.places.keys / "webhooks.pem"), post, instance.clock)
    return {
        "head": publish_head,
        KIND: instance.subscribers.carry,
        witnessing.KIND: errands.carry,
        orders.KIND: carrying.carry,
        **letters.carriers(instance),
    }


def _heads(instance: Instance, at: datetime) -> tuple[Said, ...]:
    territories = registers.territories()
    for territory in territories:
        witnessing.tell(territory, at, letters.means(instance))
    return said(_("Territories signed for: %(count)s."), count=len(territories))


def _sealed(months: list[str]) -> tuple[Said, ...]:
    return said(_("Months put away: %(count)s."), count=len(months)) if months else ()


def _forgotten(instance: Instance, at: datetime) -> tuple[Said, ...]:
    return said(_("Requests erased: %(count)s."), count=civic.forget_old(instance.places.erasures, at))


def _tidying(at: datetime) -> tuple[Said, ...]:
    return said(
        _("Forgotten: failed sign-ins %(attempts)s, sessions that are over %(sessions)s, deliveries %(deliveries)s."),
        attempts=attempts.forget(at),
        sessions=sessions.forget(at),
        deliveries=outbox.forget(at - 90 * DAY) + outbox.forget_letters(at - 90 * DAY),
    )
