"""The public record on the desk."""

from record.admin import activities, facts, networks

__all__ = ["activities", "facts", "networks"]
