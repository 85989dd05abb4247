"""The gazetteer: reading's and the search boxes' one way from names to keys."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import ahocorasick
from rapidfuzz import fuzz, process

from stadtwabe.places.gazetteer import index, ranking, register
from stadtwabe.places.gazetteer.finder import Finder
from stadtwabe.places.gazetteer.forms import Form
from stadtwabe.places.gazetteer.index import Written
from stadtwabe.places.gazetteer.model import (
    Candidate,
    Level,
    NetworkEntry,
    PlaceMention,
    RegisterEntry,
)

_FUZZY_FLOOR = 85


class Gazetteer:
    """Knows all states, districts and municipalities, and networks of towns, by their names.

    Immutable once made and safe to share between threads; `load()` takes about a second.
    """

    def __init__(
        self,
        entries: Iterable[RegisterEntry],
        networks: Iterable[NetworkEntry],
        regions: Iterable[str],
        words: register.WordLists,
    ) -> None:
        self._entries = {entry.key: entry for entry in entries}
        self.networks = {network.slug: network for network in networks}
        self._index = index.build(list(self._entries.values()), words, regions)
        self._finder = Finder(self._index, words)
        self._network_names = ahocorasick.Automaton()
        for network in self.networks.values():
            for name in (network.name, *network.aliases):
                self._network_names.add_word(name, (name, network.slug))
        self._network_names.make_automaton()
        self._lowered: dict[str, list[Written]] = {}
        for forms in self._index.values():
            for written in forms:
                if any(form <= Form.SHORT for _, form in written.readings):
                    self._lowered.setdefault(written.text.lower(), []).append(written)

    @classmethod
    def load(cls, extra_networks: Iterable[NetworkEntry] = ()) -> "Gazetteer":
        """Load the files of `places/data/`; networks of the operator's own database may be added.

        An extra network replaces a built-in one with the same slug.
        """
        extra = tuple(extra_networks)
        return _built_in() if not extra else _make(extra)

    def entry(self, key: str) -> RegisterEntry | None:
        """Give the register's entry for a key, or None."""
        return self._entries.get(key)

    def find(
        self, text: str, *, masked: Sequence[tuple[int, int]] = (), minimum: float = 0.5
    ) -> list[PlaceMention]:
        """Find the places that a document names, in the order of the text.

        `masked`: passages (start, end) that hold no places, e.g. postal addresses or persons; web
        and mail addresses are left out anyway. `minimum`: how sure (0 to 1) it must be that the
        words name a place; 0.5 is for pre-filling, 0.25 also gives what an editor might want.
        States, networks and regions are among the mentions: see `Candidate.level`.
        """
        networks = self._find_networks(text)
        spans = [(mention.start, mention.end) for mention in networks]
        hits = self._finder.hits(text, [*masked, *spans])
        clues = ranking.gather(hits)
        mentions = networks
        for hit in hits:
            if hit.belief < minimum:
                continue
            for candidates in ranking.rank(hit, clues):
                surface = text[hit.start : hit.end]
                mentions.append(PlaceMention(hit.start, hit.end, surface, candidates))
        return sorted(mentions, key=lambda mention: (mention.start, mention.best.key))

    def _find_networks(self, text: str) -> list[PlaceMention]:
        if not len(self._network_names):
            return []
        mentions: list[PlaceMention] = []
        for last, (name, slug) in self._network_names.iter_long(text):
            end = last + 1
            start = end - len(name)
            if text[start - 1 : start].isalnum() or text[end : end + 1].isalnum():
                continue
            candidate = Candidate(slug, self.networks[slug].name, Level.NETWORK, 0.97)
            mentions.append(PlaceMention(start, end, name, (candidate,)))
        return mentions

    def resolve(
        self,
        name: str,
        *,
        level: Level | None = None,
        within: str = "",
        limit: int = 8,
        exact: bool = False,
    ) -> tuple[Candidate, ...]:
        """Give the places that a person may mean by what was typed, best first.

        For search boxes and forms: ignores case, also takes a key or the beginning of a name, and
        forgives typing mistakes; `exact` takes whole names alone. `within` is the key of a state
        or district to stay in.
        """
        typed = " ".join(name.split())
        if not typed:
            return ()
        if typed.isdigit():
            entry = self._entries.get(typed)
            return (Candidate(entry.key, entry.name, entry.level, 1.0),) if entry else ()
        scored: dict[str, tuple[float, RegisterEntry]] = {}
        for text, quality in self._similar(_without_kind(typed).lower(), exact=exact):
            for written in self._lowered[text]:
                for entry, form in written.readings:
                    if level not in (None, entry.level) or not entry.key.startswith(within):
                        continue
                    score = quality * (1.0 if form is Form.NAME else 0.97)
                    if entry.key not in scored or scored[entry.key][0] < score:
                        scored[entry.key] = (score, entry)
        wants_district = typed.lower().startswith(("kreis ", "landkreis "))

        def order(item: tuple[float, RegisterEntry]) -> tuple[float, bool, int, str]:
            score, entry = item
            return (
                -round(score, 1),
                (entry.level is Level.DISTRICT) != wants_district,
                -(entry.population or 0),
                entry.key,
            )

        best = sorted(scored.values(), key=order)[:limit]
        return tuple(Candidate(e.key, e.name, e.level, round(score, 3)) for score, e in best)

    def _similar(self, lowered: str, *, exact: bool) -> list[tuple[str, float]]:
        """Give the known names that are, begin with, or resemble what was typed."""
        found = [(lowered, 1.0)] if lowered in self._lowered else []
        if exact:
            return found
        if len(lowered) > 2:
            found += [
                (text, 0.8)
                for text in self._lowered
                if text.startswith(lowered) and text != lowered
            ]
        if not found and len(lowered) > 4:
            found = [
                (text, score / 125)
                for text, score, _ in process.extract(
                    lowered, self._lowered.keys(), scorer=fuzz.ratio, score_cutoff=_FUZZY_FLOOR
                )
            ]
        return found


def _without_kind(typed: str) -> str:
    for word in ("landkreis ", "kreis ", "stadt ", "gemeinde ", "land "):
        if typed.lower().startswith(word) and len(typed) > len(word) + 1:
            return typed[len(word) :]
    return typed


@lru_cache(maxsize=1)
def _built_in() -> Gazetteer:
    return _make(())


def _make(extra: tuple[NetworkEntry, ...]) -> Gazetteer:
    replaced = {network.slug for network in extra}
    networks = [n for n in register.read_networks() if n.slug not in replaced]
    return Gazetteer(
        register.read_entries(),
        [*networks, *extra],
        register.read_regions(),
        register.read_words(),
    )
