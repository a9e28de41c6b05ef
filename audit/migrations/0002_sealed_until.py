from django.db import migrations, models


class Migration(migrations.Migration):
    """Details that nobody reads before a time."""

    dependencies = [
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="auditevent",
            name="sealed_until",
            field=models.DateTimeField(null=True),
        ),
    ]
