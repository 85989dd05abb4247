"""The words of a query: text to tokens with their positions.

Source of the forms: OData 4.0 ABNF (literals), OGC 18-088 (SensorThings 1.1), section 9.3.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.hub.sta.query.expressions import Geometry, Interval, LiteralValue
from stadtwabe.kit.numbers import whole_number


@dataclass(frozen=True, slots=True)
class Token:
    """One word: ``kind`` is ``literal``, ``name`` or the sign itself; ``end`` is where it ends."""

    kind: str
    text: str
    position: int
    end: int
    value: LiteralValue = None


_DATE = r"\d{4}-\d{2}-\d{2}"
_CLOCK = r"\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?"
_ZONE = r"(?:Z|[+-]\d{2}:?\d{2}|\s\d{2}:?\d{2})"
_MOMENT = rf"{_DATE}T{_CLOCK}{_ZONE}?"
_FORMS = re.compile(
    rf"""
    (?P<space>\s+)
  | (?P<string>'(?:[^']|'')*')
  | (?P<interval>{_MOMENT}/{_MOMENT})
  | (?P<moment>{_MOMENT})
  | (?P<day>{_DATE}(?![\w:-]))
  | (?P<clock>\d{{2}}:\d{{2}}:\d{{2}}(?:\.\d{{1,9}})?)
  | (?P<duration>duration'(?P<period>[^']*)')
  | (?P<geometry>(?:geography|geometry)'(?P<wkt>[^']*)')
  | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
  | (?P<name>@?[A-Za-z_\u0080-\uffff][\w.\u0080-\uffff-]*)
  | (?P<sign>[(),/;=$*:-])
    """,
    re.VERBOSE,
)
_PERIOD = re.compile(
    r"(?P<sign>-)?P(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?$"
)
_CONSTANTS: dict[str, LiteralValue] = {"true": True, "false": False, "null": None}
LONGEST_DURATION = timedelta(days=366 * 1000)


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of ``text``, closed by one of kind ``end``.

    Raises QueryError where no token begins or a literal means nothing (30 February).
    """
    found: list[Token] = []
    position = 0
    while position < len(text):
        match = _FORMS.match(text, position)
        if match is None:
            raise QueryError(_complaint(text, position), position=position)
        if match.lastgroup != "space":
            found.append(_token(match))
        position = match.end()
    found.append(Token("end", "", len(text), len(text)))
    return found


def _complaint(text: str, position: int) -> str:
    if text[position] == "'":
        return "This text is not closed: a ' is missing."
    return f"{text[position]!r} is not expected here."


def _token(match: "re.Match[str]") -> Token:
    text, position = match.group(), match.start()
    kind = match.lastgroup or ""
    if match["duration"] is not None:
        kind = "duration"
    elif match["geometry"] is not None:
        kind = "geometry"
    if kind == "sign":
        return Token(text, text, position, match.end())
    if kind == "name" and text not in _CONSTANTS:
        return Token("name", text, position, match.end())
    try:
        value = _value(kind, text, match)
    except (ValueError, OverflowError) as problem:
        message = f"{text} is not a valid {_NOUNS[kind]}: {problem}."
        raise QueryError(message, position=position) from problem
    return Token("literal", text, position, match.end(), value)


_NOUNS = {
    "string": "text",
    "interval": "interval",
    "moment": "point in time",
    "day": "date",
    "clock": "time of day",
    "duration": "duration",
    "geometry": "geometry",
    "number": "number",
    "name": "constant",
}


def _value(kind: str, text: str, match: "re.Match[str]") -> LiteralValue:
    match kind:
        case "string":
            return text[1:-1].replace("''", "'")
        case "interval":
            start, end = text.split("/")
            return _interval(moment_of(start), moment_of(end))
        case "moment":
            return moment_of(text)
        case "day":
            return date.fromisoformat(text)
        case "clock":
            return time.fromisoformat(text)
        case "duration":
            return duration_of(match["period"])
        case "geometry":
            return Geometry(match["wkt"])
        case "number":
            number = whole_number(text)
            return _finite(float(text)) if number is None else number
        case _:
            return _CONSTANTS[text]


def _finite(number: float) -> float:
    if number in {float("inf"), float("-inf")}:
        message = "it is too large"
        raise ValueError(message)
    return number


def _interval(start: datetime, end: datetime) -> Interval:
    if end < start:
        message = "it ends before it starts"
        raise ValueError(message)
    return Interval(start, end)


def moment_of(text: str) -> datetime:
    """Return a point in time (ISO 8601) in UTC; without a zone it is taken as UTC.

    A space before the offset is a ``+`` that was not percent-encoded. Raises ValueError.
    """
    clean = text.replace(" ", "+").replace(",", ".")
    moment = datetime.fromisoformat(clean)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        message = "possible are the years 1 to 9999 in UTC"
        raise ValueError(message) from None


def duration_of(text: str) -> timedelta:
    """Return an ISO 8601 duration of days, hours, minutes and seconds. Raises ValueError."""
    match = _PERIOD.match(text)
    if match is None or text.endswith(("P", "T")):
        message = "durations look like P1DT12H30M5S"
        raise ValueError(message)
    parts = {name: float(match[name] or 0) for name in ("days", "hours", "minutes", "seconds")}
    length = timedelta(**parts)
    if length > LONGEST_DURATION:
        message = "it is longer than a thousand years"
        raise ValueError(message)
    return -length if match["sign"] else length
