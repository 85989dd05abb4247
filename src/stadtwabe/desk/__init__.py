"""The editors' desk at /redaktion/: documents become facts here."""
