"""The pages of the desk: ``/redaktion/``."""
