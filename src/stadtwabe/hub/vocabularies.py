"""The controlled vocabularies of DCAT-AP.de 3: licences, themes, frequencies, file types, places.

Values are the last part of each concept's address, as the specification lists them in its chapter
on controlled vocabularies; the functions turn them into addresses and back.
"""

import re
from collections.abc import Mapping
from pathlib import PurePath

from django.db import models
from django.utils.translation import gettext_lazy as _

from stadtwabe.catalog.rules import Topic
from stadtwabe.evidence.rules import Licence
from stadtwabe.places.models import Place
from stadtwabe.places.rules import Level

EU = "http://publications.europa.eu/resource/authority/"
DE = "http://dcat-ap.de/def/"
LICENCES = f"{DE}licenses/"
THEMES = f"{EU}data-theme/"
FREQUENCIES = f"{EU}frequency/"
FILE_TYPES = f"{EU}file-type/"
LANGUAGES = f"{EU}language/"
AVAILABLE = f"{EU}planned-availability/AVAILABLE"
ACCESS_RIGHTS = f"{EU}access-right/"
GEOCODING = f"{DE}politicalGeocoding/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


class DataLicence(models.TextChoices):
    """Licences of DCAT-AP.de's list; the values stand behind ``LICENCES``."""

    DL_ZERO = "dl-zero-de/2.0", _("Datenlizenz Deutschland Zero 2.0")
    DL_BY = "dl-by-de/2.0", _("Datenlizenz Deutschland Namensnennung 2.0")
    CC_ZERO = "cc-zero", _("CC0 1.0")
    CC_BY = "cc-by/4.0", _("CC BY 4.0")
    CC_BY_SA = "cc-by-sa/4.0", _("CC BY-SA 4.0")
    CC_BY_ND = "cc-by-nd/4.0", _("CC BY-ND 4.0")
    CC_BY_NC = "cc-by-nc/4.0", _("CC BY-NC 4.0")
    CC_BY_DE = "cc-by-de/3.0", _("CC BY 3.0 Deutschland")
    CC_BY_ANY = "cc-by", _("CC BY, Fassung nicht genannt")
    CC_BY_SA_ANY = "cc-by-sa", _("CC BY-SA, Fassung nicht genannt")
    ODBL = "odbl", _("Open Database License (ODbL)")
    ODC_BY = "odby", _("Open Data Commons Attribution (ODC-BY)")
    PDDL = "odcpddl", _("Open Data Commons Public Domain (PDDL)")
    GEO_NUTZ = "geonutz/20130319", _("Geodaten des Bundes (GeoNutzV)")
    OFFICIAL = "officialWork", _("amtliches Werk (§ 5 UrhG)")
    OTHER_OPEN = "other-open", _("andere offene Lizenz")
    OTHER_CLOSED = "other-closed", _("andere geschlossene Lizenz")


ATTRIBUTION = frozenset(
    {
        DataLicence.DL_BY,
        DataLicence.CC_BY,
        DataLicence.CC_BY_SA,
        DataLicence.CC_BY_ND,
        DataLicence.CC_BY_NC,
        DataLicence.CC_BY_DE,
        DataLicence.CC_BY_ANY,
        DataLicence.CC_BY_SA_ANY,
        DataLicence.ODBL,
        DataLicence.ODC_BY,
    }
)
"""Licences that ask for the publisher's name (convention 35)."""

OF_STREAM: Mapping[str, str] = {
    Licence.CC0: DataLicence.CC_ZERO,
    Licence.CC_BY: DataLicence.CC_BY,
    Licence.CC_BY_SA: DataLicence.CC_BY_SA,
    Licence.DL_DE_BY: DataLicence.DL_BY,
    Licence.DL_DE_ZERO: DataLicence.DL_ZERO,
    Licence.OFFICIAL: DataLicence.OFFICIAL,
    Licence.PROTECTED: DataLicence.OTHER_CLOSED,
}
"""What the licences that datastreams carry are in this list; EUPL is one for software."""

