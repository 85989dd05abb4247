"""Checks the public catalogue of data against shapes in SHACL, such as those of DCAT-AP.de.

The shapes are not part of Stadtwabe: docs/operations.md says where they are to be had. Exit status
1 if anything is violated; warnings are printed and change nothing.
"""

import argparse
from dataclasses import asdict
from pathlib import Path

from django.utils.translation import override

from stadtwabe.hub.dcat.about import about_catalogue
from stadtwabe.hub.dcat.check import findings_of, read_shapes
from stadtwabe.hub.dcat.whole import whole_catalogue
from stadtwabe.hub.queries.datasets import changed_at, datasets_visible_to
from stadtwabe.kit.actor import VISITOR
from stadtwabe.site.command_line.output import Output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which shapes."""
    parser.add_argument(
        "--shapes", type=Path, required=True, metavar="PATH", help="a file of shapes, or a folder"
    )
    parser.add_argument(
        "--root",
        default="https://stadtwabe.example",
        metavar="URL",
        help="address of the installation, as it stands in the catalogue",
    )


def run(options: argparse.Namespace, output: Output) -> int:
    """Prints a line for each finding."""
    shapes = read_shapes(options.shapes)
    root = options.root.rstrip("/")
    total = datasets_visible_to(VISITOR).count()
    with override("de"):
        about = about_catalogue(
            root=root,
            ending="ttl",
            modified=changed_at(VISITOR),
            total=total,
            per_page=max(total, 1),
        )
        graph = whole_catalogue(about=about, root=root)
    output.say(f"{total} datasets, {len(graph)} triples, {len(shapes)} triples of shapes.")
    findings = findings_of(graph, shapes)
    for finding in findings:
        text = f"{finding.severity}: {finding.focus} {finding.path} {finding.value}".rstrip()
        output.result(asdict(finding), f"{text}\n  {finding.message}")
    violations = sum(finding.severity == "Violation" for finding in findings)
    output.say(f"{violations} violations, {len(findings) - violations} warnings and hints.")
    return 1 if violations else 0
