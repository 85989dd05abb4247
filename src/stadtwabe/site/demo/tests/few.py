"""Three documents of the demo, and the world that they need."""

from stadtwabe.catalog.commands.register import _write_cards, _write_networks
from stadtwabe.catalog.models import Link
from stadtwabe.catalog.tests.factories import NOW, make_places
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.things import thing_kinds
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.places.register import network_rows
from stadtwabe.site.demo.commands import load_demo
from stadtwabe.site.demo.script import script

FEW = tuple(
    document
    for document in script()
    if document.file_name
    in {
        "foerderprogramme.docx",
        "portraet-menden-und-suedwestfalen.txt",
        "meldung-foerderung-suedwestfalen.txt",
    }
)


def make_world():
    """The places that the few documents and the accounts name, with the networks."""
    entries = [entry for document in FEW for entry in document.entries]
    keys = {key for entry in entries for key in entry.places}
    keys |= {party.place for entry in entries for party in entry.parties if party.place}
    networks = network_rows()
    members = {member.key for row in networks for member in row.members}
    make_places("08421000", *keys, *members)
    _write_networks(networks)
    _write_cards(networks, now=NOW)


def load(**more):
    return load_demo(actor=SYSTEM, now=NOW, documents=FEW, **more)


def without_source() -> list[str]:
    """Every value that a thing has and no statement with a passage of a demo document backs."""
    missing = []
    for kind in thing_kinds():
        for thing in kind.model._default_manager.select_related("card"):
            stated = set(
                Statement.objects.filter(card=thing.card, document__is_demo=True).values_list(
                    "property", flat=True
                )
            )
            missing += [
                f"{thing.card.path} {name}"
                for name in kind.shown_fields
                if getattr(thing, name) not in (None, "", []) and name not in stated
            ]
            if thing.card.card_parties.exists() and "parties" not in stated:
                # An organisation is a party of its own page by what it is.
                missing += [] if kind.name == "organisation" else [f"{thing.card.path} parties"]
    bare = Link.objects.filter(statements=None)
    return missing + [f"{link.source.path} {link.kind} {link.target.path}" for link in bare]
