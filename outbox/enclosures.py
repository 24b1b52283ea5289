"""Files that go with a message. The row keeps what to enclose; the file is made when it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outbox.models import Message


@dataclass(frozen=True)
class Enclosure:
    """Which file: the name of a registered maker and the id of what it makes the file of."""

    maker: str
    id: int


@dataclass(frozen=True)
class File:
    name: str
    content: bytes
    content_type: str


Maker = Callable[[int, str], File]  # (id, language); must give the same file at every try

_makers: dict[str, Maker] = {}


def register(name: str, maker: Maker) -> None:
    """Make a kind of enclosure known; called from its app's ready()."""
    _makers[name] = maker


def files_of(message: "Message") -> list[File]:
    """The files that go with a message, in its language."""
    return [_makers[one["maker"]](one["id"], message.language) for one in message.enclosures]
