"""The one error of extraction."""


class Unreadable(Exception):
    """A document cannot be read. `message` says why and `remedy` what helps, both in German.

    `code` is stable and names the reason: ``empty``, ``too_large``, ``encrypted``, ``scanned``,
    ``damaged``, ``archive_bomb``, ``unknown_type``, ``too_slow``.
    """

    def __init__(self, message: str, remedy: str, *, code: str) -> None:
        super().__init__(f"{message} {remedy}")
        self.message = message
        self.remedy = remedy
        self.code = code
