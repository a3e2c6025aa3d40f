"""Tables of the upkeep: how large the data were, day by day."""

from django.db import models


class RoomSample(models.Model):
    """The disk on one day."""

    day = models.DateField(primary_key=True)
    data = models.BigIntegerField()
    free = models.BigIntegerField()
    total = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.day} {self.data}"
