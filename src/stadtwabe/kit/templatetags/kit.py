"""The components that need a little computing; the others are plain ``{% include %}``.

All are shown with examples on ``/stil/`` and listed in ``kit/README.md``.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.core.paginator import Page
from django.http import HttpRequest
from django.template.context import Context
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.html import conditional_escape as escaped
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from stadtwabe.kit import clock
from stadtwabe.kit.assets import asset_url, boundary_urls
from stadtwabe.kit.drawing import bars as bar_chart
from stadtwabe.kit.drawing import honeycomb as comb
from stadtwabe.kit.drawing import timeline as time_chart
from stadtwabe.kit.drawing import words
from stadtwabe.kit.drawing.hexagon import avatar_for, hexagon_path

register = template.Library()

SMALL = mark_safe('width="24" height="24"')
"""The size of an icon where the style sheet did not arrive."""

SUMMARY_WORDS = 40
_G = SafeString("<g>")
_CURRENT = SafeString(' aria-current="true"')
_META = '<div class="item__meta">%s</div>'
HEXAGON = hexagon_path(24, 24, 23)


@register.simple_tag
def asset(name: str) -> str:
    """Return the address of a built file: ``{% asset "main.css" %}``."""
    return asset_url(name)


@register.simple_tag
def boundaries(*districts: str) -> str:
    """Return the boundaries for ``components/map.html``: ``{% boundaries "05958" as areas %}``.

    Without keys states and districts; with them the municipalities of those districts as well.
    """
    return boundary_urls(*districts)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of ``frontend/icons``; without ``label`` screen readers pass over it."""
    return _icon(f"{asset_url('icons.svg')}#{name}", str(label))


@lru_cache(maxsize=1024)
def _icon(address: str, label: str) -> SafeString:
    if label:
        return format_html(
            '<svg class="icon" {} role="img" aria-label="{}"><use href="{}"/></svg>',
            SMALL,
            label,
            address,
        )
    return format_html(
        '<svg class="icon" {} aria-hidden="true"><use href="{}"/></svg>', SMALL, address
    )


@register.simple_tag
def demo_badge(simulated: bool = False) -> SafeString:
    """Mark content of the demonstration; ``simulated``: values that no sensor measured."""
    word = _("simuliert") if simulated else _("Beispiel")
    return format_html('<span class="badge badge--demo">{} {}</span>', icon("info"), word)


@register.simple_tag
def source_mark(
    address: str, label: str | Promise, document: str = "", count: int = 1
) -> SafeString:
    """Write "Quelle", right after a value: ``label`` of the property, title of the ``document``.

    ``count`` is how many sources say the same; a page may have a hundred marks.
    """
    words = _("für: %(label)s") % {"label": label}
    shown = (
        format_html('<span aria-hidden="true">{}</span>', count) if count > 1 else SafeString("")
    )
    said = f"{count} {_('Quellen')} {words}" if count > 1 else f"{_('Quelle')} {words}"
    return format_html(
        '<a class="source" href="{}"{}>{}{}<span class="kern-sr-only">{}</span></a>',
        address,
        format_html(' title="{}"', document) if document else "",
        icon("source"),
        shown,
        said,
    )


@register.simple_tag
def list_item(
    *,
    title: str,
    address: str,
    summary: str = "",
    kind: str | Promise = "",
    kind_icon: str = "",
    accent: str = "",
    place: str = "",
    when: str = "",
    stage: tuple[str, str] | None = None,
    avatar_key: str = "",
) -> SafeString:
    """Write an entry of ``.listing``; a page has twenty, and a template takes ten times as long."""
    avatar = badge = words = below = ""
    if avatar_key:
        avatar = hex_avatar(avatar_key, title)
    if kind:
        sign = f"{icon(kind_icon)} " if kind_icon else ""
        badge = _META % f'<span class="badge badge--kind">{sign}{escaped(str(kind))}</span>'
    if summary:
        words = f'<p class="item__summary" lang="de">{escaped(_shortened(summary))}</p>'
    if place or when or stage:
        parts = []
        if stage:
            value, label = map(escaped, stage)
            parts.append(f'<span class="badge stage stage--{value}">{label}</span>')
        if place:
            parts.append(f"<span>{icon('map')} {escaped(place)}</span>")
        if when:
            parts.append(f"<span>{icon('calendar')} {escaped(when)}</span>")
        below = _META % "\n".join(parts)
    with_avatar = " item--avatar" if avatar_key else ""
    with_accent = f" accent--{escaped(accent)}" if accent else ""
    return SafeString(
        f'<article class="item{with_avatar}{with_accent}">{avatar}{badge}<h3 class="item__title">'
        f'<a href="{escaped(address)}" lang="de">{escaped(title)}</a></h3>{words}{below}</article>'
    )


