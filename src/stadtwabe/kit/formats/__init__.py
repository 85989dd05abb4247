"""Writers of the formats that every list answers in; free of Django, and all of them stream.

Each takes rows or entries that the caller made from its query and yields pieces of text.
"""
