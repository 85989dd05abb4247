"""One card in a list."""

from django import template
from django.utils.safestring import SafeString

from stadtwabe.catalog.queries.entries import ListedCard
from stadtwabe.kit.templatetags.kit import list_item

register = template.Library()


@register.simple_tag
def listed_card(
    listed: ListedCard, without_kind: bool = False, with_avatar: bool = True
) -> SafeString:
    """Write a card as an entry of ``.listing``.

    ``without_kind``: where a heading names the kind already; the avatar of a town says it too.
    """
    card, kind = listed.card, listed.kind
    avatar_key = listed.avatar_key if with_avatar else ""
    return list_item(
        title=card.title,
        address=card.path,
        summary=card.summary,
        kind="" if without_kind or avatar_key else kind.label,
        kind_icon=kind.icon_name,
        accent=kind.accent,
        place=listed.place,
        when=listed.when,
        stage=listed.stage,
        avatar_key=avatar_key,
    )