def _shortened(text: str) -> str:
    words = text.split()
    short = " ".join(words[:SUMMARY_WORDS])
    return f"{short.removesuffix(' …')} …" if len(words) > SUMMARY_WORDS else short


@register.simple_tag
def facet_values(values: Iterable[Any]) -> SafeString:
    """Write the values of a facet (``components/facets.html``); a list may have a hundred."""
    box, hits = icon("check"), escaped(_("Treffer"))
    return SafeString(
        "\n".join(
            f'<li><a class="facet-value" id="facet-{escaped(value.key)}"'
            f' href="{escaped(value.address)}"{_CURRENT if value.is_selected else ""}'
            f' rel="nofollow"><span class="facet-value__box" aria-hidden="true">{box}</span>'
            f' <span>{escaped(value.label)}</span> <span class="facet-value__count">'
            f"{escaped(localize(value.count)) if value.count > 999 else value.count}"
            f'<span class="kern-sr-only"> {hits}</span></span></a></li>'
            for value in values
        )
    )


@register.simple_tag
def hex_icon(name: str, size: str = "") -> SafeString:
    """Draw an icon in a hexagon; decoration, so the word stands beside it."""
    return format_html(
        '<svg class="hex{}" width="48" height="48" viewBox="0 0 48 48" aria-hidden="true">'
        '<path class="hex__shape" d="{}"/>'
        '<use class="hex__icon" href="{}#{}" x="12" y="12" width="24" height="24"/></svg>',
        f" hex--{size}" if size else "",
        HEXAGON,
        asset_url("icons.svg"),
        name,
    )


@register.simple_tag
def hex_avatar(key: str, name: str, size: str = "") -> SafeString:
    """Draw the avatar of a town without a coat of arms."""
    return _avatar(str(key), str(name), size)


@lru_cache(maxsize=1024)
def _avatar(key: str, name: str, size: str) -> SafeString:
    avatar = avatar_for(key, name)
    return format_html(
        '<svg class="hex hex--tone-{}{}" width="48" height="48" viewBox="0 0 48 48"'
        ' aria-hidden="true">'
        '<path class="hex__shape" d="{}"/>'
        '<text class="hex__letters" x="24" y="31">{}</text></svg>',
        avatar.tone,
        f" hex--{size}" if size else "",
        HEXAGON,
        avatar.letters,
    )


@register.inclusion_tag("kit/components/topics.html")
def topics(items: Iterable[Any]) -> dict[str, object]:
    """Show topics with hexagon and word.

    ``items`` are pairs (value, label) or members of a choices class such as ``Topic``.
    """
    pairs = []
    for item in items:
        value, label = item if isinstance(item, tuple) else (item.value, item.label)
        pairs.append((value, label))
    return {"topics": pairs}


@register.inclusion_tag("kit/components/honeycomb.html")
def honeycomb(
    cells: Sequence[comb.Cell], fine: bool | None = None, legend: bool = True
) -> dict[str, object]:
    """Draw ``cells`` (``kit.drawing.honeycomb.Cell``); the list beside it does the navigating.

    ``fine=True`` shows it from 640 px up only, ``fine=False`` hides it there when a fine one
    follows; leave it out for a honeycomb that is always shown.
    """
    variant = "" if fine is None else "fine" if fine else "coarse"
    drawing, drawn = _drawn(tuple(cells))
    return {"drawing": drawing, "cells": drawn, "variant": variant, "with_legend": legend}


