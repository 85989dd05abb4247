"""Consumption out of the readings of meters; no database, no pages."""
