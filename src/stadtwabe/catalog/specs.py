"""What a domain hands over when it writes a card."""

from dataclasses import dataclass, field, replace
from datetime import date

from stadtwabe.catalog.rules import Audience, Precision
from stadtwabe.people.models import Party
from stadtwabe.places.models import Network, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSpec:
    """The card of a thing as its domain's ``cards.py`` describes it.

    ``facets`` are pairs of a facet's name (``FacetName``) and a value with its label:
    ``{("thema", "mobility"): "Mobilität"}``; kind, places up the hierarchy, parties, networks of
    the places and years of the period are added by the catalogue. ``parties`` pairs a party with
    its role. ``places`` are all places the thing concerns (for the facet and the cells);
    ``place`` is the one where it lies. ``text`` holds further words to be found by.
    """

    kind: str
    title: str
    summary: str = ""
    slug: str = ""
    place: Place | None = None
    places: tuple[Place, ...] = ()
    longitude: float | None = None
    latitude: float | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    precision: str = Precision.DAY
    owner: Party | None = None
    audience: str = Audience.PUBLIC
    networks: tuple[Network, ...] = ()
    parties: tuple[tuple[Party, str], ...] = ()
    facets: dict[tuple[str, str], str] = field(default_factory=dict)
    text: str = ""
    is_demo: bool = False

    def owned_by(
        self,
        owner: Party | None,
        *,
        audience: str,
        networks: tuple[Network, ...] = (),
        is_demo: bool = False,
    ) -> "CardSpec":
        """Return the same card with its owner and its audience."""
        return replace(self, owner=owner, audience=audience, networks=networks, is_demo=is_demo)
