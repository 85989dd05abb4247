"""Days that are known to the day, the month or the year: to words, and from what people type."""

import re
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stadtwabe.kit.errors import Invalid

DAY, MONTH, YEAR = "day", "month", "year"

_MONTHS = (
    ("januar", "jan", "jänner", "january"),
    ("februar", "feb", "february"),
    ("märz", "mär", "mrz", "maerz", "march", "mar"),
    ("april", "apr"),
    ("mai", "may"),
    ("juni", "jun", "june"),
    ("juli", "jul", "july"),
    ("august", "aug"),
    ("september", "sep", "sept"),
    ("oktober", "okt", "october", "oct"),
    ("november", "nov"),
    ("dezember", "dez", "december", "dec"),
)
_MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_FORMS = (
    (re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"), DAY),
    (re.compile(r"(?P<d>\d{1,2})\.\s*(?P<m>\d{1,2})\.\s*(?P<y>\d{4})"), DAY),
    (re.compile(r"(?P<d>\d{1,2})\.?\s+(?P<name>[^\W\d]+)\.?\s+(?P<y>\d{4})"), DAY),
    (re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})"), MONTH),
    (re.compile(r"(?P<m>\d{1,2})[./](?P<y>\d{4})"), MONTH),
    (re.compile(r"(?P<name>[^\W\d]+)\.?\s+(?P<y>\d{4})"), MONTH),
    (re.compile(r"(?P<y>\d{4})"), YEAR),
)


def shown_date(day: date, precision: str = DAY) -> str:
    """Return ``day`` in words, no more exactly than it is known: *Mai 2021*, *2021*."""
    if precision == YEAR:
        return str(day.year)
    if precision == MONTH:
        return date_format(day, "F Y")
    return date_format(day, "DATE_FORMAT")


def typed_date(day: date, precision: str = DAY) -> str:
    """Return ``day`` as one would type it into a form: *12.05.2021*, *05/2021*, *2021*."""
    forms = {YEAR: "%Y", MONTH: "%m/%Y"}
    return day.strftime(forms.get(precision, "%d.%m.%Y"))


def read_date(text: str) -> tuple[date, str]:
    """Return the first day of what ``text`` names, and how exactly it names it.

    Understands 12.05.2021, 2021-05-12, 12. Mai 2021, 05/2021, 2021-05, Mai 2021 and 2021.
    Raises Invalid for anything else.
    """
    text = " ".join(text.split())
    for pattern, precision in _FORMS:
        found = pattern.fullmatch(text)
        if not found:
            continue
        parts = found.groupdict()
        month = int(parts.get("m") or 1)
        if parts.get("name"):
            month = _MONTH_NUMBERS.get(parts["name"].lower(), 0)
        try:
            return date(int(parts["y"]), month, int(parts.get("d") or 1)), precision
        except ValueError:
            break
    raise Invalid(
        _("„%s“ ist kein Datum.") % text,
        remedy=_("Schreiben Sie zum Beispiel 12.05.2021, Mai 2021 oder 2021."),
    )
