"""What an editor writes, as it reaches a page: the list of what stays, and nothing else."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from record.markup import TAGS, html, links_in

OURS = {"div": {"class", "role", "aria-label", "tabindex"}, "table": {"class"}}
MAY = {"a": {"href", "rel"}, "th": {"scope"}, "ol": {"start"}} | OURS


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: "list[tuple[str, str | None]]") -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))


def assert_clean(made: str) -> None:
    seen = Seen()
    seen.feed(made)
    for tag, attributes in seen.tags:
        assert tag in TAGS | {"div"}, made
        assert set(attributes) <= MAY.get(tag, set()), made
        if "href" in attributes:
            scheme = urlsplit(attributes["href"]).scheme
            assert scheme in {"http", "https", "mailto"} or attributes["href"][:1] in "/#", made
            assert not attributes["href"].startswith(("//", "/\\")), made
        if tag == "div":
            assert attributes["class"] == "table-region", made


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("# One\n## Two\n##### Five", "<h3>One</h3>\n<h4>Two</h4>\n<h4>Five</h4>\n"),
        ("## Two\n#### Four", "<h3>Two</h3>\n<h4>Four</h4>\n"),
        ("**strong** and *em*", "<p><strong>strong</strong> and <em>em</em></p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3) a", '<ol start="3">\n<li>a</li>\n</ol>\n'),
        (
            "[there](https://example.org/a?b=1&c=2)",
            '<p><a href="https://example.org/a?b=1&amp;c=2" rel="external">there</a></p>\n',
        ),
        ("[here](/toolkit/?q=a)", '<p><a href="/toolkit/?q=a">here</a></p>\n'),
        (
            "[mail](mailto:a@example.org)",
            '<p><a href="mailto:a@example.org" rel="external">mail</a></p>\n',
        ),
        ("[nowhere](//example.org)", "<p>nowhere</p>\n"),
        ("<a href='/\t/example.org'>nowhere</a>", "<p>nowhere</p>\n"),
        ("<a href='/&#10;/example.org'>nowhere</a>", "<p>nowhere</p>\n"),
        ('<a href="javascript:alert(1)">words</a>', "<p>words</p>\n"),
        ('<a href="JaVa\tscript:alert(1)">words</a>', "<p>words</p>\n"),
        ('<a href="data:text/html,x">words</a>', "<p>words</p>\n"),
        ("before <script>alert(1)</script> after", "<p>before  after</p>\n"),
        ('<p onclick="x()" style="color:red" class="status">text</p>', "<p>text</p>"),
        ("<b>bold</b> <font>and</font>", "<p>bold and</p>\n"),
        ('<img src="x" onerror="alert(1)">', ""),
        ("![a *heron*](https://example.org/x.png)", "<p>a heron</p>\n"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>\n"),
        ("", ""),
    ],
)
def test_an_editors_text_becomes_html_of_the_list_and_nothing_else(typed: str, read: str) -> None:
    assert html(typed) == read


def test_a_table_scrolls_in_a_region_of_its_own() -> None:
    assert html("|a|b|\n|-:|-|\n|1|2|") == (
        '<div class="table-region" role="region" aria-label="Table" tabindex="0">'
        '<table class="table">\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n'
        "<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table></div>\n"
    )


def test_the_words_of_a_dead_link_stay_without_the_link() -> None:
    text = "[gone](https://example.org/gone) and [there](https://example.org/there)"
    made = html(text, {"https://example.org/gone"})
    assert made == '<p>gone and <a href="https://example.org/there" rel="external">there</a></p>\n'


def test_the_links_of_a_text_are_those_that_lead_to_other_hosts() -> None:
    text = (
        "[a](https://example.org/a?x=1&y=2) <http://example.org/b> [c](/here/) "
        '[d](mailto:d@example.org) <a href="https://example.org/e">e</a> [f](javascript:x)'
    )
    assert links_in(text) == {
        "https://example.org/a?x=1&y=2",
        "http://example.org/b",
        "https://example.org/e",
    }


def test_no_tag_is_built_out_of_the_address_of_a_link() -> None:
    inside = "https://example.org/<table><img src=x onerror=alert(1)>"
    made = html(f'<a href="{inside}">x</a> <a href="/<a rel=\'external\'><svg onload=1>">y</a>')
    assert_clean(made)
    assert "<img" not in made
    assert "<svg" not in made


PIECES = [
    "<script>", "</script>", "<table>", "</table>", "<svg/onload=alert(1)>", "<a href=", '"', "'",
    "javascript:", "JAVA\tSCRIPT:", "&#106;avascript:", "data:text/html,", "//evil.example",
    "<img src=x onerror=alert(1)>", "<style>*{}</style>", "<math><mtext>", "<!--", "-->", ">", "<",
    "](", "[", ")", "![", "`", "```\n", "|a|b|\n|-|-|\n|", "\n\n", "# ", "<div class=table-region ",
    "<p onclick=alert(1)>", "<iframe srcdoc='<script>'>", "<a rel=\"external\">", "</a>", "\0",
    "<template>", "<noscript>", "<title>", "<textarea>", "https://a.example/", "&lt;", "text ",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=25))
def test_whatever_is_typed_no_script_no_event_and_no_other_scheme_reaches_a_page(
    pieces: list[str],
) -> None:
    assert_clean(html("".join(pieces)))
