"""Creating, editing and withdrawing datasets, and publishing the datastreams of things at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stadtwabe.catalog.commands import withdraw_card
from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.cards import place_of
from stadtwabe.hub.commands.dataset_cards import write_dataset_card
from stadtwabe.hub.commands.distributions import add_rows, refuse_harvested
from stadtwabe.hub.commands.values import take
from stadtwabe.hub.dcat.entries import web_address
from stadtwabe.hub.models import Dataset, Datastream, ObservedProperty, Thing
from stadtwabe.hub.queries import datastreams_visible_to
from stadtwabe.hub.vocabularies import DataLicence, Frequency
from stadtwabe.kit.actor import VISITOR, Actor
from stadtwabe.kit.errors import Conflict, Invalid
from stadtwabe.people.audit import record
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require
from stadtwabe.places.models import Network

TEXTS = ("title", "description")
"""What no dataset is without."""

COLUMNS = (
    *TEXTS,
    "publisher",
    "contact_name",
    "contact_email",
    "contact_page",
    "licence",
    "themes",
    "keywords",
    "starts_on",
    "ends_on",
    "place",
    "frequency",
    "contributor",
)


class Grouping(models.TextChoices):
    """Into which datasets datastreams are published."""

    THING = "thing", gettext_lazy("ein Datensatz je Gerät")
    PROPERTY = "property", gettext_lazy("ein Datensatz je Messgröße, über alle Geräte")


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: datasets made, datasets added to, datastreams now in one."""

    created: int
    extended: int
    datastreams: int


@transaction.atomic
def create_dataset(
    *,
    actor: Actor,
    owner: Party,
    values: Mapping[str, Any],
    now: datetime,
    audience: str = Audience.PUBLIC,
    networks: Iterable[Network] = (),
    is_demo: bool = False,
) -> Dataset:
    """Create a dataset of ``owner`` with its card; without a publisher the owner is it.

    ``values``: see ``COLUMNS``. Raises NotAllowed, Invalid.
    """
    require(actor, "hub.create_dataset", owner)
    dataset = Dataset(owner=owner, publisher=owner)
    _take(dataset, values)
    _write(dataset, audience=audience, networks=tuple(networks), is_demo=is_demo, now=now)
    record(actor=actor, command="hub.create_dataset", subject=dataset, now=now)
    return dataset


@transaction.atomic
def edit_dataset(
    *,
    actor: Actor,
    dataset: Dataset,
    values: Mapping[str, Any],
    now: datetime,
    audience: str | None = None,
    networks: Iterable[Network] | None = None,
) -> Dataset:
    """Change a dataset; what is not named stays. Raises NotAllowed, Invalid, Conflict.

    It becomes no more visible than the datastreams it offers.
    """
    require(actor, "hub.edit_dataset", dataset)
    refuse_harvested(dataset)
    changed = _take(dataset, values)
    card = dataset.card
    wanted = tuple(card.networks.all() if networks is None else networks)
    audience = audience or card.audience
    _write(dataset, audience=audience, networks=wanted, is_demo=card.is_demo, now=now)
    rows = dataset.distributions.filter(datastream__isnull=False).select_related("datastream")
    for distribution in rows:
        assert distribution.datastream is not None
        refuse_narrower(distribution.datastream, dataset)
    record(
        actor=actor,
        command="hub.edit_dataset",
        subject=dataset,
        now=now,
        details={"changed": changed, "audience": audience},
    )
    return dataset


@transaction.atomic
def withdraw_dataset(*, actor: Actor, dataset: Dataset, because: str, now: datetime) -> None:
    """Take a dataset out; its card stays as a tombstone. A harvest does not bring it back."""
    require(actor, "hub.withdraw_dataset", dataset)
    withdraw_card(card=dataset.card, because=because, now=now)
    record(
        actor=actor,
        command="hub.withdraw_dataset",
        subject=dataset,
        now=now,
        details={"because": because},
    )


@transaction.atomic
def add_datastreams(
    *, actor: Actor, dataset: Dataset, datastreams: Iterable[Datastream], now: datetime
) -> int:
    """Offer ``datastreams`` in ``dataset``; return how many were not offered yet.

    They are the owner's, or public anyway, and seen by everybody who sees the dataset. Raises
    NotAllowed, Invalid, Conflict.
    """
    require(actor, "hub.edit_dataset", dataset)
    refuse_harvested(dataset)
    wanted = [each.pk for each in datastreams]
    found = datastreams_visible_to(actor).filter(pk__in=wanted).prefetch_related("networks")
    for datastream in found:
        refuse_narrower(datastream, dataset)
    added = add_rows(dataset, found.order_by("pk"), now=now)
    if added:
        write_dataset_card(dataset, now=now)
        record(
            actor=actor,
            command="hub.add_datastreams",
            subject=dataset,
            now=now,
            details={"datastreams": wanted},
        )
    return added


