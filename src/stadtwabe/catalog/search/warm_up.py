"""Loading what searches need before somebody waits for it."""

import logging
import threading
from collections.abc import Callable

from stadtwabe.catalog.search.compounds import split
from stadtwabe.places.gazetteer import Gazetteer

logger = logging.getLogger(__name__)


def warm_up(*, then: Callable[[], None]) -> threading.Thread:
    """Load the lexicon and the gazetteer beside the first pages; they take some seconds.

    ``then`` is called when it has succeeded. A search that comes earlier waits for them, and
    nothing depends on this to work.
    """
    thread = threading.Thread(target=_load, args=[then], name="warm-up", daemon=True)
    thread.start()
    return thread


def _load(then: Callable[[], None]) -> None:
    try:
        Gazetteer.load()
        split("Stadtverwaltung")
        then()
    except Exception:
        logger.exception("The lexica of the search could not be loaded")
