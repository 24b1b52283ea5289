"""Sealed text: readable with the pepper it was sealed with, with no other, and not by eye."""

import pytest

from workflow.sealing import Unreadable, seal, unseal

TEXT = "Répons\u00e9 \u200f 9 kg, \x00 and the rest"


def test_what_was_sealed_is_read_again_and_its_words_are_not_in_what_is_kept() -> None:
    sealed = seal(TEXT)
    assert (unseal(sealed), sealed.isascii(), "9 kg" in sealed) == (TEXT, True, False)
    assert seal(TEXT) != sealed


def test_another_pepper_or_a_changed_letter_reads_nothing(settings) -> None:
    sealed = seal(TEXT)
    other = "B" if sealed[20] == "A" else "A"
    for damaged in (sealed[:-2], sealed[:20] + other + sealed[21:], "ünsealed", ""):
        with pytest.raises(Unreadable):
            unseal(damaged)
    settings.API_KEY_PEPPER = "another pepper"
    with pytest.raises(Unreadable):
        unseal(sealed)
