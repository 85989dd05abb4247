"""What can go wrong with the embedded PostgreSQL."""


class PostgresError(Exception):
    """The embedded PostgreSQL cannot do what was asked; `remedy` says what an operator can do."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()
