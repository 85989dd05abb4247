"""One way in to every kind of source."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from stadtwabe.hub.dcat.reader import Problem, ReadPage
from stadtwabe.hub.harvest import ckan, dcat, sensorthings
from stadtwabe.hub.harvest.asking import Get, SourceFailed, get_interface
from stadtwabe.hub.models import HarvestKind

PAGES: dict[str, Callable[[str, Get], Iterator[ReadPage]]] = {
    HarvestKind.DCAT: dcat.pages,
    HarvestKind.CKAN: ckan.pages,
    HarvestKind.SENSORTHINGS: sensorthings.pages,
}
MOST_ENTRIES = 50_000


def read_source(kind: str, address: str, *, get: Get = get_interface) -> ReadPage:
    """Read a whole source: each dataset once, with what was wrong.

    Raises SourceFailed when any part of it could not be read: then nobody can tell what is gone.
    """
    entries, problems = {}, list[Problem]()
    for page in PAGES[kind](address, get):
        entries.update({entry.address: entry for entry in page.entries})
        problems.extend(page.problems)
        if len(entries) > MOST_ENTRIES:
            raise SourceFailed(_("Die Quelle hat mehr als %s Datensätze.") % MOST_ENTRIES)
    return ReadPage(tuple(entries.values()), tuple(problems), "")
