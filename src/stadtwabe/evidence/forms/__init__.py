"""Forms for editors: of any kind of thing, generated from its columns."""
