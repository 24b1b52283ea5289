"""The desk's pages about bodies, people, mandates and keys."""

from partners.admin import bodies, keys, mandates, people

__all__ = ["bodies", "keys", "mandates", "people"]
