"""Fetching values from other servers: JSON, in which JSONPath says what is what."""
