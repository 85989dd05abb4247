"""Which format a request asks for: ``?format=`` first, then the Accept header."""

from collections.abc import Collection, Mapping

from stadtwabe.kit.errors import Invalid
from stadtwabe.kit.formats import csv_text, geojson, icalendar, json_text, rss

HTML = "html"
MEDIA_TYPES: Mapping[str, str] = {
    HTML: "text/html; charset=utf-8",
    "json": json_text.MEDIA_TYPE,
    "csv": csv_text.MEDIA_TYPE,
    "geojson": geojson.MEDIA_TYPE,
    "rss": rss.MEDIA_TYPE,
    "ics": icalendar.MEDIA_TYPE,
}


def wanted_format(query: Mapping[str, str], accept: str, *, offered: Collection[str]) -> str:
    """Return the name of the format to answer in; ``html`` when nothing else is asked for.

    Raises Invalid, naming what is offered, for a ``format`` that this list does not have.
    An Accept header that nothing offered fits gives ``html``, as browsers send odd ones.
    """
    name = query.get("format", "").lower()
    if name:
        if name == HTML or name in offered:
            return name
        message = f"Das Format „{name}“ gibt es hier nicht."
        remedy = f"Möglich sind: {', '.join(sorted({HTML, *offered}))}."
        raise Invalid(message, field="format", remedy=remedy)
    best, best_quality = HTML, 0.0
    for part in accept.split(","):
        media, _, parameters = part.strip().partition(";")
        quality = _quality(parameters)
        for known, media_type in MEDIA_TYPES.items():
            is_ours = known == HTML or known in offered
            if (
                is_ours
                and media_type.split(";")[0] == media.strip().lower()
                and quality > best_quality
            ):
                best, best_quality = known, quality
    return best


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
