"""The embedded PostgreSQL: started when needed, shared by all processes, stopped by the last one.

Free of Django and of every package but the standard library, because `guardian` runs without
site-packages. `server.Server` is the door; the rest stands behind it.
"""