_LICENCE_PATTERNS: tuple[tuple[str, DataLicence], ...] = (
    (r"d(ata)?l(izenz)?-?(de|deutschland)?.*zero", DataLicence.DL_ZERO),
    (r"dl-zero", DataLicence.DL_ZERO),
    (r"dl-(de[/-])?by(-de)?[-/]2", DataLicence.DL_BY),
    (r"govdata\.de/dl-de/by-2", DataLicence.DL_BY),
    (r"publicdomain/zero|^cc-?zero|^cc0|licenses/cc-zero", DataLicence.CC_ZERO),
    (r"licenses/by-sa/4|^cc-by-sa[-/]4", DataLicence.CC_BY_SA),
    (r"licenses/by-nd/4|^cc-by-nd[-/]4", DataLicence.CC_BY_ND),
    (r"licenses/by-nc/4|^cc-by-nc[-/]4", DataLicence.CC_BY_NC),
    (r"licenses/by/4|^cc-by[-/]4", DataLicence.CC_BY),
    (r"licenses/by/3\.0/de", DataLicence.CC_BY_DE),
    (r"^cc-by-sa$|opendefinition\.org/licenses/cc-by-sa", DataLicence.CC_BY_SA_ANY),
    (r"^cc-by$|opendefinition\.org/licenses/cc-by$", DataLicence.CC_BY_ANY),
    (r"odbl", DataLicence.ODBL),
    (r"odc-?by", DataLicence.ODC_BY),
    (r"pddl", DataLicence.PDDL),
    (r"geonutz", DataLicence.GEO_NUTZ),
    (r"urhg|official-?work", DataLicence.OFFICIAL),
    (r"^other-(open|pd|at)$", DataLicence.OTHER_OPEN),
    (r"^(other-closed|other-nc|notspecified-closed)$", DataLicence.OTHER_CLOSED),
)


def licence_called(stated: str) -> str:
    """Return the licence that an address or a short name of other catalogues means, else empty."""
    name = stated.strip().removeprefix(LICENCES).removeprefix(LICENCES.replace("//", "//www."))
    name = name.rstrip("/")
    if name in DataLicence.values:
        return name
    text = name.lower()
    for pattern, licence in _LICENCE_PATTERNS:
        if re.search(pattern, text):
            return licence.value
    return ""


class Theme(models.TextChoices):
    """The thirteen themes of European data portals (EU authority list *data-theme*)."""

    AGRICULTURE = "AGRI", _("Landwirtschaft, Fischerei, Forst und Nahrung")
    ECONOMY = "ECON", _("Wirtschaft und Finanzen")
    EDUCATION = "EDUC", _("Bildung, Kultur und Sport")
    ENERGY = "ENER", _("Energie")
    ENVIRONMENT = "ENVI", _("Umwelt")
    GOVERNMENT = "GOVE", _("Regierung und öffentlicher Sektor")
    HEALTH = "HEAL", _("Gesundheit")
    INTERNATIONAL = "INTR", _("Internationale Themen")
    JUSTICE = "JUST", _("Justiz, Rechtssystem und Sicherheit")
    REGIONS = "REGI", _("Regionen und Städte")
    SOCIETY = "SOCI", _("Bevölkerung und Gesellschaft")
    TECHNOLOGY = "TECH", _("Wissenschaft und Technologie")
    TRANSPORT = "TRAN", _("Verkehr")


TOPIC_OF_THEME: Mapping[str, Topic] = {
    Theme.AGRICULTURE: Topic.ENERGY_ENVIRONMENT,
    Theme.ECONOMY: Topic.ECONOMY_RETAIL,
    Theme.EDUCATION: Topic.EDUCATION,
    Theme.ENERGY: Topic.ENERGY_ENVIRONMENT,
    Theme.ENVIRONMENT: Topic.ENERGY_ENVIRONMENT,
    Theme.GOVERNMENT: Topic.ADMINISTRATION,
    Theme.HEALTH: Topic.HEALTH_CARE,
    Theme.JUSTICE: Topic.SECURITY_PRIVACY,
    Theme.REGIONS: Topic.PLANNING_BUILDING,
    Theme.SOCIETY: Topic.SOCIETY_PARTICIPATION,
    Theme.TECHNOLOGY: Topic.DATA_INFRASTRUCTURE,
    Theme.TRANSPORT: Topic.MOBILITY,
}
"""Our topics for Europe's themes, so that datasets stand beside projects in every list."""


class Frequency(models.TextChoices):
    """How often a dataset is brought up to date (EU authority list *frequency*)."""

    CONTINUOUS = "UPDATE_CONT", _("laufend")
    FIVE_MINUTES = "5MIN", _("alle fünf Minuten")
    TEN_MINUTES = "10MIN", _("alle zehn Minuten")
    QUARTER_HOURS = "15MIN", _("viertelstündlich")
    HALF_HOURS = "30MIN", _("halbstündlich")
    HOURLY = "HOURLY", _("stündlich")
    DAILY = "DAILY", _("täglich")
    WEEKLY = "WEEKLY", _("wöchentlich")
    BIWEEKLY = "BIWEEKLY", _("alle zwei Wochen")
    MONTHLY = "MONTHLY", _("monatlich")
    QUARTERLY = "QUARTERLY", _("vierteljährlich")
    HALF_YEARLY = "ANNUAL_2", _("halbjährlich")
    YEARLY = "ANNUAL", _("jährlich")
    BIENNIAL = "BIENNIAL", _("alle zwei Jahre")
    IRREGULAR = "IRREG", _("unregelmäßig")
    AS_NEEDED = "AS_NEEDED", _("nach Bedarf")
    NEVER = "NEVER", _("nie")
    UNKNOWN = "UNKNOWN", _("unbekannt")
    OTHER = "OTHER", _("anders")


