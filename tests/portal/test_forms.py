import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from tests import make
from tests.reading_pages import errors_at, page


class Visit(forms.Form):
    where = forms.CharField(label="Where", help_text="A province or a port.")
    why = forms.ChoiceField(label="Why", choices=[("a", "A")], widget=forms.RadioSelect)
    notes = forms.CharField(label="Notes", required=False)


class Search(forms.Form):
    hide_optional = True
    words = forms.CharField(label="Words", required=False)


def test_a_field_tells_its_hint_and_its_error_to_those_who_listen() -> None:
    drawn = str(Visit({})["where"].as_field_group())

    assert 'aria-describedby="id_where_helptext id_where_error"' in drawn
    assert 'id="id_where_helptext"' in drawn
    assert 'id="id_where_error"' in drawn
    assert drawn.index("A province or a port.") < drawn.index("This needs an answer.")
    assert drawn.index("This needs an answer.") < drawn.index("<input")


def test_choices_are_grouped_under_their_question() -> None:
    drawn = str(Visit()["why"].as_field_group())

    assert drawn.startswith("<fieldset")
    assert "<legend>Why</legend>" in drawn


def test_what_may_be_left_out_is_marked_except_in_a_search() -> None:
    assert str(Visit()).count("(optional)") == 1
    assert "(optional)" not in str(Search())


def test_the_summary_leads_to_each_field_in_error() -> None:
    form = Visit({})
    form.add_error(None, "Somebody changed this meanwhile.")

    summary = render_to_string("forms/_error_summary.html", {"form": form})

    assert 'href="#form-errors">Somebody changed this meanwhile.' in summary
    assert 'href="#id_where">Where – This needs an answer.' in summary
    assert 'href="#id_why_0">Why – This needs an answer.' in summary
    assert 'id="form-errors"' in str(form)


def test_no_summary_without_an_error() -> None:
    assert render_to_string("forms/_error_summary.html", {"form": Visit()}).strip() == ""


class Letter(forms.Form):
    name = forms.CharField(max_length=3)
    why = forms.CharField(min_length=10)
    email = forms.EmailField()
    kind = forms.ChoiceField(choices=[("a", "A")])


def test_forms_speak_our_words_where_a_field_has_none_of_its_own() -> None:
    form = Letter({"name": "Long", "why": "Short", "email": "no address", "kind": "b"})
    assert form.errors == {
        "name": ["Use at most 3 characters (now 4)."],
        "why": ["Write at least 10 characters (now 5)."],
        "email": ["Give an address like name@example.org."],
        "kind": ["Choose from the list."],
    }


@pytest.mark.django_db
def test_who_asks_for_access_reads_our_words() -> None:
    """Forms that are defined while the portal starts."""
    make.party()
    answer = Client().post(reverse("ask_access"), {"why": "Please.", "body": "nowhere"})
    said = {sentence for sentences in errors_at(answer).values() for sentence in sentences}
    assert said == {
        "This needs an answer.",
        "Write at least 10 characters (now 7).",
        "Choose from the list.",
    }
    assert "Your name – This needs an answer." in page(answer)
