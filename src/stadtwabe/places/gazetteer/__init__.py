"""From words in a text to candidates for places, with scores and reasons. Free of Django."""
