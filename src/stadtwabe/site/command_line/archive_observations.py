"""Moves observations of closed months out of the database into Parquet files, and names them.

Name months (2026-03), or --older-than a number of months; with --dry-run nothing moves. Everything
stays readable at the same addresses. Run again, it joins what came late with the files. Without
months it prints the files of the archive, which other programs may read; docs/archive.md says how.
"""

import argparse
from datetime import date, datetime

from django.conf import settings

from stadtwabe.hub.commands.archive import (
    Due,
    archive_month,
    drop_emptied_months,
    fill_bucket,
    month_before,
    months_due,
    sweep_archive,
)
from stadtwabe.hub.commands.quality import review_touched
from stadtwabe.hub.models import ArchiveMonth
from stadtwabe.hub.queries.archive import next_month
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import Invalid
from stadtwabe.site.command_line.output import Output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which months."""
    parser.add_argument("months", nargs="*", metavar="MONTH", help="months such as 2026-03 (UTC)")
    parser.add_argument(
        "--older-than", type=int, metavar="N", help="all months but the last N that are over"
    )
    parser.add_argument(
        "--to-bucket",
        action="store_true",
        help="put files that lie in the data folder into the bucket of STADTWABE_ARCHIVE_BUCKET",
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be moved")


def run(options: argparse.Namespace, output: Output) -> int:
    """Prints one result a month, or a file."""
    if options.to_bucket:
        return _to_bucket(output)
    if not options.months and options.older_than is None:
        for file in ArchiveMonth.objects.order_by("month", "bucket"):
            output.result(_record(file), f"{file.file}: {file.rows:,} observations")
        return 0
    due = _due(options)
    for number, month in enumerate(due, start=1):
        if options.dry_run:
            output.result(_about(month), f"{month.month:%Y-%m}: {_counts(month)} would move.")
            continue
        review_touched()
        files = archive_month(actor=SYSTEM, month=month.month, now=now())
        size = sum(file.bytes for file in files)
        output.result(
            {**_about(month), "files": [_record(file) for file in files]},
            f"{month.month:%Y-%m}: {_counts(month)} moved, {size:,} bytes in {len(files)} files.",
        )
        output.progress(number, len(due), f"{month.month:%Y-%m}")
    if not due:
        output.say("stadtwabe archive: there is nothing to move.")
    elif not options.dry_run:
        drop_emptied_months(actor=SYSTEM, before=next_month(due[-1].month))
        sweep_archive(actor=SYSTEM)
    return 0


def _to_bucket(output: Output) -> int:
    if settings.ARCHIVE_BUCKET is None:
        raise Invalid("There is no bucket.", remedy="Set STADTWABE_ARCHIVE_BUCKET.")
    moved = fill_bucket(actor=SYSTEM)
    for file in moved:
        output.result({"file": file}, file)
    output.say(f"stadtwabe archive: {len(moved)} files are now in the bucket.")
    return 0


def _due(options: argparse.Namespace) -> list[Due]:
    if options.older_than is not None:
        if options.older_than < 0 or options.months:
            raise Invalid("Name months, or --older-than a number of months from 0 on.")
        return months_due(before=month_before(now(), options.older_than))
    months = {_month(text) for text in options.months}
    due = months_due(before=next_month(max(months)))
    return [each for each in due if each.month in months]


def _month(text: str) -> date:
    try:
        return datetime.strptime(f"{text}-01 +0000", "%Y-%m-%d %z").date()
    except ValueError as error:
        raise Invalid(f"{text} is no month.", remedy="Write 2026-03.") from error


def _about(due: Due) -> dict[str, object]:
    return {
        "month": f"{due.month:%Y-%m}",
        "observations": due.observations,
        "datastreams": due.datastreams,
    }


def _counts(due: Due) -> str:
    return f"{due.observations:,} observations of {due.datastreams:,} datastreams"


def _record(file: ArchiveMonth) -> dict[str, object]:
    return {
        "month": f"{file.month:%Y-%m}",
        "bucket": file.bucket,
        "file": file.file,
        "sha256": file.sha256,
        "bytes": file.bytes,
        "observations": file.rows,
        "datastreams": len(file.streams),
    }
