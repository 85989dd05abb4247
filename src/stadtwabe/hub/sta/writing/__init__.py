"""Writing through the SensorThings API: bodies to the commands of the hub."""
