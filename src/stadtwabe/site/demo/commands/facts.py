"""Facts between things, from the script: deployments, reuses, grants, effects."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from stadtwabe.atlas.commands import add_deployment, add_effect, add_grant, add_reuse
from stadtwabe.atlas.models import FundingProgramme, Project, Solution
from stadtwabe.evidence.sources import Source
from stadtwabe.evidence.things import SourcedThing
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.dates import read_date
from stadtwabe.people.models import Party
from stadtwabe.site.demo.passages import Passages
from stadtwabe.site.demo.script import Entry

T = TypeVar("T", bound=SourcedThing)

OTHER_THINGS = frozenset({"party", "project", "original", "programme"})
"""What names the two things of a fact in the script, rather than a value of the fact."""


def write_fact(
    entry: Entry,
    passages: Passages,
    parties: Sequence[Party],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Write the fact that ``entry`` tells; both of its things are there already."""
    lead = passages.quoting(entry.facts[0].quote)
    values, sources = _values(entry, passages)
    sources["relation"] = lead
    claims = frozenset(fact.name for fact in entry.facts if fact.is_claim)
    match entry.kind:
        case "deployment":
            add_deployment(
                actor=actor,
                party=parties[0],
                solution=_named(Solution, entry.links[0][1]),
                values=values,
                sources=sources,
                now=now,
                beside=True,
                claims=claims,
            )
        case "reuse":
            add_reuse(
                actor=actor,
                project=_named(Project, _said(entry, "project")),
                original=_named(Project, entry.links[0][1]),
                values=values,
                sources=sources,
                now=now,
                beside=True,
                claims=claims,
            )
        case "grant":
            add_grant(
                actor=actor,
                programme=_named(FundingProgramme, entry.links[0][1]),
                recipient=parties[0],
                values=values,
                sources=sources,
                now=now,
                beside=True,
                claims=claims,
            )
        case _:
            project = _named(Project, _said(entry, "project"))
            add_effect(actor=actor, project=project, values=values, source=lead, now=now)


def _values(entry: Entry, passages: Passages) -> tuple[dict[str, Any], dict[str, Source]]:
    values: dict[str, Any] = {}
    sources: dict[str, Source] = {}
    for fact in entry.facts:
        if fact.name in OTHER_THINGS:
            continue
        value = fact.value
        if fact.name == "since":
            value, values["since_precision"] = read_date(str(value))
        elif fact.name in {"amount_eur", "value"}:
            value = Decimal(str(value))
        values[fact.name] = value
        sources[fact.name] = passages.quoting(fact.quote)
    return values, sources


def _said(entry: Entry, name: str) -> str:
    fact = entry.fact(name)
    return str(fact.value) if fact else ""


def _named(model: type[T], title: str) -> T:
    return model._default_manager.select_related("card").get(title=title)
