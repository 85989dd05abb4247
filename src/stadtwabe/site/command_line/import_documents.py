"""Brings documents in: files, folders and web addresses, to be read and decided at the desk.

Prints one line for each: received, already there, or skipped and why. What is wrong with one
stops no other; the exit status is 2 when any was skipped. Reading itself is done by the worker of
a running Stadtwabe, or at once with --read.
"""

import argparse
from pathlib import Path

from stadtwabe.desk.commands import Offered, Submitted, submit_address, submit_documents
from stadtwabe.desk.reading import read_document
from stadtwabe.evidence.commands import Origin, check_size
from stadtwabe.evidence.models import Document
from stadtwabe.evidence.rules import Licence
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import DomainError, NotFound
from stadtwabe.people.commands import party_for_network, party_for_place
from stadtwabe.people.models import Party
from stadtwabe.places.models import Network, Place
from stadtwabe.reading.extract.document import SUFFIXES
from stadtwabe.site.command_line.output import Output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to bring in, and for whom."""
    parser.add_argument("sources", nargs="+", metavar="PATH|URL", help="files, folders, addresses")
    parser.add_argument(
        "--owner",
        required=True,
        metavar="KEY",
        help="whose documents they are: official key of a place, or the short name of a network",
    )
    parser.add_argument("--licence", choices=Licence.values, default=Licence.UNKNOWN.value)
    parser.add_argument("--publisher", default="", help="who published them")
    parser.add_argument("--read", action="store_true", help="read them at once, without a worker")


def run(options: argparse.Namespace, output: Output) -> int:
    """Prints one result a document, in the order given."""
    owner = _owner(options.owner)
    sources = [found for given in options.sources for found in _found(given)]
    skipped = 0
    for number, source in enumerate(sources, start=1):
        done = _submit(source, owner, options)
        if done.document is not None and options.read and not done.was_there:
            read_document(document=done.document, now=now())
            done.document.refresh_from_db()
        skipped += done.document is None or bool(done.document.problem)
        output.result(_record(done), _text(done))
        output.progress(number, len(sources), done.name)
    if not sources:
        output.say("stadtwabe import documents: there is no document in this folder.")
    return 2 if skipped or not sources else 0


def _owner(key: str) -> Party:
    if place := Place.objects.filter(key=key).first():
        return party_for_place(place)
    if network := Network.objects.filter(slug=key).first():
        return party_for_network(network)
    raise NotFound(f"There is neither a place nor a network {key!r}.", remedy="See --owner.")


def _found(given: str) -> list[str]:
    path = Path(given)
    if given.startswith(("http://", "https://")) or not path.is_dir():
        return [given]
    return sorted(str(p) for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())


def _submit(source: str, owner: Party, options: argparse.Namespace) -> Submitted:
    known = Origin(publisher=options.publisher, licence=options.licence)
    if source.startswith(("http://", "https://")):
        return submit_address(actor=SYSTEM, owner=owner, address=source, origin=known, now=now())
    path = Path(source)
    try:
        check_size(path.stat().st_size, path.name)
        data = path.read_bytes()
    except OSError as error:
        return Submitted(path.name, problem=f"„{source}“: {error.strerror or error}.")
    except DomainError as error:
        return Submitted(path.name, problem=error.message, remedy=error.remedy)
    origin = Origin(file_name=path.name, publisher=known.publisher, licence=known.licence)
    return submit_documents(actor=SYSTEM, owner=owner, offered=[Offered(data, origin)], now=now())[
        0
    ]


def _record(done: Submitted) -> dict[str, object]:
    document = done.document
    return {
        "doc": done.name,
        "document": document.pk if document else None,
        "state": document.state if document else "skipped",
        "was_there": done.was_there,
        "suggestions": document.suggestions.count() if document else 0,
        "error": " ".join(filter(None, [done.problem, done.remedy, *_problems(document)])) or None,
    }


def _problems(document: Document | None) -> list[str]:
    return [document.problem, document.remedy] if document else []


def _text(done: Submitted) -> str:
    document = done.document
    if document is None or document.problem:
        wrong = [done.problem, done.remedy, *_problems(document)]
        return f"{done.name}: skipped. {' '.join(filter(None, wrong))}"
    if done.was_there:
        return f"{done.name}: already there as document {document.pk}."
    return f"{done.name}: document {document.pk}, {document.get_state_display()}."
