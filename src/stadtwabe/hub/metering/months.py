"""Months as bills have them: from midnight to midnight, German local time."""

import re
from datetime import datetime

from stadtwabe.kit.clock import GERMANY


class Month:
    """A month of a year."""

    def __init__(self, year: int, month: int) -> None:
        self.year, self.month = year, month

    @classmethod
    def of(cls, moment: datetime) -> "Month":
        """Return the month in which ``moment`` lies."""
        local = moment.astimezone(GERMANY)
        return cls(local.year, local.month)

    @classmethod
    def read(cls, text: str) -> "Month | None":
        """Return what ``2026-10`` says; None for anything else."""
        parts = re.fullmatch(r"(\d{4})-(\d{2})", text)
        if parts is None or not (1950 <= int(parts[1]) < 2100 and 1 <= int(parts[2]) <= 12):
            return None
        return cls(int(parts[1]), int(parts[2]))

    @property
    def start(self) -> datetime:
        """The first moment."""
        return datetime(self.year, self.month, 1, tzinfo=GERMANY)

    @property
    def end(self) -> datetime:
        """The first moment of the next month."""
        return self.later(1).start

    def later(self, months: int) -> "Month":
        """Return the month so many months later; less than 0 is earlier."""
        count = self.year * 12 + self.month - 1 + months
        return Month(count // 12, count % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"
