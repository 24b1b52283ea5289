"""What tests of the record read on its pages."""

from typing import Any

from tests.reading_pages import table_rows


def titles_in(answer: Any) -> list[str]:
    """The titles of the list of activities, in its order."""
    if 'id="list"' not in answer.content.decode():
        return []
    return [row[0] for row in table_rows(answer, "list")]
