"""The main navigation: only what this installation really has."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stadtwabe.people.actors import actor_of
from stadtwabe.people.rules import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: address, label, icon and accent of its module; ``role``: only for who holds it."""

    path: str
    label: str | Promise
    icon: str
    accent: str
    role: Role | None = None


ENTRIES = (
    Entry("/orte/", _("Orte"), "module-places", "places"),
    Entry("/atlas/", _("Atlas"), "module-atlas", "atlas"),
    Entry("/daten/", _("Daten"), "module-hub", "hub"),
    Entry("/mitmachen/", _("Mitmachen"), "module-participation", "participation"),
    Entry("/termine/", _("Termine"), "module-programme", "programme"),
    Entry("/wegweiser/", _("Wegweiser"), "module-guide", "guide"),
    Entry("/redaktion/", _("Redaktion"), "module-desk", "places", role=Role.EDITOR),
)


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry on a certain page."""

    path: str
    label: str | Promise
    icon: str
    accent: str
    is_current: bool
    is_exact: bool


@cache
def _exists(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def entries_for(request: HttpRequest) -> Iterator[ShownEntry]:
    """Yield the entries to show on the page of ``request``."""
    for entry in ENTRIES:
        if not _exists(entry.path) or (entry.role and not _holds(request, entry.role)):
            continue
        is_exact = request.path == entry.path
        is_current = request.path.startswith(entry.path)
        yield ShownEntry(entry.path, entry.label, entry.icon, entry.accent, is_current, is_exact)


def _holds(request: HttpRequest, role: Role) -> bool:
    actor = actor_of(request)
    return actor.is_operator or actor.holds_anywhere(role)
