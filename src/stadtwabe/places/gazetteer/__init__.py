"""From words in a text to candidates for places, with scores and reasons. Free of Django."""

from stadtwabe.places.gazetteer.gazetteer import Gazetteer
from stadtwabe.places.gazetteer.model import Candidate, Level, NetworkEntry, PlaceMention

__all__ = ["Candidate", "Gazetteer", "Level", "NetworkEntry", "PlaceMention"]
