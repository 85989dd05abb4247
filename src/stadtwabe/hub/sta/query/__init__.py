"""The query language of SensorThings 1.1 (OData 4 with additions): text to a tree, without SQL."""
