"""`python -m stadtwabe.site.command_line`, as ./run calls it."""

import sys

from stadtwabe.site.command_line import main

sys.exit(main())
