from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("upkeep", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="UsageDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("territory", models.CharField(default="", max_length=200)),
                ("seconds", models.FloatField(default=0.0)),
                ("received", models.BigIntegerField(default=0)),
                ("sent", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("day", "territory"), name="one_usage_a_day_of_a_territory")
                ],
            },
        ),
    ]
