"""For all tests: a database of their own, and the mark of those that use it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings as of_hypothesis
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import NodeManager

from stadtwabe.catalog.queries import facets
from stadtwabe.catalog.search import counts
from stadtwabe.hub.archive import lake
from stadtwabe.hub.ingest import blocking
from stadtwabe.site.postgres.server import Server
from stadtwabe.site.settings import database_from_url
from stadtwabe.site.translations import PACKAGE, compile_translations

FIXTURES_OF_THE_DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}
EMPTY_WHAT_WAS_FILLED = """
DO $$
DECLARE
    name regclass;
    is_filled boolean;
BEGIN
    FOR name IN
        SELECT oid FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace
            AND relkind IN ('r', 'p') AND NOT relispartition
            AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', name) INTO is_filled;
        IF is_filled THEN
            EXECUTE format('DELETE FROM %s', name);
        END IF;
    END LOOP;
END $$
"""
JOURNEYS = "tests/journeys/"
LONG = (
    JOURNEYS,
    "tests/architecture/",
    "src/stadtwabe/site/p",
    "src/stadtwabe/site/tests/test_kill",
)

# How fast the machine is while other tests run beside this one is no property of the code.
of_hypothesis.register_profile("house", of_hypothesis(), deadline=None)
of_hypothesis.load_profile("house")


# Under load a worker may need more than ten seconds to stop its database.
NodeManager.EXIT_TIMEOUT = 60


class ByModule(LoadScopeScheduling):
    """Two workers: a module, with the worlds its tests share, stays together; so do the journeys.

    Modules are handed out in the order of collection, so that the long ones do not come last.
    """

    def _split_scope(self, nodeid: str) -> str:
        return JOURNEYS if nodeid.startswith(JOURNEYS) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByModule:
    """Chooses how tests are spread over the workers of `-n`."""
    config.option.loadscopereorder = False
    return ByModule(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """Compiles the translations, which no checkout has, once before the workers start."""
    settings.SECRET_KEY = "of the tests"  # what they seal and sign need not be secret
    if not hasattr(config, "workerinput"):
        compile_translations(PACKAGE)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Marks a test that uses the database, before `-m database` chooses."""
    uses = FIXTURES_OF_THE_DATABASE & set(getattr(item, "fixturenames", ()))
    if uses or item.get_closest_marker("django_db"):
        item.add_marker(pytest.mark.database)


@pytest.hookimpl(trylast=True)  # after pytest-django, which sorts too
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys and processes come first: they wait much, and what is left at the end is short."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


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


def _empty_what_was_filled(_test: TransactionTestCase) -> None:
    """Ends a test that commits: 20 ms instead of the half second that Django's flush takes.

    Also what Django does not manage is emptied. Foreign keys are checked when all is deleted.
    """
    blocking.close()  # it stores observations in a thread of its own
    with connection.cursor() as cursor:
        cursor.execute(EMPTY_WHAT_WAS_FILLED)


TransactionTestCase._fixture_teardown = _empty_what_was_filled


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """For worlds that all tests of a module share: what they write is taken back at its end.

    Each test runs in a savepoint of its own, so it finds the world as it was made. Objects in
    memory stay as a test leaves them: one that changes them fetches its own.
    """
    _forget()  # what the module before has left
    world = transaction.atomic()
    world._from_testcase = True  # commands may open durable blocks
    with django_db_blocker.unblock(), world:
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True, scope="session")
def files_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Uploads of tests go to a temporary folder, never to the developer's data."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")
    lake.use_folder(tmp_path_factory.mktemp("archive"))


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> None:
    """A million rounds of hashing protect people; in tests one round does the same."""
    PBKDF2PasswordHasher.iterations = 1


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Forgets what is kept until the catalogue changes: a test ends by taking everything back."""
    _forget()


def _forget() -> None:
    cache.clear()
    facets.forget()
    counts.forget()


@pytest.fixture(autouse=True)
def language_of_the_test() -> Iterator[None]:
    """Ends the language of the last request, which Django keeps for the thread."""
    yield
    translation.deactivate()
