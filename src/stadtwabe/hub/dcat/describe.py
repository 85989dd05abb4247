"""From our datasets to entries."""

from collections.abc import Iterator
from datetime import date

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.dcat.entries import Entry, Offer
from stadtwabe.hub.models import Dataset, Datastream, Distribution
from stadtwabe.hub.vocabularies import (
    MEDIA_TYPE_OF,
    OF_STREAM,
    Theme,
    publisher_type_of,
)
from stadtwabe.people.models import Party

STA = "/sta/v1.1/"

OBSERVATIONS = "/Observations?$resultFormat="
STREAM_FORMATS = (
    # Key, file type, what is added to the address of the datastream, words for the title.
    ("sta", "JSON", "", "SensorThings"),
    ("csv", "CSV", f"{OBSERVATIONS}CSV", "CSV"),
    ("geojson", "GEOJSON", f"{OBSERVATIONS}GeoJSON&$expand=FeatureOfInterest", "GeoJSON"),
)
"""The formats in which the SensorThings API gives a datastream's observations."""


def entry_of(dataset: Dataset, *, root: str) -> Entry:
    """Describe a dataset of ``queries.with_distributions``; ``root`` is the site's address."""
    address = root + dataset.card.path
    harvested = dataset.harvest_id is not None
    offers = [offer for each in shown(dataset) for offer in offers_of(each, dataset, root=root)]
    return Entry(
        address=address,
        title=dataset.title,
        description=dataset.description,
        identifier=dataset.source_identifier or dataset.source_address or address,
        publisher=dataset.publisher_shown,
        publisher_page=_page_of(dataset.publisher, root) or dataset.publisher_page,
        publisher_type=(
            publisher_type_of(dataset.publisher.place)
            if dataset.publisher
            else dataset.publisher_type
        ),
        contact_name=dataset.contact_name,
        contact_email=dataset.contact_email,
        contact_page=dataset.contact_page,
        themes=tuple(sorted(set(dataset.themes) & set(Theme.values))),
        keywords=tuple(sorted(dataset.keywords)),
        starts_on=dataset.starts_on or first_day(dataset),
        ends_on=dataset.ends_on,
        place_key=dataset.place_id or "",
        frequency=dataset.frequency,
        contributor=dataset.contributor,
        page=dataset.source_page if harvested and dataset.source_page else address,
        issued=dataset.source_issued if harvested else dataset.card.created_at,
        modified=dataset.source_modified if harvested else dataset.card.changed_at,
        is_public=dataset.card.audience == Audience.PUBLIC,
        offers=tuple(sorted(offers, key=lambda each: (each.access_url, each.file_type))),
    )


def shown(dataset: Dataset) -> list[Distribution]:
    """Return the distributions that the actor of ``queries.with_distributions`` may see."""
    found: list[Distribution] = dataset.shown  # type: ignore[attr-defined]  # by Prefetch
    return found


def offers_of(distribution: Distribution, dataset: Dataset, *, root: str) -> Iterator[Offer]:
    """Yield the ways to the data of a distribution: one for each format of a datastream."""
    licence = distribution.licence or dataset.licence
    datastream = distribution.datastream
    if datastream is not None:
        yield from _of_datastream(datastream, distribution.pk, licence, root)
        return
    access, download = distribution.access_url, distribution.download_url
    if distribution.file:
        access = download = root + file_path(distribution, dataset)
    yield Offer(
        key=f"distribution-{distribution.pk}",
        access_url=access,
        download_url=download,
        title=distribution.title or distribution.file_name,
        description=distribution.description,
        file_type=distribution.file_type,
        media_type=distribution.media_type,
        licence=licence,
        byte_size=distribution.byte_size,
        sha256=distribution.sha256,
        service=distribution.service,
    )


def _of_datastream(datastream: Datastream, pk: int, licence: str, root: str) -> Iterator[Offer]:
    address = root + datastream.sta_path
    for key, file_type, suffix, words in STREAM_FORMATS:
        yield Offer(
            key=f"distribution-{pk}-{key}",
            access_url=address + suffix,
            title=f"{datastream.name} ({words})",
            description=datastream.description,
            file_type=file_type,
            media_type=MEDIA_TYPE_OF[file_type],
            licence=OF_STREAM.get(datastream.licence, "") or licence,
            service=root + STA,
        )


def file_path(distribution: Distribution, dataset: Dataset) -> str:
    """Return where a file is to be had, from the root."""
    return f"{dataset.card.path}dateien/{distribution.pk}/{distribution.file_name}"


def first_day(dataset: Dataset) -> date | None:
    """Return the day of the first observation among the datastreams that are shown."""
    starts = [
        each.datastream.state.first_time
        for each in shown(dataset)
        if each.datastream is not None and each.datastream.state.first_time is not None
    ]
    return min(starts).date() if starts else None


def _page_of(publisher: Party | None, root: str) -> str:
    if publisher is None:
        return ""
    if publisher.organisation is not None:
        return publisher.organisation.website
    path: str = publisher.subject.get_absolute_url()  # type: ignore[union-attr]  # no organisation
    return root + path
