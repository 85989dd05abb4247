"""Tags of templates of the hub."""
