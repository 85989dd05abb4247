"""``$batch``: many calls in one request (OData 4.0 and 4.01, 11.7).

Each call is a transaction of its own; the calls of a change set (multipart) or of an
atomicityGroup (JSON) are one together (``change_set``). A later call may name what an earlier one
has made: ``$a`` stands for the entity that the call with the id ``a`` created. The first error
ends the batch, unless the client prefers to go on.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic

from stadtwabe.hub.sta import answers, batch_json, batch_mail
from stadtwabe.hub.sta.answers import Answer
from stadtwabe.hub.sta.batch_parts import Group, Part, Unit, resolved
from stadtwabe.hub.sta.change_set import Failed, Made, do
from stadtwabe.hub.sta.dispatch import Dispatcher
from stadtwabe.kit.errors import Invalid

MOST_CALLS = 1000
SECONDS = 120
"""Then no further call begins: each may take long, and all of them keep one worker busy."""
TOO_LONG = answers.refused(
    503, f"The batch takes longer than {SECONDS} s.", remedy="Send the rest in another one."
)
_CONTINUE = re.compile(
    r"(?:^|[,;\s])(?:odata\.)?continue-on-error(?!\s*=\s*\"?false)", re.IGNORECASE
)


def answer(dispatcher: Dispatcher, body: bytes, media_type: str, *, prefer: str = "") -> Answer:
    """Answer all calls of a batch, in their order. ``prefer`` is the header of that name."""
    goes_on = _CONTINUE.search(prefer) is not None
    headers = {"Preference-Applied": "continue-on-error"} if goes_on else {}
    try:
        is_mail = media_type.startswith("multipart/")
        units = batch_mail.read(body, media_type) if is_mail else batch_json.read(body)
        _check(units)
        results = _Run(dispatcher, goes_on=goes_on).results(units)
        write = batch_mail.write if is_mail else batch_json.write
        return write(results, headers)
    except Invalid as error:
        return answers.refused_by_domain(error)


def _check(units: Sequence[Unit]) -> None:
    """Names are there once, and what needs a call stands behind it. Raises Invalid."""
    seen: set[str] = set()
    count = 0
    for unit in units:
        parts = unit.parts if isinstance(unit, Group) else [unit]
        for part in parts:
            count += 1
            for name in part.needs:
                if name not in seen:
                    message = f"{part.id} depends on {name}, which does not stand before it."
                    raise Invalid(message, field="dependsOn")
            if part.call.path == "$batch":
                raise Invalid("A batch holds no batch.", field=part.id)
            _note(part.id, seen)
        if isinstance(unit, Group):
            _note(unit.id, seen)
    if count > MOST_CALLS:
        raise Invalid(f"A batch has at most {MOST_CALLS} calls.")


def _note(name: str, seen: set[str]) -> None:
    if name in seen:
        raise Invalid(f"The id {name} stands twice in the batch.", field="id")
    seen.add(name)


@dataclass(slots=True)
class _Run:
    dispatcher: Dispatcher
    goes_on: bool
    made: Mapping[str, str] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)

    def results(self, units: Sequence[Unit]) -> Iterator[tuple[Unit, Answer | Made | Failed]]:
        ends_at = monotonic() + SECONDS
        for unit in units:
            result: Answer | Made | Failed
            is_late = monotonic() > ends_at
            if isinstance(unit, Group):
                result = Failed(unit.parts[0], TOO_LONG) if is_late else self._group(unit)
            else:
                result = TOO_LONG if is_late else self._call(unit)
            yield unit, result
            if isinstance(result, Failed) or (isinstance(result, Answer) and result.status >= 400):
                self.failed.add(unit.id)
                if isinstance(unit, Group):
                    self.failed |= {part.id for part in unit.parts}
                if not self.goes_on:
                    return

    def _call(self, part: Part) -> Answer:
        missing = self._missing(part)
        if missing is not None:
            return missing
        call = resolved(part.call, self.made)
        if isinstance(call, Answer):
            return call
        given = self.dispatcher.answer(call)
        location = given.headers.get("Location", "")
        if location:
            self.made = {**self.made, part.id: location.removeprefix(f"{self.dispatcher.root}/")}
        return given

    def _group(self, group: Group) -> Made | Failed:
        for part in group.parts:
            missing = self._missing(part)
            if missing is not None:
                return Failed(part, missing)
        result = do(self.dispatcher, group, self.made)
        if isinstance(result, Made):
            self.made = result.locations
        return result

    def _missing(self, part: Part) -> Answer | None:
        for name in part.needs:
            if name in self.failed:
                return answers.refused(
                    424, f"Not done: {name}, on which it depends, has failed.", field="dependsOn"
                )
        return None
