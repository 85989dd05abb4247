"""Settings, root addresses, home page, navigation, command line."""
