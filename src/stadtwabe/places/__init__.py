"""Municipalities, districts and states by official key, and networks of towns: identity only."""
