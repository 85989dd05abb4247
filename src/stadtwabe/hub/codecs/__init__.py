"""Payload codecs after TS013 of the LoRa Alliance, run where they can do no harm.

Free of Django and of the database. ``engine.decode`` is the only way in.
"""
