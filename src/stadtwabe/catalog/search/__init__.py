"""Search: words to queries, queries to hits, hits to facets with counts."""
