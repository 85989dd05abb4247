"""The archive: observations of closed months as Parquet files. Free of Django.

``docs/archive.md`` describes the files. Which of them are valid says the table
``hub_archivemonth``, which ``hub.queries.archive`` reads.
"""
