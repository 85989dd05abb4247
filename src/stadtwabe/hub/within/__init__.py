"""Storing observations inside a transaction of Django: for change sets (ADR 17)."""
