"""Which monthly partitions are there."""

from collections.abc import Iterable

import asyncpg

from stadtwabe.hub.ingest.times import DAY, moment

FIRST_YEAR, LAST_YEAR = 1900, 2100

ENSURE = "SELECT hub_ensure_months(make_timestamptz($1, $2, 1, 0, 0, 0, 'UTC'), \
make_timestamptz($1, $2, 1, 0, 0, 0, 'UTC'))"


class Months:
    """Makes the partitions that times need, and remembers which days have one."""

    def __init__(self) -> None:
        self._days: dict[int, tuple[int, int] | None] = {}
        self._made: set[tuple[int, int]] = set()

    async def ensure(self, connection: asyncpg.Connection, days: Iterable[int]) -> None:
        """Make the partitions that are missing for ``days``, counted since 2000-01-01."""
        for day in days:
            if day not in self._days:
                self._days[day] = month_of(day)
            month = self._days[day]
            if month is not None and month not in self._made:
                await connection.execute(ENSURE, *month)
                self._made.add(month)

    def forget(self) -> None:
        """Look again: somebody may have dropped a partition."""
        self._made.clear()


def month_of(day: int) -> tuple[int, int] | None:
    """Return year and month of a day since 2000-01-01; None where there are no partitions."""
    first = moment(day * DAY)
    return (first.year, first.month) if FIRST_YEAR <= first.year <= LAST_YEAR else None
