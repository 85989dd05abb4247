"""Text to suggested facts: the one function of this package."""

from dataclasses import replace
from typing import TypeVar

from stadtwabe.places.gazetteer.gazetteer import Gazetteer
from stadtwabe.reading.document import ByPosition, Document
from stadtwabe.reading.extract.extracted import BlockKind, Extracted
from stadtwabe.reading.extract.language import language_of
from stadtwabe.reading.extract.layout import blocks_of
from stadtwabe.reading.mentions.dates import dates_in
from stadtwabe.reading.mentions.heads import Heads
from stadtwabe.reading.mentions.money import amounts_in, declared_amounts
from stadtwabe.reading.mentions.organisation import Organisation, spans_of
from stadtwabe.reading.mentions.organisations import long_names, organisations_in
from stadtwabe.reading.mentions.partners import listed_between, partners_in
from stadtwabe.reading.mentions.places import places_in
from stadtwabe.reading.mentions.quotes import quoted_in
from stadtwabe.reading.mentions.span import Spans
from stadtwabe.reading.mentions.urls import address_spans, urls_in
from stadtwabe.reading.model import (
    ReadAmount,
    ReadDate,
    Reading,
    ReadPlace,
    ReadProperty,
    ReadThing,
    ReadUrl,
    ThingKind,
)
from stadtwabe.reading.things.assemble import things_of
from stadtwabe.reading.things.merging import tokens_of
from stadtwabe.reading.topics import topics_of
from stadtwabe.reading.view import view_of

CERTAIN = 0.9
"""From here on a value may be pre-filled."""
LIKELY = 0.5
"""From here on a thing is stated by the command line; below, it is only offered."""


def read(source: str | Extracted, *, gazetteer: Gazetteer | None = None) -> Reading:
    """Read a text, or what `extract` gave. Pure and deterministic; nothing is decided.

    `gazetteer` holds an operator's own networks of towns beside the register; by default the
    built-in register alone.
    """
    extracted = source if isinstance(source, Extracted) else _plain(source)
    text, blocks = extracted.text, extracted.blocks
    view = view_of(text, blocks)
    urls = urls_in(view)
    addresses = [(url.start, url.end) for url in urls] + [*address_spans(view)]
    masked = Spans(addresses)
    organisations = organisations_in(view, masked)
    amounts = amounts_in(view)
    spoken = Spans((amount.start, amount.end) for amount in amounts)
    amounts += [a for a in declared_amounts(view, blocks) if not spoken.touch(a.start, a.end)]
    places = places_in(view, masked.as_list(), Spans(spans_of(organisations)), gazetteer)
    organisations += partners_in(view, blocks, organisations, places)
    organisations.sort(key=lambda one: one.start)
    if more := listed_between(view, organisations, places):
        organisations = sorted([*organisations, *more], key=lambda one: one.start)
    lowered = _lowered(view)
    document = Document(
        extracted=extracted,
        view=view,
        lowered=lowered,
        heads=Heads(view, lowered),
        quoted=ByPosition(quoted_in(view)),
        dates=ByPosition(_as_stored(dates_in(view, blocks, masked), text, view)),
        amounts=ByPosition(_as_stored(amounts, text, view)),
        urls=ByPosition(_as_stored(urls, text, view)),
        organisations=ByPosition(organisations),
        places=ByPosition(_as_stored(places, text, view)),
    )
    headings = Spans((b.start, b.end) for b in blocks if b.kind == BlockKind.HEADING)
    starts = [block.start for block in blocks]
    topics, sdgs = topics_of(view, lowered, Spans(spans_of(organisations)), headings, starts)
    things = [*things_of(document), *_organisations(document)]
    return Reading(
        text=text,
        places=tuple(document.places.all),
        dates=tuple(document.dates.all),
        amounts=tuple(document.amounts.all),
        urls=tuple(document.urls.all),
        things=tuple(things),
        topics=topics,
        sdgs=sdgs,
        language=extracted.language,
        warnings=extracted.warnings,
    )


_Mention = TypeVar("_Mention", ReadPlace, ReadDate, ReadAmount, ReadUrl)


def _as_stored(found: list[_Mention], text: str, view: str) -> list[_Mention]:
    """Quotes as they stand in the stored text, with its line breaks and odd spaces."""
    if text == view:
        return found
    return [
        one if one.quote == (quote := text[one.start : one.end]) else replace(one, quote=quote)
        for one in found
    ]


def _plain(text: str) -> Extracted:
    return Extracted(text, blocks_of(text), "text/plain", language=language_of(text))


def _lowered(view: str) -> str:
    """Lower case of the same length; a few letters would grow (``İ``)."""
    lowered = view.lower()
    if len(lowered) == len(view):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in view)


def _organisations(document: Document) -> list[ReadThing]:
    """One thing an organisation, with its short names; the longest form names it."""
    groups: list[list[Organisation]] = []
    by_name: dict[str, list[Organisation]] = {}
    for one in document.organisations.all:
        group = by_name.get(one.name) or next((g for g in groups if _same(g, one)), None)
        if group is None:
            group = [one]
            groups.append(group)
        else:
            group.append(one)
        by_name[one.name] = group
    return [_organisation(document, group) for group in groups]


def _same(group: list[Organisation], one: Organisation) -> bool:
    names = {member.name for member in group} | {member.alias for member in group} - {""}
    if one.name in names or (one.alias and one.alias in names):
        return True
    longs = long_names()
    tokens = tokens_of(one.name)
    for name in names:
        other = tokens_of(name)
        if tokens == other:
            return True
        if longs.get(one.name) and tokens_of(longs[one.name]) == other:
            return True
        if longs.get(name) and tokens_of(longs[name]) == tokens:
            return True
        smaller, larger = sorted((tokens, other), key=len)
        if len(smaller) >= 2 and smaller < larger and len(larger) - len(smaller) <= 3:
            return True
    return False


def _organisation(document: Document, group: list[Organisation]) -> ReadThing:
    best = max(group, key=lambda one: (len(one.name), -one.start))
    start = best.start
    quote = document.text[start : best.end]
    properties = [
        ReadProperty("name", best.name, start, best.end, quote, best.confidence, (best.rule,))
    ]
    seen = {best.name}
    for one in group:
        for value, a, b in (
            (one.name, one.start, one.end),
            (one.alias, *_alias_span(document, one)),
        ):
            if value and value not in seen:
                seen.add(value)
                properties.append(
                    ReadProperty("alias", value, a, b, document.text[a:b], one.confidence)
                )
        if one.legal_form and one is best:
            a = document.view.index(one.legal_form, one.start)
            b = a + len(one.legal_form)
            properties.append(
                ReadProperty("legal_form", one.legal_form, a, b, document.text[a:b], 0.95)
            )
    places = document.places.within(start, best.end)
    properties += [
        ReadProperty("place", p.key, p.start, p.end, document.text[p.start : p.end], p.confidence)
        for p in places
    ]
    return ReadThing(
        ThingKind.ORGANISATION, best.name, tuple(properties), tuple(places),
        max(one.confidence for one in group), (best.rule,), start, best.end,
    )  # fmt: skip


def _alias_span(document: Document, one: Organisation) -> tuple[int, int]:
    if not one.alias:
        return one.start, one.end
    start = document.view.index(one.alias, one.end)
    return start, start + len(one.alias)
