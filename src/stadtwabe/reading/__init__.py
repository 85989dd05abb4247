"""Text to suggested facts. Pure Python: neither Django nor a database."""
