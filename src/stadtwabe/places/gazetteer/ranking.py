"""Ranks the places of the same name by what the document and the register say."""

from collections import Counter
from collections.abc import Sequence

from stadtwabe.places.gazetteer.forms import Form
from stadtwabe.places.gazetteer.hit import Hit
from stadtwabe.places.gazetteer.model import Candidate, Level, RegisterEntry

_MOST_CANDIDATES = 8
_SUBJECT_TO_DOUBT = 0.02


class Clues:
    """What a document says about where it is: states and districts, counted."""

    def __init__(self) -> None:
        self.states: Counter[str] = Counter()
        self.districts: Counter[str] = Counter()

    def add(self, key: str, weight: int = 1) -> None:
        """Count a place that is certainly named."""
        self.states[key[:2]] += weight
        if len(key) >= 5:
            self.districts[key[:5]] += weight


def gather(hits: Sequence[Hit]) -> Clues:
    """Take the clues from the hits that leave no choice."""
    clues = Clues()
    for hit in hits:
        if hit.belief < 0.8:
            continue
        readings = [entry for entry, _ in hit.written.readings if entry.level is not Level.REGION]
        if hit.district:
            readings = [entry for entry in readings if entry.level is Level.DISTRICT]
        towns = [entry for entry in readings if entry.level is Level.MUNICIPALITY]
        if len(readings) == 1:
            clues.add(readings[0].key, 2 if readings[0].level is Level.STATE else 1)
        elif len(towns) == 1:
            clues.add(towns[0].key)
    return clues


def rank(hit: Hit, clues: Clues) -> list[tuple[Candidate, ...]]:
    """Give the candidates of a hit, best first; two tuples for "Stadt und Kreis X"."""
    by_level: dict[Level, list[tuple[RegisterEntry, Form]]] = {}
    for entry, form in hit.written.readings:
        by_level.setdefault(entry.level, []).append((entry, form))
    results = []
    for levels in _levels(hit, by_level):
        readings = [reading for level in levels for reading in by_level.get(level, [])]
        if readings:
            results.append(_weigh(hit, readings, clues))
    return results


def _levels(
    hit: Hit, by_level: dict[Level, list[tuple[RegisterEntry, Form]]]
) -> list[tuple[Level, ...]]:
    if hit.both and Level.DISTRICT in by_level and Level.MUNICIPALITY in by_level:
        return [(Level.MUNICIPALITY,), (Level.DISTRICT,)]
    if hit.district and Level.DISTRICT in by_level:
        return [(Level.DISTRICT,)]
    if hit.state:
        return [(Level.STATE,)]
    towns = by_level.get(Level.MUNICIPALITY, [])
    if hit.town and towns:
        return [(Level.MUNICIPALITY,)]
    if Level.REGION in by_level:
        return [(Level.REGION,)]
    if Level.STATE in by_level and all(
        # A city that is a state ("Berlin") is meant as the city; "Sachsen" as the state.
        not town.key.startswith(state.key) or town.name != state.name
        for town, _ in towns
        for state, _ in by_level[Level.STATE]
    ):
        return [(Level.STATE,)]
    if towns:
        return [(Level.MUNICIPALITY,)]
    return [(Level.DISTRICT,), (Level.STATE,)]


def _weigh(
    hit: Hit, readings: list[tuple[RegisterEntry, Form]], clues: Clues
) -> tuple[Candidate, ...]:
    if len(readings) == 1:
        entry, _ = readings[0]
        return (
            Candidate(entry.key, entry.name, entry.level, round(hit.belief, 3), tuple(hit.reasons)),
        )
    weighted = []
    for entry, form in readings:
        weight = float((entry.population or 300) + 300) ** 0.9
        reasons = list(hit.reasons)
        if form is Form.NAME:
            weight *= 1.5
        if entry.merged_hint:
            weight *= 0.3
            reasons.append("vermutlich in einer anderen Gemeinde aufgegangen")
        if clues.districts[entry.key[:5]]:
            weight *= 8
            reasons.append("im selben Kreis wie andere Orte des Textes")
        elif clues.states[entry.key[:2]]:
            share = clues.states[entry.key[:2]] / clues.states.total()
            weight *= 1 + 4 * share
            reasons.append("im selben Land wie andere Orte des Textes")
        weighted.append((weight, entry, reasons))
    weighted.sort(key=lambda item: (-item[0], item[1].key))
    total = sum(weight for weight, _, _ in weighted)
    shares = [(weight / total, entry, reasons) for weight, entry, reasons in weighted]
    kept = [item for item in shares if item[0] >= _SUBJECT_TO_DOUBT][:_MOST_CANDIDATES]
    scale = 1 / sum(share for share, _, _ in kept)
    return tuple(
        Candidate(
            entry.key,
            entry.name,
            entry.level,
            round(hit.belief * share * scale, 3),
            (*reasons, f"eine von {len(readings)} Möglichkeiten dieses Namens"),
        )
        for share, entry, reasons in kept
    )
