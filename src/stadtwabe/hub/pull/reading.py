"""What an answer in JSON says: records, in each a time and values (JSONPath, RFC 9535)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from time import monotonic

from django.utils.translation import gettext as _
from jsonpath import JSONPath, JSONPathEnvironment
from jsonpath.exceptions import JSONPathError, JSONPathRecursionError

from stadtwabe.hub.tables.cells import BadCell, Cell, read_value, shown
from stadtwabe.hub.tables.moments import LocalClock, read_moment
from stadtwabe.kit.errors import Invalid

MOST_RECORDS = 10_000
LONGEST_PATH = 300
SECONDS = 20.0
"""How long an answer is read; one nested a thousand times costs every path a thousand times."""
AHEAD = timedelta(minutes=10)
"""By so much another clock may run ahead of ours."""

_environment = JSONPathEnvironment(strict=True)
# Patterns over texts of others can take for ever.
for _name in ("match", "search"):
    del _environment.function_extensions[_name]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: paths of records, of the time and of each datastream's value."""

    records: str
    time: str
    zone: str
    values: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class PulledValue:
    """A value ready to be stored, and where in the answer it stood."""

    path: str
    datastream_id: int
    at: datetime
    result: object


@dataclass(frozen=True, slots=True)
class PullProblem:
    """What could not be read, where in the answer it stood, and why."""

    path: str
    value: str
    problem: str


@dataclass(slots=True)
class Pulled:
    """All that an answer says."""

    records: int = 0
    found: list[PulledValue] = field(default_factory=list)
    problems: list[PullProblem] = field(default_factory=list)


def compile_path(text: str, name: str) -> JSONPath:
    """Return a path ready for use. Raises Invalid for the field ``name``.

    One search in depth (``..``) or one filter (``?``) is enough; more of them make an answer of a
    megabyte take for ever.
    """
    try:
        path = _environment.compile(text)
    except (JSONPathError, RecursionError) as error:
        first = str(error.args[0] if error.args else "")  # str() fails for an empty path
        raise Invalid(
            _("„%(path)s“ ist kein JSONPath (%(error)s).") % {"path": text, "error": first},
            field=name,
            remedy=_("Er beginnt mit $, zum Beispiel $.data[*] oder $['Wert 1']."),
        ) from error
    if text.count("..") + text.count("?") > 1 or len(text) > LONGEST_PATH:
        raise _too_costly(name)
    if not isinstance(path, JSONPath):
        raise Invalid(_("Ein einzelner JSONPath ist nötig."), field=name)
    return path


def _too_costly(name: str) -> Invalid:
    return Invalid(
        _("Dieser JSONPath ist zu aufwendig: höchstens einmal .. oder einmal ?."), field=name
    )


def read_answer(
    answer: object, wanted: Wanted, kinds: Mapping[int, str], *, now: datetime
) -> Pulled:
    """Read an answer; ``kinds`` gives the observation type of each datastream.

    What is null is no value and no problem; what is missing is one. Raises Invalid for a path
    that is none.
    """
    pulled = Pulled()
    time = compile_path(wanted.time, "time") if wanted.time else None
    paths = [(compile_path(path, "values"), pk) for path, pk in wanted.values]
    clock = LocalClock(wanted.zone)
    nodes = _nodes(compile_path(wanted.records, "records"), answer, MOST_RECORDS + 1)
    if not nodes:
        problem = _("An dieser Stelle steht in der Antwort nichts.")
        pulled.problems.append(PullProblem(wanted.records, "", problem))
    if len(nodes) > MOST_RECORDS:
        problem = _("Mehr als %d Einträge; die übrigen bleiben ungelesen.") % MOST_RECORDS
        pulled.problems.append(PullProblem(wanted.records, "", problem))
    end = monotonic() + SECONDS
    for where, record in nodes[:MOST_RECORDS]:
        if monotonic() > end:
            raise _too_costly("values")
        pulled.records += 1
        at: datetime | None = now.replace(microsecond=0)
        if time is not None:
            at = _moment(pulled, clock, time, where, record)
        if at is None:
            continue
        if len(nodes) == 1 and clock.doubled and at + timedelta(hours=1) <= now + AHEAD:
            at += timedelta(hours=1)  # the only record there is says what is now
        for path, pk in paths:
            _value(pulled, path, pk, where, record, kinds[pk], at)
    return pulled


def _moment(
    pulled: Pulled, clock: LocalClock, path: JSONPath, where: str, record: object
) -> datetime | None:
    found = _one(pulled, path, where, record)
    if found is None:
        return None
    place, value = found
    try:
        return clock.resolve(read_moment(_as_time(value)))
    except BadCell as error:
        pulled.problems.append(PullProblem(place, _shown(value), str(error)))
        return None


def _value(
    pulled: Pulled,
    path: JSONPath,
    pk: int,
    where: str,
    record: object,
    kind: str,
    at: datetime,
) -> None:
    found = _one(pulled, path, where, record)
    if found is None or found[1] is None:
        return
    place, value = found
    try:
        if not isinstance(value, str | int | float):
            raise BadCell(_("Hier steht kein einzelner Wert."))
        result = read_value(value, kind, ".")
    except BadCell as error:
        pulled.problems.append(PullProblem(place, _shown(value), str(error)))
    else:
        pulled.found.append(PulledValue(place, pk, at, result))


def _one(pulled: Pulled, path: JSONPath, where: str, record: object) -> tuple[str, object] | None:
    """The one place in a record to which a path leads, from the top of the answer."""
    nodes = _nodes(path, record, 2)
    if len(nodes) == 1:
        return where + nodes[0][0].removeprefix("$"), nodes[0][1]
    problem = _("Hier steht nichts.") if not nodes else _("Hier steht mehr als ein Wert.")
    pulled.problems.append(PullProblem(f"{where} › {path}", "", problem))
    return None


def _nodes(path: JSONPath, value: object, most: int) -> list[tuple[str, object]]:
    if isinstance(value, dict | list):
        try:
            return [(node.path, node.obj) for node in islice(path.finditer(value), most)]
        except JSONPathRecursionError as error:
            raise Invalid(_("Die Antwort ist zu tief verschachtelt."), field="values") from error
    # The library would take a text for JSON that is yet to be read.
    return [("$", value)] if str(path) == "$" else []


def _as_time(value: object) -> Cell:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(int(value))  # seconds or milliseconds since 1970
    return value if isinstance(value, str) else None


def _shown(value: object) -> str:
    return shown(value if isinstance(value, str | int | float) else str(value))
