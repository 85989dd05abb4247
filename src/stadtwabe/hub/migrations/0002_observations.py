"""The tables that ingest writes, and the functions it calls."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"
FILES = ("observations", "months", "rollups")


class Migration(migrations.Migration):
    dependencies = [("hub", "0001_initial")]

    operations = [
        migrations.RunSQL(
            (SQL / f"{name}.sql").read_text(encoding="utf-8"),
            (SQL / f"{name}.undo.sql").read_text(encoding="utf-8"),
        )
        for name in FILES
    ]
