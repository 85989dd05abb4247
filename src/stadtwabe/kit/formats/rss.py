"""RSS 2.0 with the address of the feed itself (atom:link), as the RSS Advisory Board wants it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from stadtwabe.kit.formats.xml_text import xml_text

MEDIA_TYPE = "application/rss+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Entry:
    """One item; ``link`` is absolute and permanent, it identifies the item."""

    title: str
    link: str
    summary: str
    changed_at: datetime
    categories: tuple[str, ...] = ()


def write_rss(
    entries: Iterable[Entry], *, title: str, link: str, feed: str, summary: str, language: str
) -> Iterator[str]:
    """Yield the feed; ``link`` is the page, ``feed`` this feed, both absolute.

    Raises ValueError for a date without time zone.
    """
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>\n'
    yield f"<title>{xml_text(title)}</title><link>{xml_text(link)}</link>\n"
    yield f"<description>{xml_text(summary)}</description>\n"
    yield f"<language>{xml_text(language)}</language>\n"
    href = xml_text(feed).replace('"', "&quot;")
    yield f'<atom:link href="{href}" rel="self" type="application/rss+xml"/>\n'
    for entry in entries:
        if entry.changed_at.tzinfo is None:
            message = f"A date without time zone: {entry.title}"
            raise ValueError(message)
        categories = "".join(f"<category>{xml_text(word)}</category>" for word in entry.categories)
        yield (
            f"<item><title>{xml_text(entry.title)}</title><link>{xml_text(entry.link)}</link>"
            f'<guid isPermaLink="true">{xml_text(entry.link)}</guid>'
            f"<pubDate>{format_datetime(entry.changed_at)}</pubDate>{categories}"
            f"<description>{xml_text(entry.summary)}</description></item>\n"
        )
    yield "</channel></rss>\n"
