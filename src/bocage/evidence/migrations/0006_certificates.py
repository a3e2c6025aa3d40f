# Certificates, what witnesses took and what we keep for others, certificates of applicants that were checked.

from django.db import migrations, models

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("evidence", "0005_put_off")]

    operations = [
        migrations.CreateModel(
            name="CertificateRow",
            fields=[
                ("id", ID),
                ("territory", models.CharField(max_length=100)),
                ("number", models.PositiveIntegerField()),
                ("issued", models.DateTimeField()),
                ("ends", models.DateField()),
                ("digest", models.CharField(max_length=64)),
                ("body", models.BinaryField()),
                ("salts", models.BinaryField()),
                ("account", models.CharField(blank=True, max_length=100)),
                ("withdrawn", models.DateTimeField(null=True)),
                ("reason_fr", models.TextField(default="")),
                ("reason_en", models.TextField(default="")),
            ],
            options={
                "db_table": "evidence_certificate",
                "constraints": [
                    models.UniqueConstraint(fields=("territory", "number"), name="one_certificate_of_that_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="WitnessedRow",
            fields=[
                ("id", ID),
                ("territory", models.CharField(max_length=100)),
                ("witness", models.CharField(max_length=120)),
                ("sequence", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("receipt", models.BinaryField(default=b"")),
            ],
            options={
                "db_table": "evidence_witnessed",
                "constraints": [
                    models.UniqueConstraint(fields=("territory", "witness"), name="one_last_head_of_a_witness")
                ],
            },
        ),
        migrations.CreateModel(
            name="EntrustedRow",
            fields=[
                ("id", ID),
                ("territory", models.CharField(max_length=100)),
                ("owner", models.CharField(max_length=120)),
                ("sequence", models.BigIntegerField()),
                ("received", models.DateTimeField()),
                ("head", models.BinaryField()),
            ],
            options={
                "db_table": "evidence_entrusted",
                "indexes": [models.Index(fields=["territory", "owner", "sequence"], name="entrusted_heads")],
            },
        ),
        migrations.CreateModel(
            name="CheckedRow",
            fields=[
                ("id", ID),
                ("territory", models.CharField(max_length=100)),
                ("application", models.CharField(max_length=120)),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("ends", models.DateField()),
            ],
            options={
                "db_table": "evidence_checked",
                "indexes": [models.Index(fields=["territory", "application"], name="checked_certificates")],
            },
        ),
    ]
