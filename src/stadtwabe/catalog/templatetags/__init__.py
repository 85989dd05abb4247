"""Template tags of the catalogue: ``{% load catalog %}``."""
