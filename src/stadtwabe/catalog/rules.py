"""Words that all kinds of cards share: audiences, topics, goals, kinds of links, stages."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Audience(models.TextChoices):
    """Who may see a thing."""

    PUBLIC = "public", _("öffentlich")
    NETWORKS = "networks", _("nur genannte Verbünde")
    OWNER = "owner", _("nur die eigene Kommune oder Organisation")


class Topic(models.TextChoices):
    """The ten topics of the field."""

    ADMINISTRATION = "administration", _("Verwaltung")
    MOBILITY = "mobility", _("Mobilität")
    ENERGY_ENVIRONMENT = "energy_environment", _("Energie und Umwelt")
    SOCIETY_PARTICIPATION = "society_participation", _("Gesellschaft und Beteiligung")
    EDUCATION = "education", _("Bildung")
    HEALTH_CARE = "health_care", _("Gesundheit und Pflege")
    ECONOMY_RETAIL = "economy_retail", _("Wirtschaft und Handel")
    DATA_INFRASTRUCTURE = "data_infrastructure", _("Daten und Infrastruktur")
    SECURITY_PRIVACY = "security_privacy", _("Sicherheit und Datenschutz")
    PLANNING_BUILDING = "planning_building", _("Planen und Bauen")


class Goal(models.IntegerChoices):
    """The seventeen Sustainable Development Goals, by the official German short names.

    Source: United Nations, Agenda 2030 (A/RES/70/1).
    """

    NO_POVERTY = 1, _("Keine Armut")
    ZERO_HUNGER = 2, _("Kein Hunger")
    HEALTH = 3, _("Gesundheit und Wohlergehen")
    EDUCATION = 4, _("Hochwertige Bildung")
    GENDER_EQUALITY = 5, _("Geschlechtergleichheit")
    WATER = 6, _("Sauberes Wasser und Sanitäreinrichtungen")
    ENERGY = 7, _("Bezahlbare und saubere Energie")
    WORK = 8, _("Menschenwürdige Arbeit und Wirtschaftswachstum")
    INNOVATION = 9, _("Industrie, Innovation und Infrastruktur")
    EQUALITY = 10, _("Weniger Ungleichheiten")
    CITIES = 11, _("Nachhaltige Städte und Gemeinden")
    CONSUMPTION = 12, _("Nachhaltiger Konsum und Produktion")
    CLIMATE = 13, _("Maßnahmen zum Klimaschutz")
    OCEANS = 14, _("Leben unter Wasser")
    LAND = 15, _("Leben an Land")
    PEACE = 16, _("Frieden, Gerechtigkeit und starke Institutionen")
    PARTNERSHIPS = 17, _("Partnerschaften zur Erreichung der Ziele")


class LinkKind(models.TextChoices):
    """How one card relates to another: the source does it to the target."""

    IMPLEMENTS = "implements", _("setzt um")
    USES = "uses", _("nutzt")
    REUSES = "reuses", _("nutzt nach")
    SUCCEEDS = "succeeds", _("folgt auf")
    FUNDS = "funds", _("fördert")
    OBSERVES = "observes", _("misst")
    ANSWERS = "answers", _("beantwortet")
    DOCUMENTS = "documents", _("dokumentiert")
    PART_OF = "part_of", _("ist Teil von")


LINK_BACK: dict[str, str | Promise] = {
    LinkKind.IMPLEMENTS: _("umgesetzt durch"),
    LinkKind.USES: _("im Einsatz bei"),
    LinkKind.REUSES: _("nachgenutzt von"),
    LinkKind.SUCCEEDS: _("abgelöst durch"),
    LinkKind.FUNDS: _("gefördert durch"),
    LinkKind.OBSERVES: _("gemessen durch"),
    LinkKind.ANSWERS: _("beantwortet durch"),
    LinkKind.DOCUMENTS: _("dokumentiert in"),
    LinkKind.PART_OF: _("umfasst"),
}
"""The same relation seen from the target."""


class PartyRole(models.TextChoices):
    """What a party is to a thing."""

    OWNER = "owner", _("zuständig")
    LEAD = "lead", _("Federführung")
    PARTNER = "partner", _("Partner")
    FUNDER = "funder", pgettext_lazy("role", "Förderung")
    PROVIDER = "provider", _("Anbieter")
    ORGANISER = "organiser", pgettext_lazy("role", "Veranstaltung")
    PUBLISHER = "publisher", _("Herausgabe")
    MEMBER = "member", _("Mitglied")


class Precision(models.TextChoices):
    """How exactly a day is known."""

    DAY = "day", _("Tag")
    MONTH = "month", _("Monat")
    YEAR = "year", _("Jahr")


class FacetName(models.TextChoices):
    """What lists can be narrowed by; the value is the name in the query string."""

    KIND = "art", _("Art")
    PLACE = "ort", _("Ort")
    TOPIC = "thema", _("Thema")
    GOAL = "sdg", _("Nachhaltigkeitsziel")
    STAGE = "phase", _("Stand")
    PERIOD = "jahr", _("Jahr")
    NETWORK = "verbund", _("Verbund")
    FORMAT = "format_art", _("Format")
    PARTY = "beteiligt", _("Beteiligt")
    STATE = "status", _("Status")
    SIZE = "groesse", _("Größe des Ortes")


class PlaceKind(models.TextChoices):
    """Kinds of cards that the catalogue writes itself, from the register of places."""

    MUNICIPALITY = "municipality", _("Gemeinde")
    DISTRICT = "district", _("Kreis")
    STATE = "state", _("Land")
    NETWORK = "network", _("Verbund")


REGISTER_KINDS = (PlaceKind.STATE, PlaceKind.DISTRICT, PlaceKind.MUNICIPALITY)
"""Kinds of cards that stand for a place of the register."""
