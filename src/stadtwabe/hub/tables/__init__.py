"""Tables that people upload: rows out of CSV and Excel, times and numbers out of cells."""
