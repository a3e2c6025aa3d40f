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


def by_day(datastreams: list[int], first_day: int, last_day: int) -> list[tuple[int, int, int]]:
    """Day, observations and delays added up over these datastreams, day by day."""
    rows = DayActivity.objects.filter(datastream__in=datastreams, day__range=(first_day, last_day))
    return list(rows.values_list("day").annotate(models.Sum("count"), models.Sum("delay")).order_by("day"))


class MonthArrival(models.Model):
    """When something that one datastream measured in one UTC month came last, corrections included."""

    datastream = models.IntegerField()
    month = models.IntegerField()  # months since 1970-01
    at = models.BigIntegerField(default=0)  # UTC ms

    class Meta:
        constraints = [models.UniqueConstraint(fields=["datastream", "month"], name="one_arrival_a_month")]


class DayOdd(models.Model):
    """How many values of one datastream and one UTC day lay outside of what was plausible when they came."""

    datastream = models.IntegerField()
    day = models.IntegerField()  # days since 1970-01-01
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["datastream", "day"], name="one_odd_a_day")]


class Correction(models.Model):
    """Values of one datastream that were corrected within one half hour, for one reason."""

    datastream = models.IntegerField()
    at = models.BigIntegerField()  # UTC ms, the half hour they came in
    reason = models.CharField(max_length=200)
    count = models.IntegerField(default=0)
    first = models.BigIntegerField()  # least and greatest start, UTC ms
    last = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["datastream", "at", "reason"], name="one_correction_a_half_hour")
        ]
