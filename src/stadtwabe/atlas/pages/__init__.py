"""Pages of the atlas: entry, lists, statistics, comparison, reuse, peers."""
