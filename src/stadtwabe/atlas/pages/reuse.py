"""Who took over what from whom: as a list and as a graph."""

from collections.abc import Sequence
from itertools import groupby

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtwabe.atlas.queries.facts import all_deployments, all_reuses
from stadtwabe.evidence.queries.facts import ShownFact
from stadtwabe.kit.drawing.layers import Layers, Node, draw
from stadtwabe.people.actors import actor_of


@require_safe
def reuse(request: HttpRequest) -> HttpResponse:
    """Show every reuse and every deployment with its source."""
    actor = actor_of(request)
    reuses, deployments = all_reuses(actor), all_deployments(actor)
    if request.GET.get("format") == "json":
        data = {
            "reuses": [_as_json(each, each.row.original) for each in reuses],
            "deployments": [_as_json(each, each.row.solution) for each in deployments],
        }
        return JsonResponse(data, json_dumps_params={"ensure_ascii": False})
    context = {
        "crumbs": [(_("Atlas"), "/atlas/"), (_("Nachnutzung"), "")],
        "originals": [
            (original, list(facts))
            for original, facts in groupby(reuses, key=lambda fact: fact.row.original)
        ],
        "solutions": [
            (solution, list(facts))
            for solution, facts in groupby(deployments, key=lambda fact: fact.row.solution)
        ],
        "graph": graph_of(reuses, deployments) if reuses or deployments else None,
    }
    return render(request, "atlas/reuse.html", context)


def graph_of(reuses: Sequence[ShownFact], deployments: Sequence[ShownFact]) -> Layers:
    """Draw who leads to whom: originals and solutions left, those who took them over right."""
    nodes: dict[str, Node] = {}
    edges = []
    for fact in reuses:
        row = fact.row
        for project in (row.original, row.project):
            key = f"project-{project.pk}"
            nodes[key] = Node(key, project.title, project.card.path)
        edges.append((f"project-{row.original_id}", f"project-{row.project_id}"))
    for fact in deployments:
        row = fact.row
        source, target = f"solution-{row.solution_id}", f"party-{row.party_id}"
        nodes[source] = Node(source, row.solution.title, row.solution.card.path)
        nodes[target] = Node(target, fact.title, fact.href)
        edges.append((source, target))
    return draw(nodes.values(), edges)


def _as_json(fact: ShownFact, original: object) -> dict[str, object]:
    return {
        "by": {"title": fact.title, "address": fact.href},
        "of": {"title": str(original), "address": original.card.path},  # type: ignore[attr-defined]  # a thing
        "values": {field.name: [value.text for value in field.values] for field in fact.fields},
        "sources": [
            statement.get_absolute_url()
            for value in fact.relation.values
            for statement in value.sources
        ],
    }
