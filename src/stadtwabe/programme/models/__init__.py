"""The tables of the programme, one noun per file."""

from stadtwabe.programme.models.event import Event

__all__ = ["Event"]
