"""The card of a dataset follows everything that changes it."""

from datetime import datetime

from stadtwabe.catalog.commands import write_card
from stadtwabe.hub.cards import dataset_card
from stadtwabe.hub.models import Dataset
from stadtwabe.places.models import Network


def write_dataset_card(
    dataset: Dataset,
    *,
    now: datetime,
    audience: str | None = None,
    networks: tuple[Network, ...] | None = None,
    is_demo: bool | None = None,
) -> None:
    """Write the card of ``dataset``; audience, networks and demo stay where they are not given.

    A new dataset needs them, and is not saved by this.
    """
    card = dataset.card if dataset.card_id else None
    if card is not None:
        audience = card.audience if audience is None else audience
        networks = tuple(card.networks.all()) if networks is None else networks
        is_demo = card.is_demo if is_demo is None else is_demo
    assert audience is not None
    rows = tuple(dataset.distributions.all()) if dataset.pk else ()
    spec = dataset_card(
        dataset,
        distributions=rows,
        audience=audience,
        networks=networks or (),
        is_demo=bool(is_demo),
    )
    dataset.card = write_card(spec=spec, now=now, card=card)
