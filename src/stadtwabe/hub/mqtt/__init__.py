"""MQTT through the operator's broker: what comes in is stored, what is public is published."""
