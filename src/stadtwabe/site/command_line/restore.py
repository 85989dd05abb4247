"""Replaces the database and all files by the content of a backup. What is there now is lost."""

import argparse
from pathlib import Path

from django.conf import settings

from stadtwabe.site.archive import read_archive
from stadtwabe.site.command_line.output import Output
from stadtwabe.site.installation import migrate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where from, and that one means it."""
    parser.add_argument("file", type=Path, help="an archive that backup has written")
    parser.add_argument(
        "--yes", action="store_true", help="really replace what is there, without asking"
    )


def run(options: argparse.Namespace, output: Output) -> int:
    """Restores, then brings an older backup's tables up to date."""
    if not options.yes:
        output.say(f"This replaces everything in {settings.DATA}. Go on? [y/N]")
        if input().strip().lower() not in {"y", "yes"}:
            output.say("Nothing was changed.")
            return 1
    about = read_archive(
        options.file, files=settings.MEDIA_ROOT, observations=settings.ARCHIVE_ROOT
    )
    migrate()
    output.result(about, f"Restored the backup of {about['made_at']}.")
    return 0
