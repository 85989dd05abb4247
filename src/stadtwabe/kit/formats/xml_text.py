"""Text for XML 1.0."""

import re
from xml.sax.saxutils import escape

# Everything XML 1.0 (section 2.2) does not allow, even escaped; surrogates included.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(value: object) -> str:
    """Escape ``value`` for an element's content; characters XML cannot hold are left out."""
    return escape(_FORBIDDEN.sub("", str(value)))
