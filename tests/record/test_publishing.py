"""The life of a record, as its transition table has it."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db

MAKERS = (
    make.activity,
    make.document,
    make.global_meeting,
    make.news_item,
    make.operation,
    make.recognition,
)


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize(
    ("state", "is_public"), [("draft", False), ("published", True), ("withdrawn", False)]
)
def test_what_is_published_is_visible_to_everybody_and_nothing_else_is(maker, state, is_public):
    made = maker(state)

    visible = type(made).objects.visible_to(None)

    assert (list(visible), made.state) == ([made] if is_public else [], state)
