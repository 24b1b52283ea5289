"""What editors write becomes HTML here and nowhere else: Markdown (CommonMark, with tables), then
cleaned by a list of what may stay.

HTML that somebody typed or pasted takes the same way: what is harmless stays, the rest goes, its
words stay. So the preview shows what the public will read.
"""

import re
from collections.abc import Collection
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

TAGS = {
    "p", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "br", "hr", "code",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "th": {"scope"}, "td": set[str](), "ol": {"start"}}
# What is no text of anybody goes with what stands in it.
_GONE_WITH_CONTENT = {"script", "style", "template", "svg", "math", "noscript", "iframe", "object"}
_SCHEMES = {"http", "https", "mailto"}
# No address of another host begins so: "//host" does, and "/\\host", which browsers read alike.
_PLACE_HERE = re.compile(r"/(?![/\\])|#")
# Browsers leave these out of an address before they read it (WHATWG URL, "URL parsing").
_NOT_READ = str.maketrans("", "", "\t\r\n")
_LINK_HERE = re.compile(r'(<a href="[/#][^"]*") rel="external"')
_NO_LINK = re.compile(r'<a rel="external">(.*?)</a>', re.DOTALL)


def html(text: str, dead: Collection[str] = ()) -> SafeString:
    """Clean HTML of an editor's text. Links to the addresses in `dead` lead nowhere any more:
    their words stay.

    Links keep `rel="external"`, as on every page of the portal: no "nofollow", since the
    Secretariat stands behind them, and no "noopener", since none opens a window.
    """
    cleaned = nh3.clean(
        _rendered(text),
        tags=TAGS,
        attributes=_ATTRIBUTES,
        clean_content_tags=_GONE_WITH_CONTENT,
        attribute_filter=lambda tag, name, value: _kept(tag, name, value, dead),
        url_schemes=_SCHEMES,
        link_rel="external",
    )
    return mark_safe(_framed(cleaned))  # noqa: S308 - nh3 has cleaned it


def links_in(text: str) -> set[str]:
    """The addresses of other hosts to which an editor's text leads."""
    found: set[str] = set()

    def note(tag: str, name: str, value: str) -> str | None:
        kept = _kept(tag, name, value, ())
        if tag == "a" and kept and urlsplit(kept).scheme in {"http", "https"}:
            found.add(kept)
        return kept

    nh3.clean(_rendered(text), tags=TAGS, attributes=_ATTRIBUTES, attribute_filter=note)
    return found


def _kept(tag: str, name: str, value: str, dead: Collection[str]) -> str | None:
    if name == "rel":  # ours: what was typed is gone already
        return value
    value = value.translate(_NOT_READ)
    if name == "start":
        return value if value.isascii() and value.isdigit() and len(value) < 5 else None
    if name == "scope":
        return value if value in {"row", "col"} else None
    try:
        scheme = urlsplit(value).scheme
    except ValueError:
        return None
    leads_somewhere = scheme in _SCHEMES or (not scheme and _PLACE_HERE.match(value))
    if not leads_somewhere or value in dead:
        return None
    return value.replace("<", "%3C").replace(">", "%3E")  # what _framed looks for is then a tag


def _framed(cleaned: str) -> str:
    """Words without a link are no link; tables scroll by themselves on a small screen, within
    reach of the keyboard. What nh3 gives is balanced, and no attribute holds a bracket."""
    frame = (
        f'<div class="table-region" role="region" aria-label="{escape(_("Table"))}" tabindex="0">'
        '<table class="table">'
    )
    here = _LINK_HERE.sub(r"\1", cleaned)
    plain = _NO_LINK.sub(r"\1", here)
    return plain.replace("<table>", frame).replace("</table>", "</table></div>")


def _rendered(text: str) -> str:
    """A page has its own first two levels of headings; so whichever level a text begins with is
    the third, and all below it the fourth."""
    reader, env = _reader(), dict[str, Any]()
    tokens = reader.parse(text, env)
    headings = [one for one in tokens if one.type in {"heading_open", "heading_close"}]
    highest = min((one.tag for one in headings), default="")
    for one in headings:
        one.tag = "h3" if one.tag == highest else "h4"
    return str(reader.renderer.render(tokens, reader.options, env))


@cache
def _reader() -> MarkdownIt:
    """CommonMark with tables; pictures have a field of their own, here their words stay."""
    reader = MarkdownIt("commonmark").enable("table")
    reader.add_render_rule("image", _words_of_picture)
    return reader


def _words_of_picture(renderer: Any, tokens: Any, place: int, options: Any, env: Any) -> str:
    return escape(renderer.renderInlineAsText(tokens[place].children, options, env))
