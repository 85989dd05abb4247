"""What our catalogue says of itself."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from stadtwabe.hub.dcat.graph import CataloguePage

CATALOGUE = "/daten/catalog"


def about_catalogue(
    *,
    root: str,
    ending: str,
    modified: datetime | None,
    total: int,
    per_page: int,
    number: int = 1,
) -> CataloguePage:
    """Return page ``number`` (from 1) of the catalogue of the site at ``root``."""
    last = max(1, -(-total // per_page))

    def address(page: int) -> str:
        return f"{root}{CATALOGUE}.{ending}?page={page}"

    return CataloguePage(
        address=f"{root}{CATALOGUE}",
        home=f"{root}/daten/datensaetze/",
        title=_("Stadtwabe: Datensätze"),
        description=_("Offene Daten der Städte, Gemeinden und Verbünde auf dieser Stadtwabe."),
        publisher=settings.OPERATOR["name"] or _("Betrieb dieser Stadtwabe"),
        publisher_page=f"{root}/impressum/",
        modified=modified,
        total=total,
        per_page=per_page,
        here=address(number),
        first=address(1),
        last=address(last),
        previous=address(number - 1) if number > 1 else "",
        next=address(number + 1) if number < last else "",
    )
