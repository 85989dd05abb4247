"""The lexica are there before the first search."""

from stadtwabe.catalog.search import compounds
from stadtwabe.catalog.search.warm_up import warm_up


def test_the_lexicon_is_loaded_beside_the_first_pages():
    compounds.split.cache_clear()

    warm_up().join(timeout=60)

    assert compounds.split.cache_info().currsize > 0
