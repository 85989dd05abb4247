"""The hub: live urban data, collected, combined and used together."""
