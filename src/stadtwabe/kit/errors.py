"""Errors of the domain: raised by commands, translated to HTTP by the doors.

A message is for the person who gets it, in their language: what was wrong, where, what to do.
"""

from django.utils.translation import gettext as _


class DomainError(Exception):
    """Something the person asked for cannot be done; nothing was changed.

    ``field`` names the input that was wrong, ``remedy`` says what to do about it.
    """

    status = 400

    def __init__(self, message: str, *, field: str | None = None, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class Invalid(DomainError):
    """The input has the right shape but makes no sense."""

    status = 422


class NotAllowed(DomainError):
    """The actor may not do this."""

    status = 403


class NotFound(DomainError):
    """There is no such thing, or the actor may not know that there is."""

    status = 404


class Conflict(DomainError):
    """Somebody else was faster, or it is there already."""

    status = 409


class TooMany(DomainError):
    """The same, too often in too short a time."""

    status = 429


class Unavailable(DomainError):
    """Something that this needs does not answer just now; later it may."""

    status = 503


def our_fault() -> str:
    """Return what is said where work in the background ends in an error nobody has foreseen.

    The error itself is for the log.
    """
    return _(
        "Das liegt an Stadtwabe, nicht an Ihnen. Versuchen Sie es noch einmal; den Grund findet"
        " der Betreiber im Protokoll."
    )
