"""What became of observations that were to be stored."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from stadtwabe.hub.ingest.said import Said


class Overloaded(Exception):
    """More is waiting than should; nothing was stored. Come back in ``retry_after`` seconds."""

    def __init__(self, retry_after: int = 1) -> None:
        super().__init__("Gerade kommt mehr an, als gespeichert werden kann.")
        self.retry_after = retry_after


class Unavailable(Exception):
    """The database cannot store anything now; whether it did is not known. Send it again."""


class Fate(StrEnum):
    """What became of one observation."""

    STORED = "stored"
    REPEATED = "repeated"
    VERSIONED = "versioned"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the observation at ``position`` (from 0) of a batch.

    ``id`` is that of the observation in the database, None when it was refused with ``reason``
    (German, for the sender); ``field`` names the member that was wrong.
    """

    position: int
    fate: Fate
    id: int | None = None
    reason: str = ""
    field: str | None = None
    status: int = 0
    """The HTTP status that says the same of a single observation."""
    said: Said | None = None
    """The reason in both languages."""
    remedy: Said | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an observation was not stored, and what to do about it."""

    said: Said
    field: str | None = None
    status: int = 400
    remedy: Said | None = None

    @property
    def reason(self) -> str:
        """Why, in German."""
        return self.said.german


NO_STREAM = Refusal(
    Said(
        "Diese Messreihe gibt es nicht.",
        "There is no such datastream, or it is not for you to see.",
    ),
    "Datastream",
    404,
)


@dataclass(slots=True)
class Outcomes:
    """What became of all observations of a batch.

    ``ids`` has one entry for each position, 0 for the refused ones.
    """

    ids: list[int]
    repeated: set[int] = field(default_factory=set)
    versioned: set[int] = field(default_factory=set)
    refused: dict[int, Refusal] = field(default_factory=dict)

    @property
    def stored(self) -> int:
        """How many are new: neither repeated nor another version, nor refused."""
        return len(self.ids) - len(self.repeated) - len(self.versioned) - len(self.refused)

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, position: int) -> Outcome:
        refusal = self.refused.get(position)
        if refusal is not None:
            return Outcome(
                position,
                Fate.REFUSED,
                reason=refusal.reason,
                field=refusal.field,
                status=refusal.status,
                said=refusal.said,
                remedy=refusal.remedy,
            )
        fate = Fate.STORED
        if position in self.repeated:
            fate = Fate.REPEATED
        elif position in self.versioned:
            fate = Fate.VERSIONED
        return Outcome(position, fate, self.ids[position], status=201)

    def __iter__(self) -> Iterator[Outcome]:
        return (self[position] for position in range(len(self.ids)))
