# How far each subscriber has been sent what came.

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Sent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("territory", models.CharField(max_length=200)),
                ("subscription", models.CharField(max_length=200)),
                ("position", models.BigIntegerField()),
                ("bound", models.BigIntegerField(default=0)),
                ("parcel", models.BigIntegerField(default=0)),
                ("count", models.BigIntegerField(default=0)),
                ("last", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("territory", "subscription"), name="one_reach_for_each_subscription"
                    )
                ],
            },
        ),
    ]
