"""The entities of SensorThings: their properties and relations, and where they stand in tables."""
