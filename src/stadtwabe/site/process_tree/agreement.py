"""What parent and child must both know; imports nothing, so that the parent is quick to start."""

GRACE_SECONDS = 8
"""For requests and jobs under way when the child is asked to stop."""

HEALTH = "/-/health"
"""Answered by the router itself, without Django and database."""

SOCKET = "STADTWABE_CHILD_SOCKET"
"""Number of the inherited listening socket; between parent and child only."""
