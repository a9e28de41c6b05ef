import core.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("documents", "0002_dossiers_and_copies"),
        ("people", "0001_initial"),
        ("signatures", "0003_signing"),
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
            name="signing",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="signatures.signingrequest",
            ),
        ),
        migrations.AddField(
            model_name="resolution",
            name="sealing",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="signatures.signingrequest",
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
        migrations.CreateModel(
            name="ElectronicCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[("SY", "SAO Y"), ("SL", "SAO LỤC")],
                        default="SY",
                        max_length=2,
                        verbose_name="form of the copy",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("notation", models.CharField(max_length=30, verbose_name="notation")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("made_by_name", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField(default=core.clock.now)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="electronic_copies",
                        to="people.body",
                    ),
                ),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="electronic_copy",
                        to="documents.document",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "signing",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="signatures.signingrequest",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="electronic_copies",
                        to="documents.documentversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "electronic copy",
                "verbose_name_plural": "electronic copies",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("body", "notation", "year", "number"), name="one_electronic_copy_a_number"
                    )
                ],
            },
        ),
    ]