@lru_cache(maxsize=16)
def _drawn(cells: tuple[comb.Cell, ...]) -> tuple[comb.Honeycomb, SafeString]:
    """Draw the same cells once: they change when somebody writes something."""
    drawing = comb.draw(cells)
    drawn = format_html_join("", "{}", ((_drawn_cell(each, drawing),) for each in drawing.cells))
    return drawing, drawn


def _drawn_cell(drawn: comb.DrawnCell, drawing: comb.Honeycomb) -> SafeString:
    """Write one cell, which leads to its place where it has one; out of the order of tabs."""
    text = (
        format_html(
            '<text class="honeycomb__text" x="{}" y="{}" dy="5">{}</text>',
            drawn.x,
            drawn.y,
            drawn.cell.text,
        )
        if drawn.cell.text
        else ""
    )
    opening = format_html('<a href="{}" tabindex="-1">', drawn.cell.href) if drawn.cell.href else _G
    return format_html(
        "{}<title>{}</title>"
        '<use href="#{}" class="honeycomb__cell honeycomb__cell--{}" x="{}" y="{}"/>{}</{}>',
        opening,
        drawn.title,
        drawing.shape_id,
        drawn.step,
        drawn.x,
        drawn.y,
        text,
        "a" if drawn.cell.href else "g",
    )


@register.inclusion_tag("kit/components/bars.html")
def bars(
    rows: Iterable[bar_chart.Bar], longest: float | None = None, unit: str = ""
) -> dict[str, object]:
    """Draw zero-based bars of ``kit.drawing.bars.Bar``, each labelled directly."""
    return {"bars": bar_chart.draw(rows, longest=longest), "unit": unit}


@register.inclusion_tag("kit/components/timeline.html")
def timeline(spans: Iterable[time_chart.Span]) -> dict[str, object]:
    """Draw ``kit.drawing.timeline.Span`` over the years, and list them."""
    return {"timeline": time_chart.draw(spans, today=clock.day_of(clock.now()))}


@register.inclusion_tag("kit/components/diff.html")
def diff(before: str, after: str) -> dict[str, object]:
    """Show what changed between two texts, word by word."""
    return {"pieces": words.compare(str(before), str(after))}


@register.inclusion_tag("kit/components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], parameter: str = "seite") -> dict[str, object]:
    """Link the pages of a list; the other filters of the address stay."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "request": context["request"],
        "page": page,
        "numbers": [(str(number), _page_address(context, parameter, number)) for number in numbers],
        "previous": _page_address(context, parameter, page.number - 1),
        "next": _page_address(context, parameter, page.number + 1),
        "ellipsis": str(page.paginator.ELLIPSIS),
    }


def _page_address(context: Context, parameter: str, number: int | str) -> str:
    return _address_with(context["request"], **{parameter: "" if number == 1 else str(number)})


def _address_with(request: HttpRequest, **changes: str) -> str:
    """Return the query string of ``request`` with ``changes``; empty values are taken out."""
    kept = [(name, value) for name, value in request.GET.lists() if name not in changes]
    pairs = [*kept, *((name, value) for name, value in changes.items() if value)]
    return f"?{urlencode(pairs, doseq=True)}" if pairs else request.path


@register.inclusion_tag("kit/components/sort_header.html", takes_context=True)
def sort_header(
    context: Context, key: str, label: str, number: bool = False, parameter: str = "sortierung"
) -> dict[str, object]:
    """Head a column that sorts by link: once ascending, again descending (``-key``)."""
    request: HttpRequest = context["request"]
    current = request.GET.get(parameter, "")
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    wanted = f"-{key}" if direction == "ascending" else key
    return {
        "label": label,
        "direction": direction,
        "href": _address_with(request, **{parameter: wanted, "seite": ""}),
        "number": number,
    }


@register.simple_tag(takes_context=True)
def format_address(context: Context, name: str) -> str:
    """Return the address of this very view in another format: ``{% format_address "csv" %}``."""
    return _address_with(context["request"], format=name, seite="")
