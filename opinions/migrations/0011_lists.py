import core.clock
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from opinions.wording import index_words


def fill_words(apps, editor):
    OpinionRequest = apps.get_model("opinions", "OpinionRequest")
    for request in OpinionRequest.objects.only("subject").iterator():
        request.words = index_words(request.subject)
        request.save(update_fields=["words"])


class Migration(migrations.Migration):

    dependencies = [
        ('opinions', '0006_reminders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='opinionrequest',
            name='words',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=500), default=list, editable=False, size=None),
        ),
        migrations.RunPython(fill_words, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='opinionrequest',
            index=django.contrib.postgres.indexes.GinIndex(fields=['words'], name='requests_by_words'),
        ),
        migrations.AddIndex(
            model_name='opinionrequest',
            index=models.Index(condition=models.Q(('status__in', ('draft', 'submitted', 'open', 'counting', 'closed', 'referred'))), fields=['deadline', 'id'], name='requests_to_be_done'),
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name of the view')),
                ('query', models.CharField(blank=True, max_length=2500)),
                ('saved_at', models.DateTimeField(default=core.clock.now)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'saved view',
                'verbose_name_plural': 'saved views',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(fields=('owner', 'name'), name='one_view_a_name'),
        ),
    ]
