"""``$filter`` and ``$orderby``: tokens to a tree, by recursive descent.

Functions and operators: OGC 18-088 (SensorThings 1.1), tables 24 to 26.
"""

from dataclasses import dataclass

from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.hub.sta.query.expressions import (
    COMPARISONS,
    Call,
    Expression,
    Literal,
    Operation,
    Operator,
    Property,
)
from stadtwabe.hub.sta.query.tokens import Token, tokens_of

ARGUMENTS: dict[str, tuple[int, int]] = {
    "substringof": (2, 2),
    "contains": (2, 2),
    "endswith": (2, 2),
    "startswith": (2, 2),
    "length": (1, 1),
    "indexof": (2, 2),
    "substring": (2, 3),
    "tolower": (1, 1),
    "toupper": (1, 1),
    "trim": (1, 1),
    "concat": (2, 2),
    "year": (1, 1),
    "month": (1, 1),
    "day": (1, 1),
    "hour": (1, 1),
    "minute": (1, 1),
    "second": (1, 1),
    "fractionalseconds": (1, 1),
    "date": (1, 1),
    "time": (1, 1),
    "totaloffsetminutes": (1, 1),
    "now": (0, 0),
    "mindatetime": (0, 0),
    "maxdatetime": (0, 0),
    "round": (1, 1),
    "floor": (1, 1),
    "ceiling": (1, 1),
    "geo.distance": (2, 2),
    "geo.length": (1, 1),
    "geo.intersects": (2, 2),
    "st_equals": (2, 2),
    "st_disjoint": (2, 2),
    "st_touches": (2, 2),
    "st_within": (2, 2),
    "st_overlaps": (2, 2),
    "st_crosses": (2, 2),
    "st_intersects": (2, 2),
    "st_contains": (2, 2),
    "st_relate": (3, 3),
    "before": (2, 2),
    "after": (2, 2),
    "meets": (2, 2),
    "during": (2, 2),
    "overlaps": (2, 2),
    "starts": (2, 2),
    "finishes": (2, 2),
}
"""The functions, with the fewest and the most arguments. The last seven, between periods of
time, are an addition of FROST-Server's that clients have come to use."""

DEEPEST = 60
"""How deep expressions may nest: more is no question that anybody asks."""

LONGEST = 20_000
"""How long a filter may be, in characters."""


def parse_filter(text: str) -> Expression:
    """Return the tree of a ``$filter``. Raises QueryError with the position in ``text``."""
    if len(text) > LONGEST:
        message = f"The filter is longer than {LONGEST} characters."
        raise QueryError(message, position=LONGEST, option="$filter")
    try:
        parser = _Parser(tokens_of(text))
        tree = parser.expression()
        parser.expect_end()
    except QueryError as error:
        raise error.within("$filter") from None
    return tree


@dataclass(frozen=True, slots=True)
class SortKey:
    """One term of ``$orderby``."""

    expression: Expression
    descending: bool


def parse_orderby(text: str) -> tuple[SortKey, ...]:
    """Return the terms of an ``$orderby``. Raises QueryError with the position in ``text``."""
    keys: list[SortKey] = []
    try:
        parser = _Parser(tokens_of(text[:LONGEST]))
        while True:
            expression = parser.expression()
            word = parser.take_name("asc", "desc")
            keys.append(SortKey(expression, descending=word == "desc"))
            if not parser.take(","):
                break
        parser.expect_end()
    except QueryError as error:
        raise error.within("$orderby") from None
    return tuple(keys)


_LEVELS: tuple[frozenset[Operator], ...] = (
    frozenset({Operator.OR}),
    frozenset({Operator.AND}),
    COMPARISONS,
    frozenset({Operator.ADD, Operator.SUB}),
    frozenset({Operator.MUL, Operator.DIV, Operator.MOD}),
)
"""Binary operators, from the weakest to the strongest binding."""


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def take(self, kind: str) -> bool:
        """Go on past a token of ``kind``, if it is one."""
        if self._now.kind != kind:
            return False
        self._at += 1
        return True

    def take_name(self, *names: str) -> str | None:
        """Go on past one of these words, if it is one, and return it."""
        if self._now.kind == "name" and self._now.text in names:
            self._at += 1
            return self._tokens[self._at - 1].text
        return None

    def expect(self, kind: str) -> None:
        """Go on past a token of ``kind``, or complain."""
        if not self.take(kind):
            message = f"{kind!r} is expected here, not {self._shown()}."
            raise QueryError(message, position=self._now.position)

    def expect_end(self) -> None:
        """Complain when something is left."""
        if self._now.kind != "end":
            message = f"The end or an operator is expected here, not {self._shown()}."
            raise QueryError(message, position=self._now.position)

    def _shown(self) -> str:
        return "the end" if self._now.kind == "end" else repr(self._now.text)

    def expression(self, level: int = 0) -> Expression:
        """Read an expression of operators that bind at least as ``level`` does."""
        if level == len(_LEVELS):
            return self._unary()
        left = self.expression(level + 1)
        while word := self.take_name(*_LEVELS[level]):
            position = self._tokens[self._at - 1].position
            right = self.expression(level + 1)
            left = Operation(Operator(word), (left, right), position)
        return left

    def _unary(self) -> Expression:
        token = self._now
        self._depth += 1
        if self._depth > DEEPEST:
            message = f"The expression nests deeper than {DEEPEST} levels."
            raise QueryError(message, position=token.position)
        try:
            if self.take_name("not"):
                # "not" binds tighter than comparisons in OData, but everybody means the whole.
                return Operation(Operator.NOT, (self.expression(2),), token.position)
            if self.take("-"):
                return Operation(Operator.NEGATE, (self._unary(),), token.position)
            return self._primary()
        finally:
            self._depth -= 1

    def _primary(self) -> Expression:
        token = self._now
        if self.take("("):
            inside = self.expression()
            self.expect(")")
            return inside
        if self.take("literal"):
            return Literal(token.value, token.position)
        if token.kind != "name":
            message = f"A value, a property or a function is expected here, not {self._shown()}."
            raise QueryError(message, position=token.position)
        self._at += 1
        if self.take("("):
            return self._call(token)
        return self._property(token)

    def _property(self, first: Token) -> Property:
        path = [first.text]
        while self.take("/"):
            token = self._now
            if not (token.kind == "name" or token.text.isdigit()):
                message = f"The name of a property is expected here, not {self._shown()}."
                raise QueryError(message, position=token.position)
            self._at += 1
            path.append(token.text)
        return Property(tuple(path), first.position)

    def _call(self, name: Token) -> Call:
        limits = ARGUMENTS.get(name.text)
        if limits is None:
            message = f"There is no function {name.text}."
            raise QueryError(message, position=name.position)
        arguments: list[Expression] = []
        if not self.take(")"):
            arguments.append(self.expression())
            while self.take(","):
                arguments.append(self.expression())
            self.expect(")")
        fewest, most = limits
        if not fewest <= len(arguments) <= most:
            wanted = str(fewest) if fewest == most else f"{fewest} or {most}"
            message = f"{name.text} takes {wanted} arguments, not {len(arguments)}."
            raise QueryError(message, position=name.position)
        return Call(name.text, tuple(arguments), name.position)
