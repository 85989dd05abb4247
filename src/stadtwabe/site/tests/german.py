"""How tests tell German from English: words and letters that English does not have."""

import re

GERMAN_WORDS = re.compile(
    r"\b(und|oder|der|das|dem|den|des|ein|eine|einen|einer|nicht|kein|keine|ist|sind|wird|werden"
    r"|mit|für|von(?!=)|zu|zum|zur|auf|aus|bei|nach|über|wie|wer|wenn|Sie|Ihr|Ihre|haben|kann"
    r"|können|noch|schon|nur|auch|diese|dieser|dieses|Seite|Angabe|Eintrag|Ort|Orte|Stand|Thema"
    r"|Quelle|Projekte?|Suche|Januar|Februar|Mai|Juni|Juli|Oktober|Dezember)\b|[äöüßÄÖÜ]"
)
