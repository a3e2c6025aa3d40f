# Series that are measured together, and places at which a thing stood at once.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sensing", "0002_stays")]

    operations = [
        migrations.AddField(model_name="historicallocation", name="beside", field=models.IntegerField(null=True)),
        migrations.CreateModel(
            name="MultiDatastream",
            fields=[
                ("id", models.IntegerField(primary_key=True, serialize=False)),
                ("territory", models.CharField(max_length=100)),
                ("slug", models.CharField(max_length=200)),
                ("title_fr", models.TextField()),
                ("title_en", models.TextField(blank=True)),
                ("schema", models.IntegerField()),
                ("body", models.BinaryField()),
                ("version", models.IntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("territory", "slug"), name="one_multidatastream_a_slug")
                ],
            },
        ),
    ]
