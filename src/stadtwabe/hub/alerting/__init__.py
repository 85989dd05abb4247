"""Alerts: when one begins and ends, when somebody may be told of it, and in which words."""
