"""Writes the database and all files into one archive (.tar), while Stadtwabe runs.

The archive holds `database.dump` (pg_dump's own format, all data and no owners), `files/`,
`archive/` (the Parquet files of old observations) and `about.json`. `restore` reads it.
"""

import argparse
from pathlib import Path

from django.conf import settings

from stadtwabe.kit.clock import now
from stadtwabe.site.archive import write_archive
from stadtwabe.site.command_line.output import Output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("file", type=Path, help="the archive to write; must not exist yet")


def run(options: argparse.Namespace, output: Output) -> int:
    """Writes the archive."""
    size = write_archive(
        options.file, files=settings.MEDIA_ROOT, observations=settings.ARCHIVE_ROOT, now=now()
    )
    output.result(
        {"file": str(options.file), "bytes": size}, f"{options.file}: {size:,} bytes written."
    )
    return 0
