"""Typed mentions with code-point offsets: dates, money, addresses, organisations, names."""
