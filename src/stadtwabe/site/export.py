"""The catalogue as files: what everybody may see, one table a file, as JSON lines or CSV.

The columns of each table stand in ``docs/operations.md``; numbers join the tables.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet

from stadtwabe import __version__
from stadtwabe.catalog.models import CardParty, Link
from stadtwabe.catalog.queries.cards import visible_to
from stadtwabe.catalog.queries.entries import entry, stream
from stadtwabe.evidence.models import Document, Statement
from stadtwabe.evidence.rules import StatementState
from stadtwabe.evidence.things import column_of
from stadtwabe.kit.actor import VISITOR
from stadtwabe.kit.errors import Conflict
from stadtwabe.kit.formats.csv_text import write_csv
from stadtwabe.kit.formats.json_text import dump
from stadtwabe.places.models import NetworkMember, Place

Row = dict[str, Any]
CHUNK = 1000


class Format(StrEnum):
    """How a table is written; the value is the ending of its file."""

    JSON_LINES = "jsonl"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Table:
    """One file: its columns in order, and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: Callable[[str], Iterator[Row]]


def _cards(root: str) -> Iterator[Row]:
    for listed in stream(visible_to(VISITOR).order_by("pk")):
        yield entry(listed, root=root)


def _seen(rows: QuerySet[Any], *paths: str) -> Iterator[Any]:
    """Yield the rows whose cards, at the end of each path, everybody may see."""
    cards = visible_to(VISITOR).order_by().values("pk")
    condition = Q(*((f"{path}__in", cards) for path in paths))
    return rows.filter(condition).order_by("pk").iterator(chunk_size=CHUNK)


def _parties(root: str) -> Iterator[Row]:
    rows = CardParty.objects.select_related("party__place", "party__network", "party__organisation")
    for pair in _seen(rows, "card"):
        yield {
            "card": pair.card_id,
            "party": pair.party_id,
            "name": str(pair.party),
            "role": pair.role,
            "place": pair.party.place_id,
            "network": pair.party.network.slug if pair.party.network else None,
            "organisation": pair.party.organisation.slug if pair.party.organisation else None,
        }


def _links(root: str) -> Iterator[Row]:
    for link in _seen(Link.objects.all(), "source", "target"):
        yield _columns(link, LINKS)


def _statements(root: str) -> Iterator[Row]:
    kept = Statement.objects.exclude(state=StatementState.WITHDRAWN).select_related("declared_by")
    of_cards = _seen(kept.filter(link=None), "card")
    of_links = _seen(kept.filter(card=None), "link__source", "link__target")
    for found in (of_cards, of_links):
        for statement in found:
            row = _columns(statement, STATEMENTS)
            yield {**row, "address": root + statement.get_absolute_url()}


def _documents(root: str) -> Iterator[Row]:
    kept = Statement.objects.exclude(state=StatementState.WITHDRAWN)
    cards = visible_to(VISITOR).order_by().values("pk")
    quoted = kept.filter(
        Q(card__in=cards) | Q(link__source__in=cards, link__target__in=cards)
    ).values("document")
    rows = Document.objects.filter(pk__in=quoted).only(*DOCUMENTS).order_by("pk")
    for document in rows.iterator(chunk_size=CHUNK):
        yield _columns(document, DOCUMENTS)


def _places(root: str) -> Iterator[Row]:
    for place in Place.objects.order_by("key").iterator(chunk_size=CHUNK):
        yield _columns(place, PLACES)


def _members(root: str) -> Iterator[Row]:
    rows = NetworkMember.objects.select_related("network").order_by("network__slug", "place")
    for member in rows.iterator(chunk_size=CHUNK):
        yield {
            "network": member.network.slug,
            "name": member.network.name,
            **_columns(member, ("place", "since", "until", "source")),
        }


def _columns(row: Model, names: Sequence[str]) -> Row:
    """Return columns of a row as they are stored: keys instead of what they lead to."""
    return {name: getattr(row, column_of(type(row), name).attname) for name in names}


LINKS = ("id", "kind", "source", "target")
STATEMENTS = (
    *("id", "card", "link", "property", "value", "document", "start", "end", "quote"),
    *("declared_by", "declared_role", "declared_on", "import_name", "import_row", "method"),
    *("is_claim", "confidence", "state", "first_seen", "last_seen", "valid_from", "valid_to"),
)
DOCUMENTS = (
    *("id", "title", "publisher", "address", "published_on", "retrieved_at", "language"),
    *("licence", "file_sha256", "is_demo"),
)
PLACES = (
    *("key", "level", "parent", "name", "official_name", "kind", "is_town", "population"),
    *("population_on", "population_source", "area_km2", "longitude", "latitude", "edition"),
)
TABLES = (
    Table(
        "cards",
        (
            *("id", "kind", "title", "summary", "url", "place", "places", "networks", "topics"),
            *("sdgs", "stage", "starts_on", "ends_on", "precision", "longitude", "latitude"),
            *("is_demo", "changed_at"),
        ),
        _cards,
    ),
    Table(
        "parties", ("card", "party", "name", "role", "place", "network", "organisation"), _parties
    ),
    Table("links", LINKS, _links),
    Table("statements", (*STATEMENTS, "address"), _statements),
    Table("documents", DOCUMENTS, _documents),
    Table("places", PLACES, _places),
    Table("members", ("network", "name", "place", "since", "until", "source"), _members),
)


def write_export(
    folder: Path,
    *,
    form: Format,
    root: str,
    now: datetime,
    progress: Callable[[int, int, str], None],
) -> Mapping[str, int]:
    """Write all tables into ``folder``; return how many rows each has.

    The folder is there as a whole or not at all, and all tables are of one moment. ``root`` is
    the address of the installation, put before every address. Raises Conflict when the folder
    is there already.
    """
    if folder.exists():
        raise Conflict(
            f"{folder} is there already.", field="folder", remedy="Name a folder that is not."
        )
    work = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    counts: dict[str, int] = {}
    try:
        with transaction.atomic():
            _see_one_moment()
            for number, table in enumerate(TABLES, start=1):
                counts[table.name] = _write(work, table, form, root)
                progress(number, len(TABLES), table.name)
        about = {"stadtwabe": __version__, "written_at": now, "root": root, "rows": counts}
        (work / "about.json").write_text(dump(about) + "\n", encoding="utf-8")
        work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return counts


def _see_one_moment() -> None:
    """Make the transaction see nothing that is written while it reads."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _write(folder: Path, table: Table, form: Format, root: str) -> int:
    count = 0

    def rows() -> Iterator[Row]:
        nonlocal count
        for row in table.rows(root):
            count += 1
            yield row

    with (folder / f"{table.name}.{form}").open("w", encoding="utf-8", newline="") as file:
        if form is Format.CSV:
            file.writelines(write_csv(table.columns, (_cells(table, row) for row in rows())))
        else:
            file.writelines(f"{dump({n: row[n] for n in table.columns})}\n" for row in rows())
    return count


def _cells(table: Table, row: Row) -> list[object]:
    """Return a row for a spreadsheet; values with a structure of their own as JSON."""
    found = [row[name] for name in table.columns]
    return [dump(cell) if isinstance(cell, dict) else cell for cell in found]
