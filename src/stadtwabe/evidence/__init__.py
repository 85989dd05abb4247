"""Documents, suggestions and statements: why a value is what it is."""
