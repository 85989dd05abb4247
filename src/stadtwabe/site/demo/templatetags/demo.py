"""The demo accounts, for the sign-in page of the demo."""

from django import template

from stadtwabe.site.demo.accounts import ACCOUNTS, PASSWORD

register = template.Library()


@register.inclusion_tag("demo/_accounts.html")
def demo_accounts() -> dict[str, object]:
    """List the accounts with their public password."""
    return {"accounts": ACCOUNTS, "password": PASSWORD}
