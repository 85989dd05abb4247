"""The whole public catalogue at once, as harvesters see it page by page."""

from rdflib import Graph

from stadtwabe.hub.dcat.describe import entry_of
from stadtwabe.hub.dcat.graph import CataloguePage, graph_of
from stadtwabe.hub.queries.datasets import datasets_visible_to, with_distributions
from stadtwabe.kit.actor import VISITOR


def whole_catalogue(*, about: CataloguePage, root: str) -> Graph:
    """Return the graph of everything that a visitor may see."""
    found = with_distributions(datasets_visible_to(VISITOR), VISITOR).order_by("card_id")
    return graph_of([entry_of(each, root=root) for each in found], page=about)
