"""The folder of this installation: made ready before anything else is loaded or started."""

import os
from pathlib import Path

from django.conf import settings

from stadtwabe.site.postgres.server import Server
from stadtwabe.site.secret_key import secret_key


def prepare() -> None:
    """Makes the data folder and the secret key where they are missing."""
    make_data_folder(settings.DATA)
    if settings.SECRET_KEY == "unset":  # noqa: S105 - the mark that settings.py leaves
        settings.SECRET_KEY = secret_key(settings.DATA)


def database_url() -> str:
    """The address of the database, whether it runs yet or not."""
    return os.environ.get("DATABASE_URL") or Server(settings.DATA).url


def make_data_folder(data: Path) -> None:
    """Makes the data folder; others may pass through it (the database's account) but not look."""
    if not data.exists():
        data.mkdir(parents=True)
        data.chmod(0o711)
    (data / "files").mkdir(mode=0o700, exist_ok=True)
