"""/daten/hochladen/: tables with observations, from the file to the report."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stadtwabe.evidence.pages.editing import errors_shown
from stadtwabe.hub.commands.uploads import (
    delete_upload,
    is_silent,
    kinds_of,
    map_upload,
    receive_upload,
    start_upload,
    table_of,
)
from stadtwabe.hub.forms.uploads import ZONE_NAMES, ColumnsForm, FormatForm, UploadForm
from stadtwabe.hub.models import Datastream, RefusedRow, Upload, UploadState
from stadtwabe.hub.pages.access import for_stewards
from stadtwabe.hub.queries.readings import AS_STORED, shown_value
from stadtwabe.hub.queries.uploads import fillable, uploads_of
from stadtwabe.hub.tables.csv_file import ENCODINGS, SEPARATORS
from stadtwabe.hub.tables.mapping import Columns, names_in
from stadtwabe.hub.tables.preview import Preview, preview
from stadtwabe.hub.tables.table import Table, Unreadable
from stadtwabe.hub.uploading import defer_upload
from stadtwabe.kit.clock import now
from stadtwabe.kit.download import csv_download
from stadtwabe.kit.errors import DomainError
from stadtwabe.kit.methods import get_or_post
from stadtwabe.kit.numbers import whole_number
from stadtwabe.kit.uploads import refused_files
from stadtwabe.people.actors import actor_of
from stadtwabe.people.models import User

LIST = "/daten/hochladen/"
PER_PAGE = 20
REFUSED_SHOWN = 50


@for_stewards
@get_or_post
def uploads(request: HttpRequest) -> HttpResponse:
    """Take a file, and list the former ones."""
    actor = actor_of(request)
    form = UploadForm(request.POST or None, request.FILES or None, actor=actor)
    if request.method == "POST" and refused_files(request):
        form.add_error("file", _("Die Datei ist zu groß. Teilen Sie sie auf, etwa nach Jahren."))
    elif request.method == "POST" and form.is_valid():
        user = request.user if isinstance(request.user, User) else None
        with errors_shown(form):
            upload = receive_upload(
                actor=actor,
                owner=form.cleaned_data["owner"],
                file=form.cleaned_data["file"],
                user=user,
                now=now(),
            )
            return redirect("hub:upload", upload.pk)
    context = {
        "form": form,
        "page": Paginator(uploads_of(actor), PER_PAGE).get_page(request.GET.get("seite")),
        "crumbs": _crumbs(),
    }
    return render(request, "hub/uploads.html", context, status=422 if form.errors else 200)


@for_stewards
@get_or_post
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Map the columns and see how the first rows would be stored; later: what became of them."""
    found = _upload_at(request, pk)
    if request.GET.get("teil") == "fortschritt":
        part = render(request, "hub/_upload_progress.html", {"upload": found})
        if not found.is_busy:
            part["HX-Refresh"] = "true"
        return part
    if found.state != UploadState.DRAFT:
        return _report(request, found)
    try:
        table = table_of(found)
    except Unreadable as error:
        return _report(request, found, problem=str(error))
    return _mapping(request, found, table)


