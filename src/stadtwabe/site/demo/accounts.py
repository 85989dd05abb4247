"""Who signs in to the demo. The password is public, so these accounts live in demo mode only."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stadtwabe.people.rules import Role

PASSWORD = "stadtwabe-vorfuehrung"  # noqa: S105 - public: shown on the sign-in page of the demo

NEWSROOM = "Demo-Redaktion"
"""The organisation that brings in the demo documents and owns what they become."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One demo account; at most one of the three says where it holds its role."""

    email: str
    name: str
    what: str | Promise
    role: Role | None = None
    place: str = ""
    network: str = ""
    organisation: str = ""


ACCOUNTS = (
    DemoAccount(
        "redaktion@demo.example",
        "Redaktion des Verbunds",
        _("liest Dokumente ein und bearbeitet den ganzen Atlas"),
        Role.EDITOR,
        organisation=NEWSROOM,
    ),
    DemoAccount(
        "ulm@demo.example",
        "Redaktion Ulm",
        _("bearbeitet, was die Stadt Ulm verantwortet"),
        Role.EDITOR,
        place="08421000",
    ),
    DemoAccount(
        "menden@demo.example",
        "Redaktion Menden",
        _("bearbeitet, was die Stadt Menden verantwortet"),
        Role.EDITOR,
        place="05962040",
    ),
    DemoAccount(
        "daten@demo.example",
        "Datenpflege Ulm",
        _("pflegt die Daten der Stadt Ulm"),
        Role.STEWARD,
        place="08421000",
    ),
    DemoAccount(
        "daten-menden@demo.example",
        "Datenpflege Menden",
        _("pflegt Geräte und Messreihen der Stadt Menden"),
        Role.STEWARD,
        place="05962040",
    ),
    DemoAccount(
        "daten-soest@demo.example",
        "Datenpflege Soest",
        _("pflegt Geräte und Messreihen der Stadt Soest"),
        Role.STEWARD,
        place="05974040",
    ),
    DemoAccount(
        "verbund@demo.example",
        "Verbundleitung Südwestfalen",
        _("vergibt Rollen im Verbund „5 für Südwestfalen“"),
        Role.NETWORK_ADMIN,
        network="5 für Südwestfalen",
    ),
    DemoAccount(
        "betrieb@demo.example",
        "Betrieb",
        _("betreibt die Installation und darf alles"),
    ),
)
"""The last one is the operator."""
