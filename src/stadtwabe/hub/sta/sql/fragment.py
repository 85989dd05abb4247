"""A piece of SQL with its parameters; values never become part of the text."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Sql:
    """Text with ``%s`` for each of ``params``; a literal per cent sign is doubled."""

    text: str
    params: tuple[Any, ...] = ()

    def __add__(self, other: "Sql | str") -> "Sql":
        if isinstance(other, str):
            return Sql(self.text + other, self.params)
        return Sql(self.text + other.text, self.params + other.params)

    def __radd__(self, other: str) -> "Sql":
        return Sql(other + self.text, self.params)

    def bracketed(self) -> "Sql":
        """Return the same in brackets."""
        return Sql(f"({self.text})", self.params)


def param(value: object, cast: str) -> Sql:
    """Return a placeholder for ``value`` of the SQL type ``cast``."""
    return Sql(f"%s::{cast}", (value,))


def join(separator: str, parts: Iterable[Sql]) -> Sql:
    """Return the parts with ``separator`` between them."""
    known = tuple(parts)
    return Sql(
        separator.join(part.text for part in known),
        tuple(value for part in known for value in part.params),
    )


def fill(template: str, *parts: Sql) -> Sql:
    """Return ``template`` with its ``{}`` replaced by ``parts`` in order."""
    return Sql(
        template.format(*(part.text for part in parts)),
        tuple(value for part in parts for value in part.params),
    )


TRUE = Sql("TRUE")
FALSE = Sql("FALSE")


def all_of(parts: Iterable[Sql]) -> Sql:
    """Return that all ``parts`` hold; of none: true."""
    known = [part for part in parts if part != TRUE]
    return join(" AND ", (part.bracketed() for part in known)) if known else TRUE
