import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("decisions", "0002_notes_kept_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="ruleset",
            name="resolutions_signed",
            field=models.BooleanField(
                default=False,
                help_text="The chair or a vice chair signs the text; the office affixes number, date and seal.",
                verbose_name="resolutions are signed digitally",
            ),
        ),
        migrations.AddField(
            model_name="resolution",
            name="initials_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.appointment",
            ),
        ),
        migrations.AddField(
            model_name="resolution",
            name="returned_because",
            field=models.CharField(blank=True, max_length=500, verbose_name="returned because"),
        ),
        migrations.AlterField(
            model_name="resolution",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("approved", "approved for issue"),
                    ("signing", "approved, being signed"),
                    ("signed", "signed, to be numbered"),
                    ("issued", "issued"),
                ],
                default="draft",
                max_length=8,
                verbose_name="status",
            ),
        ),
    ]
