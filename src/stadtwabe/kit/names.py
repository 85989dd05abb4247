"""One form for names that mean the same: "Bitkom" and "der Bitkom e.V.", "Stadtwerken Olpe". Pure.

Used wherever names are compared: by reading, by the desk, and where duplicates are refused.
"""

import re
from functools import lru_cache

_FORMS = (
    r"gGmbH|GmbH|mbH|gAG|KGaA|AG|SE|e\. ?V\.?|e\. ?G\.?|eG|AöR|A\. ?ö\. ?R\.?|gUG|UG|KG|OHG|GbR"
    r"|Anstalt des öffentlichen Rechts|\(haftungsbeschränkt\)"
)
_LEGAL_FORM = re.compile(rf"(?:[\s,(]+(?:& ?Co\.?|{_FORMS})(?=$|[\s,.)]))+[\s,.)]*$", re.IGNORECASE)
_ARTICLES = frozenset(["der", "die", "das", "des", "dem", "den"])
_WORD = re.compile(r"\w+")
_INFLECTION = re.compile(r"(?:es|en|er|em|s|n|e)$")
_LONG_ENOUGH = 5
"""Words up to this length are not stemmed: "Essen" is no form of "Ess"."""


def without_legal_form(name: str) -> str:
    """Return ``name`` without the legal form at its end: "Stadtwerke Olpe GmbH & Co. KG"."""
    return _LEGAL_FORM.sub("", name).strip() or name.strip()


def legal_form(name: str) -> str:
    """Return the legal form at the end of ``name`` for comparison, or ""."""
    found = _LEGAL_FORM.search(name)
    return re.sub(r"[\W_]+", "", found[0].lower()) if found and found.start() else ""


@lru_cache(maxsize=20_000)
def name_form(name: str) -> str:
    """Return the form in which names are compared: no legal form, article, ending, punctuation.

    Each word is the beginning of a word of ``name`` in lower case.
    """
    words = _WORD.findall(without_legal_form(name).lower().replace("_", " "))
    telling = [word for word in words if word not in _ARTICLES] or words
    return " ".join(_stem(word) for word in telling)


def same_organisation(one: str, other: str) -> bool:
    """Whether two names are one organisation's: two legal forms that differ are two of them."""
    forms = {legal_form(one), legal_form(other)} - {""}
    return name_form(one) == name_form(other) != "" and len(forms) < 2


def _stem(word: str) -> str:
    return _INFLECTION.sub("", word) if len(word) > _LONG_ENOUGH else word
