"""Pages that are large and often asked for, made column by column: the short ways of reading."""

from collections.abc import Sequence
from dataclasses import dataclass

from stadtwabe.hub.ingest.times import moment
from stadtwabe.hub.queries.archive import Part
from stadtwabe.hub.sta.archived import TIME, between, left_after
from stadtwabe.hub.sta.archived_columns import found_along_time
from stadtwabe.hub.sta.observations import (
    Found,
    Whole,
    found_of,
    is_whole,
    page_of_found,
    whole,
    whole_sql,
)
from stadtwabe.hub.sta.query.options import Options
from stadtwabe.hub.sta.question import Fetch
from stadtwabe.hub.sta.rollup_pages import is_by_column, page_of, page_sql
from stadtwabe.hub.sta.schema.entities import OBSERVATION
from stadtwabe.hub.sta.schema.entity import EntityType
from stadtwabe.hub.sta.selection import SortColumn, values_of
from stadtwabe.hub.sta.span import Span
from stadtwabe.hub.sta.sql.fragment import Sql, all_of, join


@dataclass(frozen=True, slots=True)
class PageOf:
    """A page that is asked for: at most ``top`` (at least one) rows under ``conditions``."""

    entity: EntityType
    options: Options
    conditions: Sequence[Sql]
    order: Sequence[SortColumn]
    top: int
    root: str
    fetch: Fetch

    def from_table(self) -> Whole | None:
        """Return the page, or None when it is not one that can be made so."""
        keys, directions, where = self._keys, self._directions, all_of(self.conditions)
        if is_whole(self.entity, self.options):
            skip = self.options.skip
            query = whole_sql(self.entity, where, keys, directions, top=self.top, skip=skip)
            return whole(self.fetch(query)[0], self.root, top=self.top)
        if is_by_column(self.entity, self.options):
            query = page_sql(self.entity, self.options, where, keys, directions, top=self.top)
            row = self.fetch(query)[0]
            return page_of(row, self.entity, self.options, self.root, top=self.top)
        return None

    def from_archive(self, parts: Sequence[Part], streams: Sequence[int] | None) -> Whole | None:
        """Return the page if it goes along the time of one datastream, otherwise None.

        ``parts`` are the files that matter beside the table, the oldest first; ``streams`` the
        datastreams of the collection, None: all.
        """
        options = self.options
        is_plain = is_whole(self.entity, options) and not (options.filter or options.skip)
        is_along_time = [key.sql.text for key in self.order] == [TIME]
        if self.entity is not OBSERVATION or not is_plain or not is_along_time:
            return None
        if streams is None or len(streams) != 1:
            return None
        descending = self.order[0].descending
        span = Span()
        if options.after:
            (last,) = values_of(options.after, 1)
            span = left_after(last, descending, itself=False)
            if span == Span():
                return None
        found = found_along_time(
            self._found_in_table,
            parts[::-1] if descending else parts,
            streams[0],
            span,
            descending=descending,
            most=self.top + 1,
        )
        more = len(found.times) > self.top
        ends_at = (moment(int(found.times[self.top - 1])),) if more else None
        return Whole(page_of_found(found, self.root, top=self.top), ends_at)

    def _found_in_table(self, span: Span) -> Found:
        where = all_of([*self.conditions, *between(span)])
        query = whole_sql(self.entity, where, self._keys, self._directions, top=self.top, skip=0)
        return found_of(self.fetch(query)[0])

    @property
    def _keys(self) -> list[Sql]:
        return [key.sql for key in self.order]

    @property
    def _directions(self) -> Sql:
        return join(", ", (key.text for key in self.order))
