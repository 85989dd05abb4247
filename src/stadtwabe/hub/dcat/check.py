"""Checking a graph against shapes (SHACL, W3C Recommendation of 2017)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyshacl import validate
from rdflib import RDF, Graph
from rdflib.namespace import SH

from stadtwabe.hub.dcat.reader import Unreadable, parse
from stadtwabe.kit.errors import Invalid

SUFFIXES = {".ttl": "text/turtle", ".rdf": "application/rdf+xml", ".jsonld": "application/ld+json"}
SEVERITIES = ("Violation", "Warning", "Info")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that a shape complains about."""

    severity: str
    message: str
    path: str
    focus: str
    value: str = ""


def read_shapes(path: Path) -> Graph:
    """Return the shapes in a file, or in all files of a folder. Raises Invalid."""
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES)
    if not files:
        raise Invalid(f"There are no shapes at {path}.", remedy="Name a .ttl file or a folder.")
    shapes = Graph()
    for file in files:
        try:
            shapes += parse(
                file.read_bytes(),
                media_type=SUFFIXES.get(file.suffix, ""),
                address=file.absolute().as_uri(),
            )
        except (OSError, Unreadable) as error:
            raise Invalid(f"{file} cannot be read as RDF: {error}") from error
    if (None, RDF.type, SH.NodeShape) not in shapes and (
        None,
        RDF.type,
        SH.PropertyShape,
    ) not in shapes:
        raise Invalid(f"There are no shapes in {path}.", remedy="Shapes are written in SHACL.")
    return shapes


def findings_of(graph: Graph, shapes: Graph) -> list[Finding]:
    """Return what ``shapes`` complain about in ``graph``, the worst first. Nothing is fetched."""
    _conforms, report, _text = validate(
        graph, shacl_graph=shapes, inference="none", advanced=False, do_owl_imports=False
    )
    if not isinstance(report, Graph):
        raise Invalid(f"The shapes cannot be used: {report}")
    return sorted(set(_findings(report)), key=lambda each: (_rank(each.severity), each))


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _findings(report: Graph) -> Iterator[Finding]:
    for result in report.subjects(RDF.type, SH.ValidationResult):
        messages: Sequence[str] = sorted(map(str, report.objects(result, SH.resultMessage)))
        yield Finding(
            severity=str(report.value(result, SH.resultSeverity) or "").rpartition("#")[2],
            message=" / ".join(messages),
            path=str(report.value(result, SH.resultPath) or ""),
            focus=str(report.value(result, SH.focusNode) or ""),
            value=str(report.value(result, SH.value) or "")[:200],
        )
