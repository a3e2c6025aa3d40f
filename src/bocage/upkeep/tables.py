"""Tables of the upkeep: how large the data were, and what was taken of the machine, day by day."""

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
