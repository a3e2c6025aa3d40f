"""Tables of followers: how far each has come, and what the first of them counts."""

from django.db import models


class Progress(models.Model):
    """The position up to which a follower's effects are kept, in the same transaction as they are."""

    follower = models.CharField(max_length=64, primary_key=True)
    position = models.BigIntegerField(default=0)


class DayActivity(models.Model):
    """What one datastream received for one UTC day of measurement."""

    datastream = models.IntegerField()
    day = models.IntegerField()  # days since 1970-01-01
    count = models.IntegerField(default=0)
    delay = models.BigIntegerField(default=0)  # sum over observations of commit time minus end, ms
    last = models.BigIntegerField(default=0)  # greatest end seen, UTC ms

    class Meta:
        constraints = [models.UniqueConstraint(fields=["datastream", "day"], name="one_activity_a_day")]
