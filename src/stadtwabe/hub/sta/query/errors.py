"""What is wrong with a query, and where."""


class QueryError(Exception):
    """A query that cannot be understood or carried out.

    ``position`` counts characters from 0 in the value of ``option`` (``$filter``), or in the path
    below the service root when ``option`` is empty; None where no single place is to blame.
    ``status`` is that of the answer: 404 when an address leads nowhere.
    """

    def __init__(
        self, message: str, *, position: int | None = None, option: str = "", status: int = 400
    ) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.option = option
        self.status = status

    def within(self, option: str, offset: int = 0) -> "QueryError":
        """Return this error as seen from ``option``, in which the text begins at ``offset``."""
        position = None if self.position is None else self.position + offset
        return QueryError(self.message, position=position, option=self.option or option)
