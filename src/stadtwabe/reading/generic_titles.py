"""Titles that any town may give: "Digitalisierungsstrategie", "Umfrage", "Leitbild". Pure."""

import re

_SORTS = (
    r"strategie|konzept|agenda|leitbild|leitlinien|masterplan|fahrplan|roadmap|maßnahmenplan"
    r"|studie|umfrage|befragung|erhebung|untersuchung|analyse|leitfaden|handreichung|broschüre"
    r"|bericht|report|newsletter|rundbrief|portal|plattform|app|mängelmelder|terminvergabe"
    r"|stadtplan|netz|netzwerk"
)
_ADJECTIVE = (
    r"(?:digital|integriert|kommunal|städtisch|strategisch|interkommunal|regional|neu|erst|offen"
    r"|virtuell|gesamtstädtisch|repräsentativ|bundesweit|landesweit|aktuell|mobil)\w{0,2}"
)
_GENERIC = re.compile(
    rf"(?:{_ADJECTIVE}\s+)*"
    rf"(?:(?:smart[- ]city|open[- ]data|e-government|it|online|bürger)[- ])?"
    rf"(?:[\wäöüß]+-)*[\wäöüß]*(?:{_SORTS})(?:s|es|n|en)?(?=$|[\s,:;(–-])",
    re.IGNORECASE,
)


def generic_part(title: str) -> str:
    """Return the beginning of ``title`` that any town might use, or ""."""
    found = _GENERIC.match(title.strip())
    return found[0] if found else ""


def is_generic(title: str) -> bool:
    """Whether nothing in ``title`` tells whose it is, or what it is about."""
    return bool(title.strip()) and generic_part(title) == title.strip()


def with_places(title: str, places: list[str]) -> str:
    """Return a generic title with the names of up to three towns; any other as it is."""
    names = list(dict.fromkeys(places))
    if not is_generic(title) or not 0 < len(names) <= 3:
        return title
    *first, last = names
    return f"{title} {', '.join(first)} und {last}" if first else f"{title} {last}"
