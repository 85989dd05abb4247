"""Portraits, projects, solutions, strategies, publications, funding and who reused what."""
