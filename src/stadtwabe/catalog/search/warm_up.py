"""Loading what searches need before somebody waits for it."""

import gc
import logging
import threading

from stadtwabe.catalog.search.compounds import split
from stadtwabe.places.gazetteer import Gazetteer

logger = logging.getLogger(__name__)


def warm_up() -> threading.Thread:
    """Load the lexicon and the gazetteer beside the first pages; they take some seconds.

    A search that comes earlier waits for them, and nothing depends on this to work.
    """
    thread = threading.Thread(target=_load, name="warm-up", daemon=True)
    thread.start()
    return thread


def _load() -> None:
    try:
        Gazetteer.load()
        split("Stadtverwaltung")
        # They stay: no request need wait while a million names are searched for garbage.
        gc.freeze()
    except Exception:
        logger.exception("The lexica of the search could not be loaded")
