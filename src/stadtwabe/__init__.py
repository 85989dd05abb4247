"""Stadtwabe: open software that a network of German municipalities runs together."""

__version__ = "0.1.0"
