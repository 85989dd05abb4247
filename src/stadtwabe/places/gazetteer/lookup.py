"""Looks up which written form stands in a text, by its first word."""

from collections.abc import Iterable, Mapping, Sequence

from stadtwabe.places.gazetteer.index import Written

_MANY = 8
"""So many forms under one first word ("Bad", "Neustadt") are looked up by how they go on."""
_GOES_ON = 3


class Lookup:
    """Holds the index; safe to share."""

    def __init__(self, index: Mapping[str, Sequence[Written]]) -> None:
        self._index = index
        self.first_words = index.keys()
        """Nothing stands under another word, unless it is written in capitals."""
        self._by_rest = {
            word: _by_rest(forms) for word, forms in index.items() if len(forms) > _MANY
        }

    def longest(self, word: str, plain: str, after: int) -> tuple[Written, int] | None:
        """Of the forms that begin with the word before `after`, the longest there, and its end."""
        forms = self._index.get(word)
        if forms is None:
            return _longest(plain, after, self._in_capitals(word), capitals=True)
        if len(forms) > _MANY:
            by_rest = self._by_rest[word]
            next_ones = plain[after : after + _GOES_ON]
            forms = (*by_rest.get(next_ones, ()), *by_rest.get("", ()))
        return _longest(plain, after, forms, capitals=False)

    def _in_capitals(self, word: str) -> Sequence[Written]:
        if len(word) < 3 or not word.isupper():
            return ()
        forms = self._index.get(word.title(), ())
        if len(word) == 3:  # abbreviations look like "ULM": only "BAD BERLEBURG" will do
            return [written for written in forms if written.rest]
        return forms


def _by_rest(forms: Iterable[Written]) -> dict[str, list[Written]]:
    """Forms by how they go on behind their first word; under "" those that hardly do."""
    found: dict[str, list[Written]] = {}
    for written in forms:
        key = written.rest[:_GOES_ON]
        found.setdefault(key if len(key) == _GOES_ON else "", []).append(written)
    return found


def _longest(
    plain: str, after: int, forms: Sequence[Written], *, capitals: bool
) -> tuple[Written, int] | None:
    for written in forms:
        rest = written.rest
        if (
            rest
            and not plain.startswith(rest, after)
            and not (capitals and plain.startswith(rest.upper(), after))
        ):
            continue
        end = after + len(rest)
        following = plain[end : end + 1]
        if following.isalnum() or following == "_":
            continue
        return written, end
    return None
