"""What bench.api measures: each answer of the portal, and the floors that stand beside it."""

import json
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from bench.client import Call, Client, NothingLeft

LIST = "/api/v1/requests/?state=referred&urgency=high&page_size=50"
FIRST = "/api/v1/requests/?page_size=50"
STEP = "/api/v1/requests/?page_size=100"
TOOLKIT = "/api/v1/toolkit/implementations/?page_size=50"
DEPTH = 500  # pages of 100 that are turned over before the deep page
_FROM_THE_END = 400  # events of everybody: of which the agency reads about a hundred


@dataclass
class Site:
    """One size: where its portal listens, and what its database holds."""

    size: int
    port: int
    known: dict[str, Any]
    django_port: int = 0
    wsgi_port: int = 0
    deep: str = ""
    tag: str = ""
    tags: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fresh = iter(self.known["referrals"])

    def call(
        self, path: str, method: str = "GET", body: Any = None, status: int = 200, **headers: str
    ) -> Call:
        said = {
            "Authorization": f"Api-Key {self.known['token']}",
            "Accept": "application/json",
            **headers,
        }
        text = "" if body is None else json.dumps(body)
        if text:
            said["Content-Type"] = "application/json"
        return Call(self.port, path, method, said, text, status)

    @property
    def detail(self) -> str:
        return f"/api/v1/requests/{self.known['reference']}/"

    @property
    def near_the_end(self) -> str:
        return f"/api/v1/events/?after={self.known['last_event'] - _FROM_THE_END}"

    @property
    def from_the_start(self) -> str:
        return f"/api/v1/events/?after={self.known['first_event']}"

    @property
    def nothing_new(self) -> str:
        return f"/api/v1/events/?after={self.known['last_event']}"

    def write(self, action: str, body: dict[str, str]) -> Call:
        """Each on a referral that nobody has touched. Raises NothingLeft."""
        if not self.tags:
            raise NothingLeft
        path, tag = self.tags.pop()
        done = 201 if action == "ask" else 200
        return self.call(f"{path}actions/{action}/", "POST", body, done, **{"If-Match": tag})

    def read_tags(self, number: int) -> None:
        """As a client has them before it writes: of so many referrals, each once."""
        client = Client()
        for pk in islice(self.fresh, number):
            path = f"/api/v1/referrals/{pk}/"
            self.tags.append((path, client.do(self.call(path)).header("ETag")))
        client.close()

    def accept(self) -> Call:
        return self.write("accept", {"comment": "We can help: two trainers are free in May."})

    def ask(self) -> Call:
        return self.write("ask", dict.fromkeys(self.known["ask"], "Which ports are meant?"))

    def floor(self, port: int, name: str) -> Call:
        insert = name == "insert"
        return Call(port, f"/{name}", "POST" if insert else "GET", body="{}" if insert else "")


def look_around(site: Site) -> None:
    """Finds the deep page by turning pages, as a client does, and the tag of the detail."""
    client, address = Client(), STEP
    for _page in range(min(DEPTH, site.size * 3 // 4 // 100 * 4 // 5)):
        answer = client.do(site.call(address))
        assert answer.status == 200, answer.body[:300]
        address = json.loads(answer.body)["next"]
    site.deep = address.partition(f":{site.port}")[2].replace("page_size=100", "page_size=50")
    site.tag = client.do(site.call(site.detail)).header("ETag")
    client.close()


def said_to_floors(site: Site) -> dict[str, Any]:
    """What the queries of the floors are given, and what stands around their rows."""
    client = Client()

    def answer(path: str) -> Any:
        return json.loads(client.do(site.call(path)).body)

    base = {"agency": site.known["agency"], "base": f"http://127.0.0.1:{site.port}/api/v1/"}
    pages = {name: answer(path) for name, path in _floor_paths(site).items()}
    given: dict[str, dict[str, Any]] = {
        "list": {},
        "page": {"beyond": _id_of(site, pages["page"]["results"][0])},
        "detail": {
            "reference": site.known["reference"],
            "allowed": json.dumps(pages["detail"]["allowed_actions"]),
        },
        "events": {
            "after": site.known["last_event"] - _FROM_THE_END,
            "labels": json.dumps(site.known["labels"]),
        },
        "toolkit": {"ids": [row["id"] for row in pages["toolkit"]["results"]]},
    }
    client.close()
    return {
        name: {
            "given": base | given[name],
            "around": {key: value for key, value in page.items() if key != "results"},
        }
        for name, page in pages.items()
    }


def _floor_paths(site: Site) -> dict[str, str]:
    return {
        "list": LIST, "page": site.deep, "detail": site.detail, "events": site.near_the_end,
        "toolkit": TOOLKIT,
    }  # fmt: skip


def _id_of(site: Site, row: dict[str, Any]) -> int:
    """The id above the first row of the deep page: rows are numbered as their references."""
    return int(row["reference"].removeprefix("B-")) + int(site.known["offset"]) + 1


def differences(site: Site) -> list[str]:
    """The floors that do not say what the portal says: word for word, but for white space."""
    client, wrong = Client(), []
    for name, path in _floor_paths(site).items():
        ours = json.loads(client.do(site.call(path)).body)
        for port in (site.django_port, site.wsgi_port):
            answer = client.do(site.floor(port, name))
            if answer.status != 200 or json.loads(answer.body) != ours:
                wrong.append(name)
    client.close()
    return wrong
