"""One line of the table."""

import operator
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True)
class Row:
    """One measured figure beside its yardstick and its goal."""

    what: str
    ours: float
    unit: str
    goal: float
    """In `unit`, or the ratio if `goal_is_ratio`."""
    better: Literal["lower", "higher"] = "lower"
    yardstick: float | None = None
    """The same job at the machine's own limit, in `unit`."""
    yardstick_is: str = ""
    goal_is_ratio: bool = False

    @property
    def ratio(self) -> float | None:
        """Ours divided by the yardstick."""
        return self.ours / self.yardstick if self.yardstick else None

    @property
    def reached(self) -> bool:
        """Whether the goal is reached."""
        value = self.ratio if self.goal_is_ratio else self.ours
        compare = operator.le if self.better == "lower" else operator.ge
        return value is not None and compare(value, self.goal)

    def as_json(self) -> dict[str, object]:
        """For the file of results."""
        return {**asdict(self), "ratio": self.ratio, "reached": self.reached}


def table(rows: list[Row]) -> str:
    """All rows as a table for people."""
    head = ("what", "ours", "yardstick", "ratio", "goal", "")
    cells = [head]
    for row in rows:
        sign = "<=" if row.better == "lower" else ">="
        goal = f"{sign} {row.goal:g}" + (" x" if row.goal_is_ratio else f" {row.unit}")
        yardstick = f"{row.yardstick:.4g} {row.unit} ({row.yardstick_is})" if row.yardstick else "-"
        ratio = f"{row.ratio:.2f}" if row.ratio is not None else "-"
        verdict = "reached" if row.reached else "MISSED"
        cells.append((row.what, f"{row.ours:.4g} {row.unit}", yardstick, ratio, goal, verdict))
    widths = [max(len(line[column]) for line in cells) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )
