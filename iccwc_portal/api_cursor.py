"""What names a place in a list of the API."""

import base64
import hashlib
import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from workflow.parameters import LARGEST_ID, InvalidParameter

_CHECKED = 6  # bytes


@dataclass(frozen=True)
class Cursor:
    """A place in a list: just before or just after the row with this value and id.

    It grants nothing, so nothing in it is secret. A few bytes of a digest over it and the name of
    its list (address and order) show that it is whole, and of which list. The filters are not
    among them: with others it is the same place.
    """

    backwards: bool
    value: str
    row_id: int

    def of(self, list_name: str) -> str:
        said = json.dumps([self.backwards, self.value, self.row_id]).encode()
        return base64.urlsafe_b64encode(_check(said, list_name) + said).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, list_name: str) -> "Cursor":
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            check, said = raw[:_CHECKED], raw[_CHECKED:]
            if check != _check(said, list_name):
                raise bad_cursor()
            cursor = cls(*json.loads(said))
            shapes = [type(part) for part in (cursor.backwards, cursor.value, cursor.row_id)]
        except (ValueError, TypeError, RecursionError):
            raise bad_cursor() from None
        # Whoever works out the check can still write what no page of ours could have.
        fits = shapes == [bool, str, int] and 0 <= cursor.row_id <= LARGEST_ID
        if not fits or not cursor.value.isascii():
            raise bad_cursor()
        return cursor


def _check(said: bytes, list_name: str) -> bytes:
    return hashlib.blake2b(said, digest_size=_CHECKED, key=list_name.encode()[-64:]).digest()


def bad_cursor() -> InvalidParameter:
    return InvalidParameter(
        {"cursor": [_("This is not a cursor of this list. Begin without one.")]}
    )