@transaction.atomic
def publish_datastreams(
    *,
    actor: Actor,
    owner: Party,
    grouping: str,
    values: Mapping[str, Any],
    now: datetime,
    is_demo: bool = False,
) -> Published:
    """Publish all public datastreams of ``owner`` that no dataset of theirs offers yet.

    One dataset for each thing, or for each property observed (``Grouping``); the ones that an
    earlier call made are added to. ``values`` (licence, themes, …) hold for the new ones. Raises
    NotAllowed, Invalid.
    """
    require(actor, "hub.create_dataset", owner)
    streams = (
        datastreams_visible_to(VISITOR)
        .filter(owner=owner)
        .exclude(distributions__dataset__owner=owner)
        .select_related("thing", "observed_property")
        .prefetch_related("multi_properties", "networks")
        .order_by("pk")
    )
    groups: dict[str, list[Datastream]] = {}
    for stream in streams:
        groups.setdefault(_group(stream, grouping), []).append(stream)
    known = {each.made_from: each for each in owner.datasets.filter(made_from__in=groups)}
    created = 0
    for key, members in groups.items():
        dataset = known.get(key)
        if dataset is None or dataset.card.is_withdrawn:
            created += 1
            dataset = _made_from(members, key, grouping, actor, owner, values, now, is_demo)
        add_datastreams(actor=actor, dataset=dataset, datastreams=members, now=now)
    return Published(created, len(groups) - created, sum(map(len, groups.values())))


def refuse_narrower(datastream: Datastream, dataset: Dataset) -> None:
    """Raise Invalid unless everybody who sees the dataset sees the datastream too."""
    card = dataset.card
    fine = datastream.audience == Audience.PUBLIC
    if not fine and datastream.owner_id == dataset.owner_id:
        fine = card.audience == Audience.OWNER
        if card.audience == datastream.audience == Audience.NETWORKS:
            of_card = {network.pk for network in card.networks.all()}
            fine = of_card <= {network.pk for network in datastream.networks.all()}
    if not fine:
        raise Invalid(
            _("Die Messreihe „%s“ dürfen nicht alle sehen, die den Datensatz sehen.") % datastream,
            field="datastreams",
            remedy=_("Machen Sie die Messreihe sichtbarer, oder den Datensatz weniger sichtbar."),
        )


def _group(stream: Datastream, grouping: str) -> str:
    if grouping == Grouping.THING:
        return f"thing:{stream.thing_id}"
    return f"property:{_property_name(stream)}"[:220]


def _property_name(stream: Datastream) -> str:
    named: ObservedProperty | None = stream.observed_property
    return named.name if named else ", ".join(each.name for each in stream.multi_properties.all())


def _made_from(
    members: list[Datastream],
    key: str,
    grouping: str,
    actor: Actor,
    owner: Party,
    values: Mapping[str, Any],
    now: datetime,
    is_demo: bool,
) -> Dataset:
    owner.datasets.filter(made_from=key).update(made_from="")
    thing: Thing = members[0].thing
    if grouping == Grouping.THING:
        title = thing.name
        text = thing.description or _("Messwerte von „%s“.") % thing.name
    else:
        what = _property_name(members[0])
        title = _("%(property)s: %(owner)s") % {"property": what, "owner": owner}
        text = _("Messwerte der Größe „%(property)s“ von allen öffentlichen Geräten.") % {
            "property": what
        }
    dataset = create_dataset(
        actor=actor,
        owner=owner,
        values={
            "title": title[:250],
            "description": text,
            "frequency": Frequency.CONTINUOUS,
            "place": place_of(owner),
            **values,
        },
        now=now,
        is_demo=is_demo or thing.is_demo,
    )
    dataset.made_from = key
    dataset.save(update_fields=["made_from"])
    return dataset


def _take(dataset: Dataset, values: Mapping[str, Any]) -> list[str]:
    if "keywords" in values:
        words = (str(word).strip() for word in values["keywords"])
        values = {**values, "keywords": list(dict.fromkeys(filter(None, words)))}
    texts = [name for name in TEXTS if isinstance(values.get(name), str)]
    values = {**values, **{name: values[name].strip() for name in texts}}
    changed = take(dataset, values, COLUMNS, required=TEXTS)
    if dataset.licence not in DataLicence.values:
        raise Invalid(
            _("Wählen Sie eine Lizenz."),
            field="licence",
            remedy=_("Ohne Lizenz darf niemand die Daten nutzen, und Portale nehmen sie nicht an."),
        )
    if dataset.starts_on and dataset.ends_on and dataset.ends_on < dataset.starts_on:
        raise Invalid(_("Das Ende liegt vor dem Beginn."), field="ends_on")
    for name in ("contact_page", "contributor"):
        if getattr(dataset, name) and not web_address(getattr(dataset, name)):
            raise Invalid(_("Das ist keine Internetadresse (https://…)."), field=name)
    if dataset.contact_email:
        try:
            validate_email(dataset.contact_email)
        except ValidationError as error:
            raise Invalid(" ".join(error.messages), field="contact_email") from error
    return changed


def _write(
    dataset: Dataset, *, audience: str, networks: tuple[Network, ...], is_demo: bool, now: datetime
) -> None:
    if audience == Audience.NETWORKS and not networks:
        raise Invalid(_("Wählen Sie mindestens einen Verbund."), field="networks")
    if dataset.harvest_id is None and dataset.pk and dataset.card.is_withdrawn:
        raise Conflict(_("Dieser Datensatz ist zurückgezogen."))
    wanted = networks if audience == Audience.NETWORKS else ()
    write_dataset_card(dataset, now=now, audience=audience, networks=wanted, is_demo=is_demo)
    dataset.save()