@for_stewards
@get_or_post
def upload_format(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct how the file is read."""
    found = _upload_at(request, pk)
    try:
        form = FormatForm(request.POST or None, table=table_of(found))
    except Unreadable as error:
        return _report(request, found, problem=str(error))
    if request.method == "POST" and form.is_valid():
        with errors_shown(form):
            map_upload(actor=actor_of(request), upload=found, format_=form.format, now=now())
            return redirect("hub:upload", pk)
    context = {
        "title": _("So wird die Datei gelesen"),
        "lead": _("Das hat Stadtwabe erkannt. Ändern Sie, was nicht stimmt."),
        "form": form,
        "back": f"{LIST}{pk}/",
        "action": _("Übernehmen"),
        "crumbs": _crumbs((found.file_name, f"{LIST}{pk}/"), (_("Erkannt"), "")),
    }
    return render(request, "hub/simple_form.html", context, status=422 if form.errors else 200)


@for_stewards
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the file to a worker."""
    found = _upload_at(request, pk)
    try:
        started = start_upload(actor=actor_of(request), upload=found, now=now())
    except (DomainError, Unreadable) as error:
        messages.error(request, str(error))
    else:
        defer_upload(started)
    return redirect("hub:upload", pk)


@for_stewards
@get_or_post
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a file with its report, after a question."""
    found = _upload_at(request, pk)
    if request.method == "POST":
        delete_upload(actor=actor_of(request), upload=found, now=now())
        messages.success(request, _("Die Datei ist gelöscht."))
        return redirect(LIST)
    context = {
        "title": _("Datei löschen: %s") % found,
        "question": _("Soll die Datei mit ihrem Bericht gelöscht werden?"),
        "consequence": _("Was aus ihr gespeichert wurde, bleibt."),
        "action": _("Löschen"),
        "is_danger": True,
        "back": f"{LIST}{pk}/",
        "crumbs": _crumbs((found.file_name, f"{LIST}{pk}/"), (_("Löschen"), "")),
    }
    return render(request, "kit/confirm.html", context)


@for_stewards
@require_safe
def refused_rows(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the rows of which something was not stored, with the reasons, as CSV."""
    found = _upload_at(request, pk)
    try:
        table = table_of(found)
    except Unreadable as error:
        raise Http404 from error
    labels = [table.label(place) for place in range(len(table.columns))]
    columns = [*labels, _("Zeile in der Datei"), _("Grund")]
    return csv_download(columns, _refused(found, table), name=f"nicht-gespeichert-{found.pk}")


def _refused(found: Upload, table: Table) -> Iterator[list[object]]:
    width = len(table.columns)
    wanted = found.refused_rows.order_by("line").iterator(chunk_size=1000)
    row = next(wanted, None)
    for line in table.lines():
        if row is None:
            return
        if line.number == row.line:
            cells: list[object] = list(line.cells[:width])
            cells += [None] * (width - len(cells))
            yield [*cells, row.line, " ".join(_words(table, row))]
            row = next(wanted, None)


def _words(table: Table, row: RefusedRow) -> list[str]:
    return [
        each["reason"]
        if each["column"] is None
        else f"{table.label(each['column'])}: {each['reason']}"
        for each in row.reasons
    ]


def _mapping(request: HttpRequest, found: Upload, table: Table) -> HttpResponse:
    actor = actor_of(request)
    columns = Columns.of(found.columns or {"time": 0})
    streams = list(fillable(actor, found.owner))
    is_long = request.GET.get("aufbau", "lang" if columns.is_long else "breit") == "lang"
    names = _names(request, table, columns) if is_long else None
    form = ColumnsForm(
        request.POST or None, table=table, columns=columns, streams=streams, names=names
    )
    is_checked = False
    if request.method == "POST" and form.is_valid():
        with errors_shown(form):
            found = map_upload(actor=actor, upload=found, columns=form.columns, now=now())
            columns, is_checked = form.columns, True
    shown: Preview | None = None
    if not form.errors and columns.datastream_ids and columns.is_long == is_long:
        try:
            shown = preview(table, columns, kinds_of(actor, found, columns))
        except DomainError as error:
            messages.warning(request, str(error))
    by_id = {each.pk: each for each in streams}
    context = {
        "upload": found,
        "table": table,
        "form": form,
        "is_long": is_long,
        "is_checked": is_checked,
        "has_streams": bool(streams),
        "recognised": _recognised(table),
        "preview": shown,
        "problems": [
            {
                "line": line,
                "column": "" if each.column is None else table.label(each.column),
                "cell": each.cell,
                "reason": each.reason,
            }
            for line, each in (shown.problems if shown else [])
        ],
        "preview_rows": _preview_rows(shown, by_id) if shown else [],
        "crumbs": _crumbs((found.file_name, "")),
    }
    return render(request, "hub/upload.html", context, status=422 if form.errors else 200)


def _names(request: HttpRequest, table: Table, columns: Columns) -> list[str]:
    chosen = whole_number(request.POST.get("series"), digits=3)
    place = columns.series if chosen is None else chosen
    return [] if place is None else names_in(table, place)


def _preview_rows(shown: Preview, streams: dict[int, Datastream]) -> list[dict[str, Any]]:
    """Each value of the first rows on a line of its own, as it would be stored."""
    return [
        {
            "line": row.line.number,
            "at": each.at,
            "stream": streams[each.datastream_id],
            "value": shown_value(each.result, decimals=AS_STORED),
            "unit": streams[each.datastream_id].symbol,
        }
        for row in shown.rows
        for each in row.found
    ][:24]


def _report(request: HttpRequest, found: Upload, problem: str = "") -> HttpResponse:
    try:
        table: Table | None = table_of(found)
    except Unreadable:
        table = None
    rows = list(found.refused_rows.all()[:REFUSED_SHOWN])
    context = {
        "upload": found,
        "problem": problem or found.failure,
        "is_busy": found.is_busy,
        "may_restart": found.state == UploadState.FAILED
        or (found.is_busy and is_silent(found, now())),
        "has_file": table is not None,
        "refused_rows": [
            {
                "line": row.line,
                "reasons": [
                    {
                        "column": table.label(each["column"])
                        if table and each["column"] is not None
                        else "",
                        **{name: each[name] for name in ("cell", "reason")},
                    }
                    for each in row.reasons
                ],
            }
            for row in rows
        ],
        "refused_count": found.refused_rows.count(),
        "crumbs": _crumbs((found.file_name, "")),
    }
    return render(request, "hub/upload_report.html", context)


def _recognised(table: Table) -> list[str]:
    """What was found out about the file, in words."""
    format_ = table.format
    kind = [f"Excel, {format_.sheet}"]
    if not format_.sheet:
        kind = [f"CSV, {ENCODINGS[format_.encoding]}", SEPARATORS[format_.separator]]
    header = _("Überschriften in Zeile %d") % format_.header_line
    return [
        *kind,
        header if format_.header_line else _("keine Überschriften"),
        _("Dezimalkomma") if format_.decimal == "," else _("Dezimalpunkt"),
        str(dict(ZONE_NAMES)[format_.zone]),
    ]


def _upload_at(request: HttpRequest, pk: int) -> Upload:
    return get_object_or_404(uploads_of(actor_of(request)), pk=pk)


def _crumbs(*below: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Daten"), "/daten/"), (_("Hochladen"), LIST if below else ""), *below]
