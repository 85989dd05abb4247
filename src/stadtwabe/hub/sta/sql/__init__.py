"""From the tree of a query to parameterised SQL."""
