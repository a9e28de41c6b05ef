from django.db import migrations


class Migration(migrations.Migration):
    """Counts and filters read many rows and never the term list or the title: those go out of line."""

    dependencies = [("archive", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE archive_searchentry SET (toast_tuple_target = 128);
                ALTER TABLE archive_searchentry ALTER COLUMN readers SET STORAGE MAIN;
            """,
            reverse_sql="""
                ALTER TABLE archive_searchentry RESET (toast_tuple_target);
                ALTER TABLE archive_searchentry ALTER COLUMN readers SET STORAGE EXTENDED;
            """,
        )
    ]
