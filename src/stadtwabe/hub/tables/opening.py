"""From a file to its table."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from stadtwabe.hub.tables import csv_file, excel_check, excel_file
from stadtwabe.hub.tables.moments import ZONES, DateOrder
from stadtwabe.hub.tables.table import Format, Table, Unreadable, file_type, find_header, make_table

DATE_ORDERS = [each.value for each in DateOrder]


def find_format(path: Path) -> Format:
    """Find out how a file is to be read; checks all of it. Raises Unreadable."""
    if file_type(path) == "xlsx":
        excel_check.check(path)
        names = excel_file.sheets(path)
        for name in names:
            try:
                header, decimal = find_header(excel_file.lines(path, name))
            except Unreadable:
                continue
            return Format(sheet=name, header_line=header, decimal=decimal)
        raise Unreadable(_("Die Datei ist leer."))
    found = csv_file.find_format(path)
    header, decimal = find_header(csv_file.lines(path, found))
    return replace(found, header_line=header, decimal=decimal)


def check_choice(found: Format, chosen: Format) -> None:
    """Refuse what cannot be chosen for a file that was ``found`` to be so. Raises Unreadable.

    What else Python knows as encodings and zones is no business of a table.
    """
    known: dict[str, Collection[str]] = {"decimal": ",.", "zone": ZONES, "date_order": DATE_ORDERS}
    if not found.sheet:
        known |= {"sheet": [""], "encoding": csv_file.ENCODINGS, "separator": csv_file.SEPARATORS}
    elif not chosen.sheet:
        raise Unreadable(_("Dieses Tabellenblatt gibt es nicht."))
    for name, possible in known.items():
        if getattr(chosen, name) not in list(possible):
            said = ", ".join(repr(each) for each in possible)
            raise Unreadable(
                _("%(name)s: Möglich sind nur %(possible)s.") % {"name": name, "possible": said}
            )


def open_table(path: Path, format_: Format) -> Table:
    """Return the table of a file, to be read row by row. Raises Unreadable."""
    if not format_.sheet:
        return make_table(format_, (), lambda: csv_file.lines(path, format_))
    names = excel_file.sheets(path)
    if format_.sheet not in names:
        raise Unreadable(_("Dieses Tabellenblatt gibt es nicht."))
    return make_table(format_, names, lambda: excel_file.lines(path, format_.sheet))
