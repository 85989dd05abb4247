"""A dataset as schema.org describes it, for search engines."""

from typing import Any

from django.utils.safestring import SafeString

from stadtwabe.hub.dcat.entries import Entry, Offer
from stadtwabe.hub.vocabularies import LICENCES, DataLicence
from stadtwabe.kit.formats.json_text import data_block


def dataset_as_json_ld(entry: Entry, *, licence: str) -> SafeString:
    """Return the data block of a dataset's page (schema.org Dataset)."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": entry.title,
        "description": entry.description or entry.title,
        "url": entry.address,
        "identifier": entry.identifier,
        "isAccessibleForFree": True,
        "distribution": [_download(offer) for offer in entry.offers],
    }
    if licence:
        data["license"] = LICENCES + licence if licence in DataLicence.values else licence
    if entry.publisher:
        publisher = {"@type": "Organization", "name": entry.publisher}
        if entry.publisher_page:
            publisher["url"] = entry.publisher_page
        data["creator"] = data["publisher"] = publisher
    if entry.keywords:
        data["keywords"] = list(entry.keywords)
    if entry.starts_on or entry.ends_on:
        data["temporalCoverage"] = f"{entry.starts_on or '..'}/{entry.ends_on or '..'}"
    if entry.issued:
        data["datePublished"] = entry.issued
    if entry.modified:
        data["dateModified"] = entry.modified
    return data_block(data)


def _download(offer: Offer) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "DataDownload",
        "contentUrl": offer.download_url or offer.access_url,
    }
    if offer.title:
        found["name"] = offer.title
    if offer.media_type or offer.file_type:
        found["encodingFormat"] = offer.media_type or offer.file_type
    if offer.byte_size is not None:
        found["contentSize"] = f"{offer.byte_size} B"
    return found
