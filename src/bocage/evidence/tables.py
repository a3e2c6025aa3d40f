"""What was found about each territory last, what was erased at the end of retention, what can be taken back, what was
certified."""

from django.db import models
from django.db.models.functions import RowNumber


class Examination(models.Model):
    """The findings and standings of one territory, as of two revisions and a day; made again when these moved."""

    territory = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()
    day = models.DateField()
    registers = models.BigIntegerField()
    sensing = models.BigIntegerField()
    body = models.BinaryField()

    class Meta:
        app_label = "evidence"
        db_table = "evidence_examination"


class Erased(models.Model):
    """One erasure at the end of retention: what, how many, and what the proof covers."""

    territory = models.CharField(max_length=100)
    purpose = models.CharField(max_length=100)
    at = models.DateTimeField()
    before = models.BigIntegerField(help_text="UTC milliseconds: what began before was erased")
    datastreams = models.BinaryField()
    count = models.BigIntegerField()
    covers = models.BinaryField()
    position = models.BigIntegerField()
    under = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        app_label = "evidence"
        db_table = "evidence_erased"
        indexes = (models.Index(fields=("territory", "at")),)


class Undoable(models.Model):
    """One change that can be taken back: what to write, and who made it when."""

    territory = models.CharField(max_length=100)
    account = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()
    body = models.BinaryField()

    class Meta:
        app_label = "evidence"
        db_table = "evidence_undoable"
        indexes = (models.Index(fields=("at",)),)


class Stood(models.Model):
    """Since when a promise (empty key) or one thing found about it stands as it does."""

    territory = models.CharField(max_length=100)
    promise = models.CharField(max_length=100)
    key = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=30)
    since = models.DateTimeField()

    class Meta:
        app_label = "evidence"
        db_table = "evidence_stood"
        constraints = (
            models.UniqueConstraint(fields=("territory", "promise", "key"), name="one_outcome_for_each_finding"),
        )


class Turn(models.Model):
    """One turn of a promise: how it stands from that moment on."""

    territory = models.CharField(max_length=100)
    promise = models.CharField(max_length=100)
    outcome = models.CharField(max_length=30)
    at = models.DateTimeField()

    class Meta:
        app_label = "evidence"
        db_table = "evidence_turn"
        indexes = (models.Index(fields=("territory", "at"), name="turns_of_territory"),)


class PutOff(models.Model):
    """What a person does not want to be shown as the next thing before a day."""

    territory = models.CharField(max_length=100)
    account = models.CharField(max_length=100)
    key = models.CharField(max_length=64)
    until = models.DateField()
    at = models.DateTimeField()

    class Meta:
        app_label = "evidence"
        db_table = "evidence_put_off"
        constraints = (
            models.UniqueConstraint(fields=("territory", "account", "key"), name="put_off_once_by_each_person"),
        )


class CertificateRow(models.Model):
    """One certificate: the very bytes that were signed and published; the salts of its commitments, which never are."""

    territory = models.CharField(max_length=100)
    number = models.PositiveIntegerField()
    issued = models.DateTimeField()
    ends = models.DateField()
    digest = models.CharField(max_length=64)
    body = models.BinaryField()
    salts = models.BinaryField()
    account = models.CharField(max_length=100, blank=True)
    withdrawn = models.DateTimeField(null=True)
    reason_fr = models.TextField(default="")
    reason_en = models.TextField(default="")

    class Meta:
        app_label = "evidence"
        db_table = "evidence_certificate"
        constraints = (models.UniqueConstraint(fields=("territory", "number"), name="one_certificate_of_that_number"),)


class WitnessedRow(models.Model):
    """A head of ours that a witness took: the last one of each witness, with the receipt where it signs one."""

    territory = models.CharField(max_length=100)
    witness = models.CharField(max_length=120)
    sequence = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    receipt = models.BinaryField(default=b"")

    class Meta:
        app_label = "evidence"
        db_table = "evidence_witnessed"
        constraints = (models.UniqueConstraint(fields=("territory", "witness"), name="one_last_head_of_a_witness"),)


class EntrustedRow(models.Model):
    """A head of somebody else, kept for them: the very bytes they signed."""

    territory = models.CharField(max_length=100)
    owner = models.CharField(max_length=120)
    sequence = models.BigIntegerField()
    received = models.DateTimeField()
    head = models.BinaryField()

    class Meta:
        app_label = "evidence"
        db_table = "evidence_entrusted"
        indexes = (models.Index(fields=("territory", "owner", "sequence"), name="entrusted_heads"),)


class CheckedRow(models.Model):
    """A certificate that came with an application, as this machine checked it."""

    territory = models.CharField(max_length=100)
    application = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    ends = models.DateField()

    class Meta:
        app_label = "evidence"
        db_table = "evidence_checked"
        indexes = (models.Index(fields=("territory", "application"), name="checked_certificates"),)


class RefusedChange(models.Model):
    """How often one declaration was refused for one reason in one month, as everyone may count it."""

    territory = models.CharField(max_length=100)
    month = models.CharField(max_length=7)
    kind = models.CharField(max_length=40)
    slug = models.CharField(max_length=120, blank=True)
    promise = models.CharField(max_length=100)
    code = models.CharField(max_length=100)
    count = models.BigIntegerField(default=0)
    first = models.DateTimeField()
    last = models.DateTimeField()
    refusal = models.BinaryField()

    class Meta:
        app_label = "evidence"
        db_table = "evidence_refused_change"
        constraints = (
            models.UniqueConstraint(
                fields=("territory", "month", "kind", "slug", "promise", "code"), name="one_count_of_a_refused_change"
            ),
        )


class Offered(models.Model):
    """A model of declarations that a territory offers to others; `body` is its drafts as JSON."""

    territory = models.CharField(max_length=100)
    slug = models.CharField(max_length=120)
    title = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()
    account = models.CharField(max_length=100, blank=True)
    body = models.BinaryField()

    class Meta:
        app_label = "evidence"
        db_table = "evidence_offered"
        constraints = (models.UniqueConstraint(fields=("territory", "slug"), name="one_model_of_a_name"),)


class Offer(models.Model):
    """A model offered to one territory: its line of the file, what it answered, what it was given; `body` is JSON."""

    offered = models.ForeignKey(Offered, on_delete=models.CASCADE)
    code = models.CharField(max_length=20)
    slug = models.CharField(max_length=100)
    name = models.TextField()
    body = models.BinaryField()

    class Meta:
        app_label = "evidence"
        db_table = "evidence_offer"
        constraints = (models.UniqueConstraint(fields=("offered", "code"), name="one_offer_to_each_territory"),)
        indexes = (models.Index(fields=("slug",), name="offers_to_a_territory"),)


StoodRows = models.QuerySet[Stood]


def lately(territory: str, each: int) -> "models.QuerySet[Turn]":
    """The last turns of every promise of a territory, so many of each, newest first."""
    newest = [models.F("at").desc(), models.F("id").desc()]
    place = models.Window(RowNumber(), partition_by="promise", order_by=newest)
    rows = Turn.objects.filter(territory=territory).annotate(place=place)
    return rows.filter(place__lte=each).order_by("-at", "-id")
