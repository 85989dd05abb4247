"""Web addresses and e-mail addresses as they stand in the text."""

import re

from stadtwabe.reading.mentions.span import Span
from stadtwabe.reading.model import ReadUrl

_URL = re.compile(  # a set of first letters lets the search skip to them
    r"[HhWw](?:(?<=[Hh])[Tt][Tt][Pp][Ss]?://|(?<=[Ww])[Ww][Ww]\.)[^\s<>\"“”„»«|\\^`{}]+"
)
_STARTS = ("://", "www.", "WWW.", "Www.")
_TRAILING = ".,;:!?'’‘*_…"
_PAIRS = {")": "(", "]": "["}
_EMAIL = re.compile(r"[\w.+-]+(?:@|\(at\)|\[at\])[\w-]+(?:\.[\w-]+)+")
_AT = re.compile(r"[@(\[](?:(?<=@)|(?<=\()at\)|(?<=\[)at\])")
_NAME_BEFORE = re.compile(r"(?<![\w@./-])(?:[a-zäöü0-9-]+\.)*[a-zäöü0-9-]+$")
_ENDING = re.compile(
    r"\.(?:de|eu|com|org|net|info|nrw|bayern|berlin|hamburg|io|app|"
    r"saarland|ruhr|koeln|cologne|online|city|tv)(?:/[^\s<>\"“”„»«)]*)?(?![\w-])"
)


def urls_in(text: str) -> list[ReadUrl]:
    """Find addresses that begin with http://, https:// or www."""
    found: list[ReadUrl] = []
    if not any(mark in text for mark in _STARTS):
        return found
    for match in _URL.finditer(text):
        start, url = match.start(), _trimmed(match.group())
        before = text[start - 1 : start]
        if before.isalnum() or before in {"@", "/", "."} or len(url) < 8 or "." not in url:
            continue
        found.append(ReadUrl(url, start, start + len(url), url))
    return found


def _trimmed(url: str) -> str:
    """Leave the sentence's punctuation to the sentence; brackets go unless opened inside."""
    while url:
        last = url[-1]
        if last in _TRAILING or (last in _PAIRS and url.count(last) > url.count(_PAIRS[last])):
            url = url[:-1]
        else:
            break
    return url


def _mail_addresses(text: str) -> list[Span]:
    spans = []
    done = 0
    for sign in _AT.finditer(text):
        start = sign.start()
        while start > done and (text[start - 1].isalnum() or text[start - 1] in "_.+-"):
            start -= 1
        if match := _EMAIL.match(text, start):
            done = match.end()
            spans.append(Span(*match.span()))
    return spans


def address_spans(text: str) -> list[Span]:
    """Where e-mail addresses and bare domains stand; names inside them denote no place."""
    spans = []
    if "@" in text or "at)" in text or "at]" in text:
        spans += _mail_addresses(text)
    for ending in _ENDING.finditer(text):
        window = max(0, ending.start() - 80)
        name = _NAME_BEFORE.search(text[window : ending.start()])
        if name:
            spans.append(Span(window + name.start(), ending.end()))
    return spans
