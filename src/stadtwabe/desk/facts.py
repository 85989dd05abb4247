"""Facts between two things at the desk: offered where both are known, written with sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from stadtwabe.atlas.commands import add_deployment, add_grant, add_reuse
from stadtwabe.atlas.models import FundingProgramme, Grant, Project, Solution
from stadtwabe.atlas.rules import DeploymentState, Stage
from stadtwabe.catalog.models import Card, Link
from stadtwabe.catalog.rules import PartyRole
from stadtwabe.desk.columns import amount_of, day_of
from stadtwabe.desk.matching import SAME, Sought, known_things
from stadtwabe.desk.relations import DEPLOYMENT, GRANT, REUSE
from stadtwabe.evidence.models import Statement, Suggestion
from stadtwabe.evidence.passages import sentence_around
from stadtwabe.evidence.queries.parties import card_of_party
from stadtwabe.evidence.sources import Passage
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.dates import shown_date
from stadtwabe.people.models import Party

STATE_OF_STAGE = {
    Stage.IDEA: DeploymentState.PLANNED,
    Stage.PLANNED: DeploymentState.PLANNED,
    Stage.PILOT: DeploymentState.INTRODUCING,
    Stage.RUNNING: DeploymentState.IN_USE,
    Stage.PERMANENT: DeploymentState.IN_USE,
    Stage.STOPPED: DeploymentState.ENDED,
}
"""How far a town is with a solution, by how far the project is that was read."""


@dataclass(frozen=True, slots=True)
class ProposedFact:
    """What a suggestion says of its thing and another: ``card`` is the other one; 0: towns.

    ``key`` names it in a form, ``stored`` is what the reading said.
    """

    key: str
    kind: str
    title: str
    path: str
    about: str
    card: int
    stored: dict[str, Any]


def facts_of(suggestion: Suggestion, kind: str) -> list[ProposedFact]:
    """Return the facts that can be written when ``suggestion`` becomes a thing of ``kind``.

    Both ends must be known: whichever of the two is accepted last offers the fact.
    """
    if kind == "solution":
        return _deployments(suggestion)
    found = []
    for stored in suggestion.proposal.get("facts", ()):
        if kind != suggestion.kind:
            continue
        other = _other_end(suggestion, stored)
        if other is None:
            continue
        found.append(
            ProposedFact(
                key=f"{stored['kind']}-{stored['start']}",
                kind=stored["kind"],
                title=other["title"],
                path=other["path"],
                about=_euros(stored.get("amount", "")),
                card=other["card"],
                stored=stored,
            )
        )
    return found


def write_facts(
    *,
    actor: Actor,
    suggestion: Suggestion,
    card: Card,
    facts: Sequence[ProposedFact],
    towns: Sequence[tuple[Party, Passage]],
    now: datetime,
) -> list[dict[str, Any]]:
    """Write facts about the thing of ``card``; return what taking them back needs.

    ``towns`` are the places that were chosen, with the passage that names each. A grant without
    anybody who gets it, and a solution in a town without a page, are left out.
    """
    done = []
    for fact in facts:
        before = Statement.objects.aggregate(last=Max("pk"))["last"] or 0
        links: list[Link] = []
        if fact.kind == DEPLOYMENT:
            links = _deploy(actor, suggestion, card, towns, now)
        elif fact.kind == GRANT:
            links = _grant(actor, suggestion, card, fact, towns, now)
        elif fact.kind == REUSE and fact.card != card.pk:
            links = [_reuse(actor, suggestion, card, fact, now)]
        for link in links:
            added = Statement.objects.filter(
                link=link, pk__gt=before, document=suggestion.document_id
            )
            done.append({"link": link.pk, "added": list(added.values_list("pk", flat=True))})
    return done


def _deployments(suggestion: Suggestion) -> list[ProposedFact]:
    if not suggestion.proposal.get("places"):
        return []
    stage = _said(suggestion, "stage")
    state = STATE_OF_STAGE.get(Stage(stage[0]["value"])) if stage else None
    since = _said(suggestion, "since")
    words = [str(state.label)] if state else []
    if len(since) == 1 and (day := day_of(since[0]["value"])):
        words.append(_("seit %(day)s") % {"day": shown_date(*day)})
    return [ProposedFact(DEPLOYMENT, DEPLOYMENT, "", "", ", ".join(words), 0, {})]


def _deploy(
    actor: Actor,
    suggestion: Suggestion,
    card: Card,
    towns: Sequence[tuple[Party, Passage]],
    now: datetime,
) -> list[Link]:
    solution = Solution.objects.select_related("card").get(card=card)
    links = []
    for party, passage in towns:
        if card_of_party(party) is None:
            continue
        values: dict[str, Any] = {}
        sources = {"relation": passage}
        if stage := _said(suggestion, "stage"):
            values["state"] = STATE_OF_STAGE[Stage(stage[0]["value"])]
            sources["state"] = _at(suggestion, stage[0])
        if since := _since(suggestion, passage, is_only=len(towns) == 1):
            values["since"], values["since_precision"] = day_of(since["value"]) or (None, "")
            sources["since"] = _at(suggestion, since)
        deployment = add_deployment(
            actor=actor,
            party=party,
            solution=solution,
            values=values,
            sources=sources,
            now=now,
            beside=True,
        )
        links.append(deployment.link)
    return links


def _since(suggestion: Suggestion, town: Passage, *, is_only: bool) -> dict[str, Any] | None:
    """Return since when: of several towns each has what its own sentence says."""
    said = _said(suggestion, "since")
    if is_only and len(said) == 1:
        return said[0]
    document = suggestion.document
    low, high = sentence_around(document.text, town.start, town.end, document.layout)
    inside = [each for each in said if low <= each["start"] < high]
    return inside[0] if len(inside) == 1 else None


def _grant(
    actor: Actor,
    suggestion: Suggestion,
    card: Card,
    fact: ProposedFact,
    towns: Sequence[tuple[Party, Passage]],
    now: datetime,
) -> list[Link]:
    other = Card.objects.get(pk=fact.card)
    of_project, of_programme = (card, other) if card.kind == "project" else (other, card)
    project = Project.objects.select_related("card").get(card=of_project)
    programme = FundingProgramme.objects.select_related("card").get(card=of_programme)
    known = Grant.objects.filter(programme=programme, project=project).first()
    recipient = known.recipient if known else _recipient(project, towns)
    if recipient is None:
        return []
    values: dict[str, Any] = {}
    sources = {"relation": _at(suggestion, fact.stored)}
    if (amount := amount_of(fact.stored.get("amount", ""))) is not None:
        start, end = fact.stored["amount_at"]
        values["amount_eur"] = amount
        sources["amount_eur"] = Passage(suggestion.document, start, end)
    grant = add_grant(
        actor=actor,
        programme=programme,
        recipient=recipient,
        project=project,
        values=values,
        sources=sources,
        now=now,
        beside=True,
    )
    return [grant.link]


def _recipient(project: Project, towns: Sequence[tuple[Party, Passage]]) -> Party | None:
    """Return who gets the money: the town that the document names, else who leads the project."""
    leads = project.card.card_parties.filter(role__in=[PartyRole.LEAD, PartyRole.OWNER])
    first = leads.order_by("pk").first()
    return towns[0][0] if towns else first.party if first else None


def _reuse(
    actor: Actor, suggestion: Suggestion, card: Card, fact: ProposedFact, now: datetime
) -> Link:
    reuse = add_reuse(
        actor=actor,
        project=Project.objects.select_related("card").get(card=card),
        original=Project.objects.select_related("card").get(card=fact.card),
        values={},
        sources={"relation": _at(suggestion, fact.stored)},
        now=now,
        beside=True,
    )
    return reuse.link


def _other_end(suggestion: Suggestion, stored: dict[str, Any]) -> dict[str, Any] | None:
    """Return the known thing that the fact names: the one of that name, and no other kind."""
    wanted = "project"
    if stored["kind"] == GRANT and suggestion.kind == "project":
        wanted = "funding"
    [known] = known_things([Sought(wanted, stored["other"])]).values()
    same = [each for each in known if each["kind"] == wanted and each["score"] >= SAME]
    return same[0] if same else None


def _said(suggestion: Suggestion, name: str) -> list[dict[str, Any]]:
    return [each for each in suggestion.proposal["properties"] if each["name"] == name]


def _at(suggestion: Suggestion, each: dict[str, Any]) -> Passage:
    return Passage(suggestion.document, each["start"], each["end"])


def _euros(amount: str) -> str:
    euros = amount_of(amount) if amount else None
    if euros is None:
        return ""
    return _("%(amount)s Euro") % {"amount": number_format(euros, 0 if euros == int(euros) else 2)}
