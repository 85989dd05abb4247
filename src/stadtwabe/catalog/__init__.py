"""One card per public thing: search, facets, map, feeds and exports for all domains at once."""