MEDIA_TYPE_OF: Mapping[str, str] = {
    "CSV": "text/csv",
    "JSON": "application/json",
    "GEOJSON": "application/geo+json",
    "JSON_LD": "application/ld+json",
    "PARQUET": "application/vnd.apache.parquet",
    "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "XLS": "application/vnd.ms-excel",
    "ODS": "application/vnd.oasis.opendocument.spreadsheet",
    "DOCX": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "PDF": "application/pdf",
    "XML": "application/xml",
    "GML": "application/gml+xml",
    "KML": "application/vnd.google-earth.kml+xml",
    "GPKG": "application/geopackage+sqlite3",
    "ZIP": "application/zip",
    "TXT": "text/plain",
    "RDF_TURTLE": "text/turtle",
    "RDF_XML": "application/rdf+xml",
    "HTML": "text/html",
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "TIFF": "image/tiff",
}
"""Media types (IANA) of the file types that we name."""

SUFFIXES: Mapping[str, str] = {
    ".csv": "CSV",
    ".json": "JSON",
    ".geojson": "GEOJSON",
    ".jsonld": "JSON_LD",
    ".parquet": "PARQUET",
    ".xlsx": "XLSX",
    ".ods": "ODS",
    ".pdf": "PDF",
    ".xml": "XML",
    ".gml": "GML",
    ".kml": "KML",
    ".gpkg": "GPKG",
    ".zip": "ZIP",
    ".txt": "TXT",
    ".ttl": "RDF_TURTLE",
}
"""What may be uploaded: data, no pages and no programs."""

SERVICES = frozenset({"WFS_SRVC", "WMS_SRVC", "SPARQLQ", "OP_DATPRO", "SHP", "RDF", "XLSM", "GIF"})
"""Further file types that other catalogues name and that have no single media type."""


def file_type_of(name: str) -> str:
    """Return the file type of a file by its name, empty when we do not take such files."""
    return SUFFIXES.get(PurePath(name).suffix.lower(), "")


def file_type_called(stated: str) -> str:
    """Return the EU file type that an address, a media type or a short name means, else empty."""
    name = stated.strip().removeprefix(FILE_TYPES).removeprefix(MEDIA_TYPES)
    if name in MEDIA_TYPE_OF or name in SERVICES:
        return name
    text = name.lower().split(";")[0].strip()
    for code, media_type in MEDIA_TYPE_OF.items():
        if text == media_type:
            return code
    short = re.sub(r"[^a-z0-9]", "", text)
    aliases = {"excel": "XLSX", "shape": "SHP", "shapefile": "SHP", "wms": "WMS_SRVC"}
    aliases |= {"wfs": "WFS_SRVC", "turtle": "RDF_TURTLE", "ttl": "RDF_TURTLE", "jpg": "JPEG"}
    aliases |= {"rdfxml": "RDF_XML", "text": "TXT", "geopackage": "GPKG"}
    if short in aliases:
        return aliases[short]
    known = {code.lower().replace("_", ""): code for code in (*MEDIA_TYPE_OF, *SERVICES)}
    return known.get(short, "")


LEVELS: Mapping[str, tuple[str, str]] = {
    Level.STATE: ("stateKey", "state"),
    Level.DISTRICT: ("districtKey", "administrativeDistrict"),
    Level.MUNICIPALITY: ("municipalityKey", "municipality"),
}


def geocoding_of(place_key: str) -> tuple[str, str]:
    """Return politicalGeocodingURI and politicalGeocodingLevelURI of a place by its key."""
    level = {2: Level.STATE, 5: Level.DISTRICT}.get(len(place_key), Level.MUNICIPALITY)
    register, name = LEVELS[level]
    return f"{GEOCODING}{register}/{place_key}", f"{GEOCODING}Level/{name}"


def place_key_of(address: str) -> str:
    """Return the key that a politicalGeocodingURI names, else empty.

    A regional key (12 digits) loses the four digits of its association of municipalities.
    """
    found = re.search(
        r"politicalGeocoding/(stateKey|districtKey|municipalityKey|regionalKey)/(\d+)/?$", address
    )
    if not found:
        return ""
    register, key = found.groups()
    if register == "regionalKey":
        return f"{key[:5]}{key[9:12]}" if len(key) == len("051111111111") else ""
    wanted = {"stateKey": 2, "districtKey": 5, "municipalityKey": 8}[register]
    return key if len(key) == wanted else ""


def publisher_type_of(place: Place | None) -> str:
    """Return the ADMS type of a publisher that is a place; empty for others."""
    if place is None:
        return ""
    name = "RegionalAuthority" if place.level == Level.STATE else "LocalAuthority"
    return f"http://purl.org/adms/publishertype/{name}"
