"""Accounts, organisations, parties, memberships, the one `can()`, the audit log."""
