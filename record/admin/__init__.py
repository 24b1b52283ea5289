"""The public record on the desk."""

from record.admin import activities, facts, importing, library, links, networks, news

__all__ = ["activities", "facts", "importing", "library", "links", "networks", "news"]
