"""Which HTTP methods a page takes."""

from django.views.decorators.http import require_http_methods

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
"""For pages that show a form and take it."""
