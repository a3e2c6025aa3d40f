"""Tables of the SensorThings entities: as columns what lists, maps and joins need, and the whole body beside them."""

from django.db import models


class Entity(models.Model):
    """What every entity has. `id` is given once in the whole instance, within its kind, and never again."""

    id = models.IntegerField(primary_key=True)
    territory = models.CharField(max_length=100)
    slug = models.CharField(max_length=200)
    title_fr = models.TextField()
    title_en = models.TextField(blank=True)
    schema = models.IntegerField()
    body = models.BinaryField()
    version = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["territory", "slug"], name="one_%(class)s_a_slug")]

    def __str__(self) -> str:
        return f"{self.territory}/{self.slug}"


def rows(table: type[Entity]) -> "models.QuerySet[Entity]":
    """The rows of one kind of entity."""
    return table._default_manager.all()


class Thing(Entity):
    """What carries sensors."""

    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    place = models.TextField(blank=True)
    public_space = models.BooleanField(default=False)


class Location(Entity):
    """A place things stand at."""


class Sensor(Entity):
    """An instrument or method."""


class ObservedProperty(Entity):
    """What is measured."""


class FeatureOfInterest(Entity):
    """What an observation is about."""


class Datastream(Entity):
    """A series; `id` is its number in the log."""

    thing = models.CharField(max_length=200)
    sensor = models.CharField(max_length=200, blank=True)
    observed_property = models.CharField(max_length=200)
    source = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=500)
    dataset = models.CharField(max_length=200, blank=True)
    nature = models.CharField(max_length=20)
    unit = models.CharField(max_length=100, blank=True)

    class Meta(Entity.Meta):
        constraints = [
            *Entity.Meta.constraints,
            models.UniqueConstraint(
                fields=["territory", "source", "key"], condition=~models.Q(source=""), name="one_datastream_a_key"
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "thing"], name="datastreams_of_thing"),
            models.Index(fields=["territory", "dataset"], name="datastreams_of_dataset"),
        ]


class MultiDatastream(Entity):
    """Series that are measured together."""


class Standing(models.Model):
    """Which things stand at which location."""

    territory = models.CharField(max_length=100)
    location = models.CharField(max_length=200)
    thing = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "location", "thing"], name="one_standing"),
        ]
        indexes = [models.Index(fields=["territory", "thing"], name="standings_of_thing")]

    def __str__(self) -> str:
        return f"{self.thing} @ {self.location}"


class HistoricalLocation(models.Model):
    """Where a thing stood from an instant on; nothing when it had no position. `location`: the number of the location
    that said so, none when the thing itself did; `beside`: the row that says with it where the thing stood."""

    thing = models.IntegerField(db_index=True)
    location = models.IntegerField(null=True)
    beside = models.IntegerField(null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.thing} {self.since:%Y-%m-%d}"


class Number(models.Model):
    """The next id of a kind; it only grows."""

    kind = models.CharField(primary_key=True, max_length=50)
    following = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.kind} {self.following}"


class Retired(models.Model):
    """An id whose entity was removed: it goes back to the same name or to nobody."""

    kind = models.CharField(max_length=50)
    number = models.IntegerField()
    territory = models.CharField(max_length=100)
    slug = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="one_retired")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Revision(models.Model):
    """How many times the entities of a territory changed."""

    territory = models.CharField(primary_key=True, max_length=100)
    number = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.territory} {self.number}"
