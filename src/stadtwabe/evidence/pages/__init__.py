"""The public pages of sources: ``/quellen/``."""
