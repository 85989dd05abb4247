"""Pages of the catalogue: lists, places, what stands in for things that are gone."""
