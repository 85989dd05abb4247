"""What can go wrong with a codec, as a value that doors can put into words."""

import enum
from dataclasses import dataclass


class Fault(enum.StrEnum):
    """Why there is no output. The first eight are the codec's, the last two are ours."""

    SYNTAX = "syntax"
    NO_FUNCTION = "no_function"
    THROWN = "thrown"
    TIME = "time"
    MEMORY = "memory"
    STACK = "stack"
    OUTPUT = "output"
    TOO_LARGE = "too_large"
    CRASHED = "crashed"
    BUSY = "busy"


PASSING = frozenset({Fault.CRASHED, Fault.BUSY})
"""Worth another try: the next one may succeed with the same codec and the same payload."""


@dataclass
class CodecError(Exception):
    """A codec gave no output.

    ``message`` is what the engine or the codec said (English); ``line`` and ``column`` count from
    1 in the codec's source; ``path`` names the value that is no JSON, such as ``data.level``;
    ``log`` is what the codec wrote to its console.
    """

    fault: Fault
    message: str = ""
    line: int | None = None
    column: int | None = None
    path: str = ""
    log: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f", line {self.line}" if self.line else ""
        return f"{self.fault}{where}: {self.path} {self.message}".strip()
