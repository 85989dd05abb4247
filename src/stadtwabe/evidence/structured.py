"""A thing for machines: as JSON with its statements, and as schema.org JSON-LD."""

from typing import Any

from django.utils.safestring import SafeString

from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.queries.things import ShownField, ShownValue, ThingView
from stadtwabe.kit.formats.json_text import data_block

_SCHEMA_ORG = {
    "Event": {"starts_on": "startDate", "ends_on": "endDate", "place": "location"},
    "Report": {"published_on": "datePublished", "publisher": "publisher", "authors": "author"},
    "SoftwareApplication": {"licence": "license"},
    "FundingScheme": {"funder": "funder"},
}
"""Which properties of a type of schema.org our columns are."""


def thing_as_json(view: ThingView) -> dict[str, Any]:
    """Return every known value of a thing with the statements behind it.

    ``value`` is as stored, ``text`` as people read it; dates are ISO 8601.
    """
    return {
        "kind": view.kind.name,
        "title": view.card.title,
        "address": view.card.path,
        "is_demo": view.card.is_demo,
        "changed_at": view.card.changed_at.isoformat(),
        "properties": {
            field.name: {
                "label": field.label,
                "values": [_value(value) for value in field.values],
                "disputed": [_value(value) for value in field.disputes],
            }
            for field in view.fields
            if field.is_known
        },
        "links": [
            {
                "relation": related.link.kind,
                "label": str(related.label),
                "direction": "out" if related.link.source_id == view.card.pk else "in",
                "title": related.card.title,
                "address": related.card.path,
            }
            for related in view.related
        ],
    }


def _value(value: ShownValue) -> dict[str, Any]:
    return {
        "value": value.key or value.text,
        "text": value.text,
        "sources": [_source(statement) for statement in value.sources],
    }


def _source(statement: Statement) -> dict[str, Any]:
    return {
        "statement": statement.get_absolute_url(),
        "document": statement.document.get_absolute_url() if statement.document else None,
        "quote": statement.quote or None,
        "declared_by": str(statement.declared_by) if statement.declared_by else None,
        "declared_on": statement.declared_on.isoformat() if statement.declared_on else None,
        "method": statement.method,
        "is_claim": statement.is_claim,
        "last_seen": statement.last_seen.isoformat(),
    }


def thing_as_json_ld(view: ThingView, *, address: str) -> SafeString:
    """Return the thing as a data block of schema.org; ``address`` is absolute."""
    kind = view.kind.card_kind.schema_type
    fields = {field.name: field for field in view.fields}
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "name": view.card.title,
        "url": address,
        "dateModified": view.card.changed_at.isoformat(),
    }
    if view.card.summary:
        data["description"] = view.card.summary
    if view.topics.values:
        data["keywords"] = [value.text for value in view.topics.values]
    website = fields.get("website")
    if website and website.values:
        data["sameAs"] = website.values[0].href
    for name, term in _SCHEMA_ORG.get(kind, {}).items():
        if name in fields and fields[name].values:
            data[term] = _plain(fields[name], term)
    if not kind.startswith(("Event", "Report", "DigitalDocument")):
        data.pop("dateModified")
    return data_block(data)


def _plain(field: ShownField, term: str) -> Any:
    value = field.values[0]
    if term == "location":
        return {"@type": "City", "name": value.text}
    return value.key if term.endswith("Date") or term.startswith("date") else value.text
