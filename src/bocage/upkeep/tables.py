"""Tables of the upkeep: how large the data were, and what was taken of the machine, day by day."""

from datetime import date
from typing import Any

from django.db import models


class RoomSample(models.Model):
    """The disk on one day."""

    day = models.DateField(primary_key=True)
    data = models.BigIntegerField()
    free = models.BigIntegerField()
    total = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.day} {self.data}"


class UsageDay(models.Model):
    """What was taken of the machine on one day; `territory` is empty for the instance, which has the processor."""

    day = models.DateField()
    territory = models.CharField(max_length=200, default="")
    seconds = models.FloatField(default=0.0)
    received = models.BigIntegerField(default=0)
    sent = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "territory"], name="one_usage_a_day_of_a_territory")]

    def __str__(self) -> str:
        return f"{self.day} {self.territory}"

    @classmethod
    def add(cls, day: date, territory: str, seconds: float, counted: tuple[int, int]) -> None:
        """Add to a day; `counted`: bytes that came, bytes that went."""
        cls.objects.get_or_create(day=day, territory=territory)
        cls.objects.filter(day=day, territory=territory).update(
            seconds=models.F("seconds") + seconds,
            received=models.F("received") + counted[0],
            sent=models.F("sent") + counted[1],
        )

    @classmethod
    def totals(cls, since: date) -> dict[str, dict[str, Any]]:
        """By territory, from that day on: `first` day, `seconds`, `received`, `sent`."""
        sums = {name: models.Sum(name) for name in ("seconds", "received", "sent")}
        rows = cls.objects.filter(day__gte=since).values("territory").annotate(first=models.Min("day"), **sums)
        return {row["territory"]: row for row in rows.order_by("territory")}
