"""What goes in and out when programs send tables with observations."""

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field

Named = str | int
"""A column by its heading, or by its place from 0."""


class Reading(Schema):
    """How a file is read; what is left out was found out."""

    model_config = ConfigDict(extra="forbid")

    encoding: str | None = Field(None, description="nur CSV, etwa utf-8-sig oder cp1252")
    separator: str | None = Field(None, max_length=1, description="nur CSV")
    sheet: str | None = Field(None, description="nur Excel")
    header_line: int | None = Field(None, ge=0, le=1000, description="0: keine Überschriften")
    decimal: str | None = Field(None, pattern="^[.,]$")
    zone: str | None = Field(None, description="Europe/Berlin, UTC oder Etc/GMT-1")
    date_order: str | None = Field(
        None, description="für Daten mit Schrägstrichen: day oder month steht vorn"
    )


class Meaning(Schema):
    """What the columns mean: ``streams`` for one series a column, else ``series`` and ``names``."""

    model_config = ConfigDict(extra="forbid")

    time: Named = Field(description="Spalte mit der Zeit")
    clock: Named | None = Field(None, description="Spalte mit der Uhrzeit, falls sie eine hat")
    streams: dict[str, int] = Field({}, description="Spalte: Nummer der Messreihe")
    series: Named | None = Field(None, description="Spalte mit dem Namen der Messreihe")
    value: Named | None = Field(None, description="Spalte mit dem Wert")
    names: dict[str, int] = Field({}, description="Name in der Spalte: Nummer der Messreihe")


class Sending(Schema):
    """What comes with a file."""

    owner: int | None = Field(None, description="Nummer der Stelle, deren Messwerte es sind")
    columns: str = Field("", max_length=20_000, description="JSON, wie bei der Zuordnung")
    format: str = Field("", max_length=2_000, description="JSON, wie bei der Zuordnung")
    start: bool = Field(True, description="gleich speichern, wenn alles zugeordnet ist")


class Assignment(Schema):
    """How a file is read and what its columns mean; the former alone guesses the latter anew."""

    model_config = ConfigDict(extra="forbid")

    format: Reading | None = None
    columns: Meaning | None = None


class Column(Schema):
    """A column of the file."""

    place: int
    heading: str
    datastream: int | None = Field(None, description="Messreihe, in die ihre Werte gehen")


class UploadStatus(Schema):
    """How far a file is; counts are of values, not of rows."""

    id: int
    file_name: str
    owner: int
    path: str = Field(description="Seite der Datei")
    state: str = Field(description="draft, waiting, running, done, failed")
    failure: str
    format: dict[str, Any]
    columns: list[Column] = Field(description="leer, wenn die Datei nicht mehr da ist")
    meaning: dict[str, Any] | None = Field(description="Zuordnung; Spalten nach Platz von 0 an")
    rows: int
    stored: int
    repeated: int = Field(description="waren schon da")
    versioned: int = Field(description="haben einen anderen Wert ersetzt")
    refused: int = Field(description="nicht gespeichert; siehe refused")
    blank: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class UploadPage(Schema):
    """Some of the files, the newest first."""

    total: int
    page: int
    uploads: list[UploadStatus]


class RefusedCell(Schema):
    """A cell (without a column: a row) that was not stored, and why."""

    line: int = Field(description="Zeile in der Datei, von 1 an")
    column: str | None
    cell: str
    reason: str


class RefusedPage(Schema):
    """What was not stored, in the order of the file."""

    cells: list[RefusedCell]
    next_after: int | None = Field(description="weiter mit after=…; null am Ende")
