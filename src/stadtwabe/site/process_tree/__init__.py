"""Stadtwabe as one tree of processes: the web server and the worker below the command."""
