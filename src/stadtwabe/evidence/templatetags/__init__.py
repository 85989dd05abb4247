"""Template tags of evidence: ``{% load evidence %}``."""
