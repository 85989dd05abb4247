"""Every write of the demo."""

from stadtwabe.site.demo.commands.accounts import close_demo_accounts, open_demo_accounts
from stadtwabe.site.demo.commands.loading import load_demo

__all__ = ["close_demo_accounts", "load_demo", "open_demo_accounts"]
