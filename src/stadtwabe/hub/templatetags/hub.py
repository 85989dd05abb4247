"""How old a value is, as every page of the hub says it."""

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from stadtwabe.hub.queries.readings import Reading

register = template.Library()


@register.simple_tag
def reading_age(reading: Reading) -> SafeString:
    """Write how long ago the value was observed; an old one is said to be old."""
    if reading.at is None:
        return format_html("<time data-live-time>{}</time>", _("noch kein Wert"))
    at = localtime(reading.at)
    old = SafeString("")
    if reading.is_old:
        old = format_html(' <span class="badge badge--old" data-live-old>{}</span>', _("veraltet"))
    return format_html(
        '<time data-live-time datetime="{}" title="{}">{}</time>{}',
        at.isoformat(),
        date_format(at, "SHORT_DATETIME_FORMAT"),
        naturaltime(at),
        old,
    )
