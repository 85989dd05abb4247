"""One holds a lock, whoever else asks waits or goes without."""

import psycopg
import pytest
from django.db import connection

from stadtwabe.kit.locks import locked

pytestmark = pytest.mark.django_db

TAKE = "SELECT pg_try_advisory_lock(hashtext(%s))"


@pytest.fixture
def other_process():
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        yield other


def test_what_another_process_holds_is_not_ours(other_process):
    with locked("work", wait=False) as is_held:
        assert is_held
        assert other_process.execute(TAKE, ["work"]).fetchone() == (False,)

    assert other_process.execute(TAKE, ["work"]).fetchone() == (True,)
    with locked("work", wait=False) as is_held:
        assert not is_held


def test_a_lock_ends_with_an_error_too(other_process):
    with pytest.raises(RuntimeError), locked("work"):
        raise RuntimeError
    assert other_process.execute(TAKE, ["work"]).fetchone() == (True,)
