"""A query whose source is named last: the table of observations, or files of the archive."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from stadtwabe.hub.sta.selection import SortColumn
from stadtwabe.hub.sta.sql.fragment import Sql, all_of, fill, join, param

Fetch = Callable[[Sql], list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Question:
    """A query on the alias ``a`` without its source; the condition on who may see is in it."""

    fetch: Fetch
    columns: Sql
    conditions: Sequence[Sql]
    order: Sequence[SortColumn] = ()

    def rows(self, source: Sql, *, more: Sequence[Sql], most: int, skip: int) -> list[Any]:
        """Return the rows from ``source`` for which ``more`` holds, too."""
        return self.fetch(
            fill(
                "SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT {} OFFSET {}",
                self.columns,
                source,
                all_of([*self.conditions, *more]),
                join(", ", (key.text for key in self.order)),
                param(most, "bigint"),
                param(skip, "bigint"),
            )
        )

    def rows_below(self, parents: Sql, source: Sql, *, most: int, skip: int) -> list[Any]:
        """Return at most ``most`` rows for each id in ``parents``, which stands before the row.

        Conditions name the parent ``p``.
        """
        return self.fetch(
            fill(
                "SELECT p.id, r.* FROM unnest({}) AS p(id) CROSS JOIN LATERAL"
                " (SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT {} OFFSET {}) AS r",
                parents,
                self.columns,
                source,
                all_of(self.conditions),
                join(", ", (key.text for key in self.order)),
                param(most, "bigint"),
                param(skip, "bigint"),
            )
        )

    def unordered(self, source: Sql) -> list[Any]:
        """Return all rows from ``source``."""
        where = all_of(self.conditions)
        return self.fetch(fill("SELECT {} FROM {} WHERE {}", self.columns, source, where))

    def count(self, source: Sql, *, more: Sequence[Sql]) -> int:
        """Return how many rows there are."""
        where = all_of([*self.conditions, *more])
        return int(self.fetch(fill("SELECT count(*) FROM {} WHERE {}", source, where))[0][0])
