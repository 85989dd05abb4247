"""Queries whose SQL is written once per process, and only filled in after that.

Most queries of a page take Django longer to write than PostgreSQL to answer. A function that
returns the same query for all values but some is marked::

    @prepared
    def members_of(actor: Actor, network: str) -> QuerySet[Member]:
        return visible_to(actor).filter(network=network)

and then returns a list of rows. What it is given takes the place of ``%s`` in the SQL, so the
function must not look at the values, only hand them on to filters or to the parameters of
``RawSQL``; none may be None. Actors are the exception: the SQL is kept for visitors alone, for
whom every query begins alike; for all others it is written anew.
"""

from collections.abc import Callable, Sequence
from copy import copy
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, Expression, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler

from stadtwabe.kit.actor import VISITOR, Actor

P = ParamSpec("P")
Row = TypeVar("Row")


class Slot(Expression):
    """Stands for a value while the SQL is written: it is its own parameter."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Write the place of the value."""
        return "%s", (self,)


def among(column: str, values: Any) -> RawSQL:
    """Return the condition that ``column`` is one of ``values``, however many those are.

    ``column`` is named with its table, as in SQL; ``__in`` would write one place per value.
    """
    return RawSQL(f"{column} = ANY(%s)", [values], output_field=BooleanField())  # noqa: S611 - the column is ours


def prepared(make: "Callable[P, QuerySet[Any, Row]]") -> Callable[P, list[Row]]:
    """Return the rows of the query that ``make`` returns; see above what it must keep to."""
    write: Callable[..., QuerySet[Any, Row]] = make
    kept: list[_Prepared] = []

    @wraps(make)
    def rows(*values: P.args, **named: P.kwargs) -> list[Row]:
        if named:
            raise TypeError(f"{make.__name__} takes its values by position")
        if any(isinstance(each, Actor) and each != VISITOR for each in values):
            return list(write(*values))
        if any(each is None for each in values):
            raise TypeError(f"{make.__name__} was given None, which no comparison finds")
        if not kept:
            slots: list[Any] = [
                each if isinstance(each, Actor) else Slot(number)
                for number, each in enumerate(values)
            ]
            kept.append(_Prepared(write(*slots)))
        return kept[0].rows(values)

    return rows


class _Prepared:
    """The SQL of one query, and how its columns become rows."""

    def __init__(self, queryset: "QuerySet[Any]") -> None:
        self._queryset = queryset
        self._compiler = queryset.query.get_compiler(using=queryset.db)
        try:
            self._sql, self._parameters = self._compiler.as_sql()
        except EmptyResultSet:
            self._sql, self._parameters = "", ()

    def rows(self, values: Sequence[Any]) -> list[Any]:
        filled = tuple(
            values[each.number] if isinstance(each, Slot) else each for each in self._parameters
        )
        # Django's own way from SQL to rows, with a compiler that has nothing left to do.
        compiler = copy(self._compiler)
        compiler.connection = connections[self._queryset.db]
        compiler.as_sql = lambda *_, **__: (self._sql, filled)
        query = copy(self._queryset.query)
        query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        asked = self._queryset._clone()  # type: ignore[attr-defined]  # what all() does, and only that
        asked._query = query  # `query` would make dictionaries of the rows of values_list()
        return list(asked)
