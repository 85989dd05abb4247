"""For all tests: a database of their own, and the mark of those that use it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from stadtwabe.catalog.queries import facets
from stadtwabe.catalog.search import counts
from stadtwabe.hub.commands.observations import TABLES
from stadtwabe.hub.ingest import blocking
from stadtwabe.site.postgres.server import Server
from stadtwabe.site.settings import database_from_url
from stadtwabe.site.translations import PACKAGE, compile_translations

FIXTURES_OF_THE_DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test that uses the database, so that `-m database` finds them all."""
    for item in items:
        uses = FIXTURES_OF_THE_DATABASE & set(getattr(item, "fixturenames", ()))
        if uses or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Starts the embedded PostgreSQL for the session, unless DATABASE_URL names another one.

    Without fsync: these data need not survive anything.
    """
    if os.environ.get("DATABASE_URL"):
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="stadtwabe-tests-"))
    folder.chmod(0o711)
    server = Server(folder, durable=False)
    try:
        server.start()
        settings.DATABASES["default"].update(database_from_url(server.url))
        yield
    finally:
        server.close()
        shutil.rmtree(folder)


@pytest.fixture(autouse=True, scope="session")
def files_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Uploads of tests go to a temporary folder, never to the developer's data."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True, scope="session")
def english_wording() -> None:
    """Compiles the translations, which no checkout has, before a test reads one."""
    compile_translations(PACKAGE)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Forgets what is kept until the catalogue changes: a test ends by taking everything back."""
    cache.clear()
    facets.forget()
    counts.forget()


@pytest.fixture(autouse=True)
def observations_are_gone(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """Empties, after tests that commit, the tables that Django does not manage."""
    yield
    marker = request.node.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(request.fixturenames)
    if commits or (marker is not None and marker.kwargs.get("transaction")):
        blocking.close()
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(TABLES)}")


@pytest.fixture(autouse=True)
def language_of_the_test() -> Iterator[None]:
    """Ends the language of the last request, which Django keeps for the thread."""
    yield
    translation.deactivate()
