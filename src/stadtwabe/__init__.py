"""Stadtwabe: open software that a network of German municipalities runs together."""
