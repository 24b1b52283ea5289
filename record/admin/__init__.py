"""The public record on the desk."""

from record.admin import activities, facts, library, links, networks, news

__all__ = ["activities", "facts", "library", "links", "networks", "news"]
