"""A link that has died is words to the public: `{% if record.link|leads_somewhere %}<a …>`."""

from django import template

from record.links import alive, all_dead

register = template.Library()


@register.filter
def leads_somewhere(url: str) -> bool:
    """There is an address, and it is not known to be dead. A query: for pages of one record."""
    return bool(url and alive([url]))


@register.simple_tag
def dead_links() -> set[str]:
    """Every address that is known to be dead; a handful. For pages that hold many links."""
    return all_dead()
