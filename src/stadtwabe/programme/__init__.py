"""Events of many cities in one programme."""
