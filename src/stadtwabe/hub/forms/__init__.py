"""Forms of the hub: shape only; the commands check meaning."""
