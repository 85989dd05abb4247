"""Change sets: calls of a batch of which all are done, or none (OData 4.0, 11.7.4).

Everything happens in one transaction: the calls in their order, then all observations, through
the same connection (``hub.within``), then the answers are put together, then the commit.
Nobody hears of success before. Between a call and the commit its datastreams are locked, so
observations come last, together: a call cannot name an observation made in its own change set.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
from django.db import OperationalError, transaction

from stadtwabe.hub.commands.observations import make_months, store_with_the_rest
from stadtwabe.hub.ingest.outcome import Outcome
from stadtwabe.hub.sta import answers
from stadtwabe.hub.sta.answers import Answer, Call
from stadtwabe.hub.sta.batch_parts import Group, Part, resolved
from stadtwabe.hub.sta.dispatch import READING, Dispatcher, Done, guarded
from stadtwabe.hub.within.storing import MonthsMissing

TRIES = 4

DEADLOCK, SERIALIZATION = "40P01", "40001"


@dataclass(frozen=True, slots=True)
class Made:
    """A change set that is done: the answer to each call, and the addresses of what it made."""

    answers: list[Answer]
    locations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Failed:
    """A change set of which nothing was done, because of ``part``."""

    part: Part
    answer: Answer


def do(dispatcher: Dispatcher, group: Group, made: Mapping[str, str]) -> Made | Failed:
    """Do all calls of a group or none; ``made`` has the addresses of what is there already."""
    for is_last in (False,) * (TRIES - 1) + (True,):
        try:
            with transaction.atomic():
                return _done(dispatcher, group.parts, dict(made))
        except _RollBack as error:
            return error.failed
        except MonthsMissing as missing:
            make_months(missing)
        except OperationalError as error:
            # Somebody who stores or deletes wanted the same datastreams in another order.
            if getattr(error.__cause__, "sqlstate", "") not in {DEADLOCK, SERIALIZATION}:
                raise
            if is_last:
                break
    busy = answers.refused(503, "Others are writing the same just now.", remedy="Send it again.")
    return Failed(group.parts[0], busy)


class _RollBack(Exception):
    def __init__(self, part: Part, answer: Answer) -> None:
        super().__init__(answer.status)
        error = {**msgspec.json.decode(answer.body), "call": part.id}
        self.failed = Failed(part, replace(answer, body=msgspec.json.encode(error)))


def _done(dispatcher: Dispatcher, parts: Sequence[Part], made: dict[str, str]) -> Made:
    done: list[tuple[Part, Done]] = []
    for part in parts:
        call = _writing(part, made)
        result = guarded(lambda call=call: dispatcher.do(call))  # type: ignore[misc]
        if isinstance(result, Answer):
            raise _RollBack(part, result)
        done.append((part, result))
        if result.location:
            made[part.id] = result.location.removeprefix(f"{dispatcher.root}/")
    return Made(list(_answers(done, _stored(dispatcher, done))), made)


def _writing(part: Part, made: Mapping[str, str]) -> Call:
    if part.call.method in READING:
        refusal = answers.refused(
            400,
            "What is all or nothing only writes; this reads.",
            field="method",
            remedy="Put it before or behind the change set or group.",
        )
        raise _RollBack(part, refusal)
    call = resolved(part.call, made)
    if isinstance(call, Answer):
        raise _RollBack(part, call)
    return call


def _stored(dispatcher: Dispatcher, done: Sequence[tuple[Part, Done]]) -> list[Outcome]:
    """Store the observations of all calls; whichever is refused takes everything back."""
    observations = [new for _part, one in done for new in one.observations]
    if not observations:
        return []
    owners = [part for part, one in done for _new in one.observations]
    outcomes = guarded(
        lambda: store_with_the_rest(actor=dispatcher.actor, observations=observations)
    )
    if isinstance(outcomes, Answer):
        raise _RollBack(owners[0], outcomes)
    if outcomes.refused:
        worst = min(outcomes.refused)
        owner = owners[worst]
        refusal = answers.refused_outcome(outcomes[worst], position=worst - owners.index(owner))
        raise _RollBack(owner, answers.json(refusal, status=refusal["code"]))
    return list(outcomes)


def _answers(done: Sequence[tuple[Part, Done]], stored: Sequence[Outcome]) -> Iterator[Answer]:
    at = 0
    for part, one in done:
        mine = stored[at : at + len(one.observations)]
        at += len(one.observations)
        answer = guarded(lambda one=one, mine=mine: one.answer(mine))  # type: ignore[misc]
        if answer.status >= 400:
            raise _RollBack(part, answer)
        yield answer
