"""The tables of the registers: versions in one chain per territory, and what can be rebuilt from them."""

from django.db import models


class Chain(models.Model):
    """The head of a territory's chain; `revision` grows with everything a reader may see change."""

    territory = models.CharField(max_length=80, primary_key=True)
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")
    revision = models.BigIntegerField(default=0)

    class Meta:
        app_label = "registers"

    def __str__(self) -> str:
        return f"{self.territory} {self.sequence}"


class Version(models.Model):
    """One version of a declaration. `sealed` holds the very bytes whose SHA-256 is `digest`; it never changes.

    The other columns repeat what the bytes say, for queries; `verify` compares them.
    """

    territory = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    slug = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    sequence = models.BigIntegerField()
    schema = models.PositiveSmallIntegerField()
    author = models.CharField(max_length=80)
    at = models.DateTimeField()
    withdrawn = models.BooleanField(default=False)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed = models.BinaryField()

    class Meta:
        app_label = "registers"
        constraints = [
            models.UniqueConstraint(fields=["territory", "kind", "slug", "version"], name="one_version"),
            models.UniqueConstraint(fields=["territory", "sequence"], name="one_place_in_the_chain"),
        ]

    def __str__(self) -> str:
        return f"{self.territory}/{self.kind}/{self.slug} {self.version}"


class Personal(models.Model):
    """A field that names a person, outside the chain: erasing the row leaves a hash nobody can try values on."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="personal")
    field = models.CharField(max_length=60)
    salt = models.BinaryField()
    value = models.TextField()

    class Meta:
        app_label = "registers"
        constraints = [models.UniqueConstraint(fields=["version", "field"], name="one_personal_value")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.field}"


class Current(models.Model):
    """Which version holds now, with the columns lists need."""

    territory = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    slug = models.CharField(max_length=120)
    version = models.OneToOneField(Version, on_delete=models.CASCADE)
    title_fr = models.TextField(default="")
    title_en = models.TextField(default="")
    columns = models.JSONField(default=dict)

    class Meta:
        app_label = "registers"
        constraints = [models.UniqueConstraint(fields=["territory", "kind", "slug"], name="one_current")]

    def __str__(self) -> str:
        return f"{self.territory}/{self.kind}/{self.slug}"


class Reference(models.Model):
    """Who points to whom, among the declarations that hold now."""

    holder = models.ForeignKey(Current, on_delete=models.CASCADE, related_name="references")
    field = models.CharField(max_length=60)
    territory = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    slug = models.CharField(max_length=120)

    class Meta:
        app_label = "registers"
        indexes = [models.Index(fields=["territory", "kind", "slug"], name="referred")]

    def __str__(self) -> str:
        return f"{self.field} {self.kind}/{self.slug}"


class OpinionRow(models.Model):
    """One opinion of the data protection officer on one version of a declaration; `name`: its name in the chain."""

    territory = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    slug = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    verdict = models.CharField(max_length=20)
    text_fr = models.TextField()
    text_en = models.TextField(default="")
    account = models.CharField(max_length=80)
    at = models.DateTimeField()
    withdrawn = models.BooleanField(default=False)
    name = models.CharField(max_length=40, default="")
    salt = models.BinaryField(default=bytes)

    class Meta:
        app_label = "registers"
        indexes = [models.Index(fields=["territory", "kind", "slug"], name="opinion_on")]

    def __str__(self) -> str:
        return f"{self.territory}/{self.kind}/{self.slug} {self.version} {self.verdict}"


class AssessmentFile(models.Model):
    """A file of the PIA tool that an assessment was brought in from: it names people, so that the chain holds only its
    salted digest, under `name`."""

    territory = models.CharField(max_length=80)
    slug = models.CharField(max_length=120)
    body = models.BinaryField()
    account = models.CharField(max_length=80)
    at = models.DateTimeField()
    name = models.CharField(max_length=40, default="")
    salt = models.BinaryField(default=bytes)

    class Meta:
        app_label = "registers"
        indexes = [models.Index(fields=["territory", "slug"], name="file_of_assessment")]

    def __str__(self) -> str:
        return f"{self.territory}/{self.slug} {self.at}"


VersionRows = models.QuerySet[Version]
BESIDE = ("opinion", "assessment-file")
"""The kinds that versions of what stands beside declarations have in the chain; no kind of declaration."""
CurrentRows = models.QuerySet[Current]
