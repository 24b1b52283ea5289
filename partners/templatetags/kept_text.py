from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from partners.kept_text import WRITER, writer_mark

register = template.Library()


@register.simple_tag(takes_context=True)
def typed_by(context: Context) -> SafeString:
    """The hidden field by which text outlives a session; inside the form, see kept_text."""
    mark = writer_mark(context["request"].user)
    return format_html('<input type="hidden" name="{}" value="{}">', WRITER, mark)
