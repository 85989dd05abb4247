"""Joining two cards."""

from stadtwabe.catalog.models import Card, Link


def link_cards(*, source: Card, target: Card, kind: str) -> Link:
    """Join two cards; the same link again is the link that is there."""
    link, _created = Link.objects.get_or_create(source=source, target=target, kind=kind)
    return link


def unlink_cards(*, source: Card, target: Card, kind: str) -> None:
    """Take the link between two cards away, with the statements about it."""
    Link.objects.filter(source=source, target=target, kind=kind).delete()
