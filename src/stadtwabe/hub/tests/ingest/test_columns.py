"""Ingest knows its tables by itself: these are the ones that the migrations make."""

import pytest

from stadtwabe.hub.ingest import columns, rows, statements
from stadtwabe.hub.tests.ingest import conftest

pytestmark = pytest.mark.django_db


def columns_of(table: str) -> dict[str, str]:
    found = conftest.rows(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s",
        table,
    )
    return dict(found)


@pytest.mark.parametrize("table", columns.TABLES)
def test_tables_that_ingest_writes_have_exactly_these_columns(table: str) -> None:
    assert columns_of(table) == columns.TABLES[table]


@pytest.mark.parametrize("table", columns.READ)
def test_tables_of_others_have_the_columns_that_ingest_uses(table: str) -> None:
    assert set(columns.READ[table]) <= set(columns_of(table))


def test_copies_name_every_column() -> None:
    assert set(rows.COLUMNS) == set(columns.OBSERVATION)
    assert set(rows.TOUCHED_COLUMNS) == set(columns.TOUCHED_HOUR)
    assert set(statements.LATE_COLUMNS) == {*columns.OBSERVATION, "lead"}
