"""The nouns of the gazetteer: places as the register has them, mentions and their candidates."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """What a key stands for."""

    STATE = "state"
    DISTRICT = "district"
    MUNICIPALITY = "municipality"
    NETWORK = "network"
    REGION = "region"


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One row of `places/data/register.csv` that is in force."""

    key: str
    level: Level
    name: str
    kind: str
    population: int | None
    longitude: float | None
    latitude: float | None
    merged_hint: bool
    """Whether GeoNames suggests that it has been merged into another municipality."""


@dataclass(frozen=True, slots=True)
class NetworkEntry:
    """A network of towns or a programme; members are offered, never put in its place."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    """Keys of the members that are known, in the register's order."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that a mention may mean.

    `key`: AGS of 8, 5 or 2 digits; the slug of a network; the name of a region. `score` runs from
    0 to 1: how sure it is that these words mean a place at all, times this place's share among
    those of the same name. `reasons` are short German phrases for the editor.
    """

    key: str
    name: str
    level: Level
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A passage that names a place; `text[start:end] == surface`, candidates best first."""

    start: int
    end: int
    surface: str
    candidates: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate:
        """The candidate with the highest score."""
        return self.candidates[0]

    @property
    def ambiguous(self) -> bool:
        """Whether a person should decide: the second candidate is at least half as likely."""
        return len(self.candidates) > 1 and (
            self.candidates[1].score >= 0.5 * self.candidates[0].score
        )
