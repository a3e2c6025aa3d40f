"""What every part of the page for the council starts from: who asks, which service, which month, what is known."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import msgspec

from bocage import words
from bocage.accounts.rights import Actor, may, may_declare
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Dataset
from bocage.domain.instant import to_datetime
from bocage.domain.public_service import PublicService
from bocage.domain.purpose import Purpose
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source
from bocage.publish.council.figures import Asked, streams_of
from bocage.store.protocol import Store
from bocage.words import periods


class Frame(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """`names`: titles by slug, for sentences. `address`: of the page as people type it, empty when nobody set it."""

    facts: TerritoryFacts
    store: Store
    actor: Actor
    asked: Asked
    lang: str
    now: datetime
    names: Mapping[str, str]
    address: str = ""

    @property
    def slug(self) -> str:
        """The territory."""
        return self.facts.slug

    @property
    def service(self) -> PublicService:
        """The service it is about; it is there, whoever made the frame looked."""
        return self.facts.all(PublicService)[self.asked.service]

    @cached_property
    def month(self) -> str:
        """The month in words."""
        return periods.month(self.first, self.lang)

    @property
    def first(self) -> date:
        """Its first day."""
        return to_datetime(self.asked.month.start, self.asked.zone).date()

    @cached_property
    def streams(self) -> Mapping[str, Datastream]:
        """The series of the service."""
        return streams_of(self.facts, self.asked.service)

    @cached_property
    def sources(self) -> frozenset[str]:
        """The sources of the service: those that feed its series, and those that work for its purposes."""
        fed = {stream.source for stream in self.streams.values() if stream.source}
        purposes = {slug for slug, body in self.facts.all(Purpose).items() if body.service == self.asked.service}
        return frozenset(fed | {slug for slug, body in self.facts.all(Source).items() if body.purpose in purposes})

    @cached_property
    def datasets(self) -> frozenset[str]:
        """The datasets of the service."""
        held = self.facts.all(Dataset).items()
        return frozenset(slug for slug, body in held if body.service == self.asked.service)

    def say(self, message: str, **values: str) -> str:
        """A message with its values."""
        return words.translate(message, self.lang) % values

    def ngettext(self, singular: str, plural: str, count: int, **values: str) -> str:
        """A message that counts, named as the catalogues look for it."""
        return str(words.gettext(self.lang).ngettext(singular, plural, count)) % {"num": self.number(count), **values}

    def number(self, value: float, unit: str = "") -> str:
        """A figure."""
        return words.number(value, self.lang, unit)

    def day(self, on: date) -> str:
        """A day."""
        return words.day(on, self.lang)

    def day_of(self, at: datetime) -> str:
        """The day of an instant, at the clocks of the territory."""
        return self.day(at.astimezone(ZoneInfo(self.asked.zone)).date())

    def may(self, right: str) -> bool:
        """Whether the reader has this right for the service."""
        return may(self.actor, right, self.slug, service=self.asked.service)

    def may_declare(self, kind: str) -> bool:
        """Whether the reader may declare this for the service."""
        return may_declare(self.actor, self.slug, kind, service=self.asked.service)
