"""Numbers for SVG attributes."""


def svg_number(value: float) -> str:
    """Return ``value`` with at most two decimals and a point, as SVG wants it: ``1.5``, ``20``."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"
