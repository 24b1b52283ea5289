"""Reading pages as a person does: words without tags, rows of tables, sentences at fields."""

import re
from html import unescape

from django.test import Client

from partners.models import User


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.get("/healthz")  # the first page of a session also writes down the session
    return client


def words(html: str) -> str:
    """What can be read in a piece of a page, on one line."""
    plain = re.sub(r"<[^>]+>", " ", html)
    return " ".join(unescape(plain).split())


def page(response) -> str:
    """The main part of a page as words."""
    return words(response.content.decode().partition("<main")[2].partition("</main>")[0])


def table_rows(response, caption_id: str) -> list[list[str]]:
    """The body of one table, cell by cell."""
    html = response.content.decode()
    table = html.partition(f'id="{caption_id}"')[2]
    body = table.partition("<tbody")[2].partition(">")[2].partition("</tbody>")[0]
    return [
        [words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.DOTALL)
    ]


def timeline(response) -> list[str]:
    """What the timeline says happened, newest first."""
    found = re.findall(r'class="timeline__what">(.*?)</p>', response.content.decode(), re.DOTALL)
    return [words(one) for one in found]


def errors_at(response) -> dict[str, list[str]]:
    return {name: list(said) for name, said in response.context["form"].errors.items()}
