"""English as written in Europe; Django's own is American."""
