"""What Stadtwabe is measured by. `python -m bench` runs everything; see README.md."""
