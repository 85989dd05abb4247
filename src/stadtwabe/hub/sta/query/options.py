"""The query options of a request: how many, which, in what order, with what beside them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.hub.sta.query.expressions import Expression
from stadtwabe.hub.sta.query.filter_parser import SortKey, parse_filter, parse_orderby
from stadtwabe.kit.numbers import whole_number

DEEPEST_EXPAND = 6
MOST_EXPANDED = 30


class Aggregate(StrEnum):
    """For how long one value stands. Days are those of the calendar in Germany."""

    HOUR = "hour"
    DAY = "day"


class ResultFormat(StrEnum):
    """How a collection is written."""

    JSON = "json"
    DATA_ARRAY = "dataArray"
    CSV = "CSV"
    GEOJSON = "GeoJSON"


@dataclass(frozen=True, slots=True)
class Expand:
    """One entity or collection to show inside another; ``position`` in the ``$expand`` text."""

    name: str
    options: "Options"
    position: int


@dataclass(frozen=True, slots=True)
class Options:
    """What a request asks for. ``top`` None: as many as the server likes to send."""

    filter: Expression | None = None
    expand: tuple[Expand, ...] = ()
    select: tuple[str, ...] = ()
    orderby: tuple[SortKey, ...] = ()
    top: int | None = None
    skip: int = 0
    count: bool = False
    result_format: ResultFormat = ResultFormat.JSON
    unit: str = ""
    """Our addition: the UCUM code of the unit in which results are wanted."""
    aggregate: Aggregate | None = None
    """Our addition: values by the hour or day instead of the observations themselves."""
    after: str = ""
    """Where the former page ended; only from a nextLink."""
    written: dict[str, str] = field(default_factory=dict)
    """The options as they were written, for the nextLink."""


_KNOWN = (
    "$filter",
    "$expand",
    "$select",
    "$orderby",
    "$top",
    "$skip",
    "$count",
    "$resultFormat",
    "$skiptoken",
    "resultFormat",
    "$format",
    "aggregate",
    "unit",
)


def parse_options(pairs: Iterable[tuple[str, str]]) -> Options:
    """Return the options of a decoded query string. Raises QueryError naming the option."""
    options = Options()
    written: dict[str, str] = {}
    for name, value in pairs:
        if name in written:
            message = f"{name} is given twice."
            raise QueryError(message, option=name)
        written[name] = value
        options = _with(options, name, value, depth=0)
    return replace(options, written=written)


def _with(options: Options, name: str, value: str, *, depth: int) -> Options:
    match name:
        case "$filter":
            return replace(options, filter=parse_filter(value))
        case "$expand":
            return replace(options, expand=parse_expand(value, depth=depth + 1))
        case "$select":
            return replace(options, select=_names(value))
        case "$orderby":
            return replace(options, orderby=parse_orderby(value))
        case "$top":
            return replace(options, top=_number(name, value))
        case "$skip":
            return replace(options, skip=_number(name, value))
        case "$count":
            return replace(options, count=_yes_or_no(name, value))
        case "$resultFormat" | "resultFormat" | "$format":
            return replace(options, result_format=_format(name, value))
        case "aggregate":
            return replace(options, aggregate=_aggregate(value))
        case "unit":
            return replace(options, unit=value)
        case "$skiptoken":
            return replace(options, after=value)
    known = ", ".join(_KNOWN)
    message = f"There is no option {name}. There are: {known}."
    raise QueryError(message, option=name)


def parse_expand(text: str, *, depth: int = 1) -> tuple[Expand, ...]:
    """Return what ``$expand`` names: ``A($top=1;$expand=B),C/D``. Raises QueryError."""
    if depth > DEEPEST_EXPAND:
        message = f"$expand nests deeper than {DEEPEST_EXPAND} levels."
        raise QueryError(message, position=0, option="$expand")
    found: dict[str, Expand] = {}
    try:
        for position, part in _split(text, ","):
            expand = _expanded(part, position, depth)
            known = found.get(expand.name)
            found[expand.name] = _joined(known, expand) if known else expand
    except QueryError as error:
        raise error.within("$expand") from None
    if len(found) > MOST_EXPANDED:
        message = f"$expand names more than {MOST_EXPANDED} entities."
        raise QueryError(message, position=0, option="$expand")
    return tuple(found.values())


def _joined(first: Expand, second: Expand) -> Expand:
    """``A/B,A/C`` is one A with both inside."""
    options = replace(first.options, expand=first.options.expand + second.options.expand)
    return replace(first, options=options)


def _expanded(text: str, position: int, depth: int) -> Expand:
    path, bracket, rest = text.partition("(")
    names = path.strip().split("/")
    if not all(name.strip().isidentifier() for name in names):
        message = f"{path.strip()!r} is not the name of a related entity."
        raise QueryError(message, position=position)
    options = Options()
    if bracket:
        if not rest.rstrip().endswith(")"):
            message = "A ) is missing."
            raise QueryError(message, position=position + len(text))
        start = position + len(path) + 1
        options = _inner(rest.rstrip()[:-1], start, depth)
    expand = Expand(names[-1].strip(), options, position)
    if len(names) - 1 + depth > DEEPEST_EXPAND:
        message = f"$expand nests deeper than {DEEPEST_EXPAND} levels."
        raise QueryError(message, position=position)
    for name in reversed(names[:-1]):
        expand = Expand(name.strip(), Options(expand=(expand,)), position)
    return expand


def _inner(text: str, start: int, depth: int) -> Options:
    options = Options()
    written: dict[str, str] = {}
    for position, part in _split(text, ";"):
        name, equals, value = part.partition("=")
        if not equals:
            message = "An option with = is expected inside the brackets."
            raise QueryError(message, position=start + position)
        offset = start + position + len(name) + 1
        try:
            options = _with(options, name.strip(), value, depth=depth)
        except QueryError as error:
            moved = None if error.position is None else error.position + offset
            raise QueryError(error.message, position=moved or offset) from None
        written[name.strip()] = value
    return replace(options, written=written)


def _split(text: str, separator: str) -> Iterator[tuple[int, str]]:
    """Yield the parts of ``text`` between separators outside of quotes and brackets."""
    depth, quoted, start = 0, False, 0
    for at, sign in enumerate(text):
        if sign == "'":
            quoted = not quoted
        elif quoted:
            continue
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
            if depth < 0:
                message = "There is a ) too many."
                raise QueryError(message, position=at)
        elif sign == separator and depth == 0:
            yield start, text[start:at]
            start = at + 1
    if depth or quoted:
        missing = "'" if quoted else ")"
        message = f"A {missing} is missing."
        raise QueryError(message, position=len(text))
    yield start, text[start:]


def _names(value: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in value.split(","))
    if not all(names):
        message = "$select is a list of names with commas between them."
        raise QueryError(message, option="$select", position=0)
    return names


def _number(name: str, value: str) -> int:
    number = whole_number(value, digits=15)
    if number is None:
        message = f"{name} is a number from 0, not {value[:40]!r}."
        raise QueryError(message, option=name, position=0)
    return number


def _yes_or_no(name: str, value: str) -> bool:
    if value not in {"true", "false"}:
        message = f"{name} is true or false, not {value[:40]!r}."
        raise QueryError(message, option=name, position=0)
    return value == "true"


def _aggregate(value: str) -> Aggregate:
    for known in Aggregate:
        if value == known:
            return known
    message = f"aggregate is one of {', '.join(Aggregate)}, not {value[:40]!r}."
    raise QueryError(message, option="aggregate", position=0)


def _format(name: str, value: str) -> ResultFormat:
    for known in ResultFormat:
        if value.lower() in {known.lower(), f"application/{known.lower()}"}:
            return known
    names = ", ".join(ResultFormat)
    message = f"{name} is one of {names}, not {value[:40]!r}."
    raise QueryError(message, option=name, position=0)
