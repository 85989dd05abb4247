"""From mentions to things: what a name denotes, and which facts belong to it."""
