"""Where the database is, in the words of the driver that ingest uses."""

from typing import Any

from django.db import connection


def connect_parameters() -> dict[str, Any]:
    """Return the parameters of ``asyncpg.connect`` for Django's database."""
    settings = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    found = {key: settings[name] for key, name in names.items() if settings.get(name)}
    return {**found, "database": settings["NAME"]}
