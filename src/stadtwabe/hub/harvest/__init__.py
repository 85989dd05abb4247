"""Reading the catalogues of others: CKAN, DCAT, SensorThings. Nothing here writes anything."""
