"""The desk's pages about bodies, people, mandates and keys."""

from partners.admin import bodies, joining, keys, mandates, people

__all__ = ["bodies", "joining", "keys", "mandates", "people"]
