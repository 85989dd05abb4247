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
        self._days: dict[int, tuple[int, int]] = {}
        self._made: set[tuple[int, int]] = set()

    async def ensure(self, connection: asyncpg.Connection, days: Iterable[int]) -> None:
        """Make the partitions that are missing for ``days``, counted since 2000-01-01."""
        for day in days:
            if day not in self._days:
                first = moment(day * DAY)
                self._days[day] = first.year, first.month
            month = self._days[day]
            if month not in self._made:
                if FIRST_YEAR <= month[0] <= LAST_YEAR:
                    await connection.execute(ENSURE, *month)
                self._made.add(month)

    def forget(self) -> None:
        """Look again: somebody may have dropped a partition."""
        self._made.clear()
