"""What the server draws as SVG: numbers are ready-made strings, so no language changes them.

Colours and fonts come from style classes: the content security policy allows no inline style.
"""
