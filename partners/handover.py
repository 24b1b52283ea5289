"""What is open for a Party when it passes from one focal point to the next.

Everything belongs to the Party, so nothing has to be moved. The rooms above say here what their
open matters are, and the successor gets the list.
"""

from collections.abc import Callable

from partners.letters import Passages
from partners.models import Party

_tellers: list[Callable[[Party], Passages]] = []


def register(tell: Callable[[Party], Passages]) -> None:
    """`tell(party)` gives headings and texts in the reader's language; called from ready()."""
    if tell not in _tellers:
        _tellers.append(tell)


def open_matters(party: Party) -> Passages:
    return [passage for tell in _tellers for passage in tell(party)]
