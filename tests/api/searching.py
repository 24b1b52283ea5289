"""What schemathesis loads before it searches: no two calls of it are one call, repeated.

A word that came before is answered as before, whatever else the call lacks; what the words
themselves do is tested in test_once.py.
"""

import uuid
from typing import Any

import schemathesis

WORD = "Idempotency-Key"
_said: set[str] = set()


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    word = (case.headers or {}).get(WORD)
    if word in _said:
        case.headers[WORD] = str(uuid.uuid4())
    elif word is not None:
        _said.add(word)
