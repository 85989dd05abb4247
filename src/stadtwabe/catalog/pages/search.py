"""The search over everything."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from stadtwabe.catalog.pages.lists import CALENDAR_FORMATS, card_list


def everything(request: HttpRequest) -> HttpResponseBase:
    """Show all that the catalogue holds, narrowed by what is asked for."""
    return card_list(request, title=_("Suche"), formats=CALENDAR_FORMATS)
