"""From a file to its table."""

from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from stadtwabe.hub.tables import csv_file, excel_check, excel_file
from stadtwabe.hub.tables.table import Format, Table, Unreadable, file_type, find_header, make_table


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


def open_table(path: Path, format_: Format) -> Table:
    """Return the table of a file, to be read row by row. Raises Unreadable."""
    if not format_.sheet:
        return make_table(format_, (), lambda: csv_file.lines(path, format_))
    names = excel_file.sheets(path)
    if format_.sheet not in names:
        raise Unreadable(_("Dieses Tabellenblatt gibt es nicht."))
    return make_table(format_, names, lambda: excel_file.lines(path, format_.sheet))
