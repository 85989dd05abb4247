"""What every floor shares, and no word of the field: actor, clock, events, errors, formats."""
