"""What is said to people: filled in, translated at the edge, and free of control characters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.words.message import Message, Text, clean, say

STEADY = settings(deadline=None, derandomize=True)
UZBEK = {"{name} is wrong": "{name} notoʻgʻri", "the loss": "xatolik", "{count} values": "{count} ta qiymat"}


def uzbek(template):
    return UZBEK.get(template, template)


def test_a_message_is_its_template_with_its_fields_filled():
    assert say("{name} has {count} values", name="w", count=3).said(str) == "w has 3 values"


def test_a_message_is_translated_before_its_fields_are_filled():
    assert say("{name} is wrong", name="w").said(uzbek, "uz") == "w notoʻgʻri"


def test_a_message_within_a_message_is_translated_too():
    assert say("{name} is wrong", name=say("the loss")).said(uzbek, "uz") == "xatolik notoʻgʻri"


def test_an_authors_text_is_said_in_the_language_of_the_message():
    title = Text.of({"en": "The loss", "uz": "Xatolik"})
    message = say("{name} is wrong", name=title)
    assert message.said(uzbek, "uz") == "Xatolik notoʻgʻri"
    assert message.said(str, "en") == "The loss is wrong"


@pytest.mark.parametrize(("number", "shown"), [(0.1 + 0.2, "0.3"), (-0.0, "0"), (10.0, "10"), (3, "3"), (True, "True")])
def test_numbers_are_shown_as_people_read_them(number, shown):
    assert say("{it}", it=number).said(str) == shown


@pytest.mark.parametrize("words", ["{0}", "{name}", "{", "}}", "%s", "{count!r:>99}"])
def test_a_students_words_are_never_taken_for_fields(words):
    assert say("raised: {words}", words=words).said(str) == f"raised: {words}"


def test_a_template_writes_braces_twice():
    assert say("write {{x: {number}}}", number=1).said(str) == "write {x: 1}"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("plain\n\ttext", "plain\n\ttext"),
        ("ŷ − y² ʻ", "ŷ − y² ʻ"),
        ("\x1b[2Jgone", "?[2Jgone"),
        ("over\rwritten", "over?written"),
        ("bell\x07 null\x00 delete\x7f csi\x9b", "bell? null? delete? csi?"),
        ("right\u202eto left\u2066", "right?to left?"),
        ("half a pair \ud800", "half a pair ?"),
    ],
)
def test_control_characters_become_question_marks(text, cleaned):
    assert clean(text) == cleaned


def test_a_students_words_are_cleaned_when_they_are_said():
    assert say("{words}", words="\x1b[31mred").said(str) == "?[31mred"


@STEADY
@given(st.text(st.characters()))
def test_any_text_can_be_said_and_written(words):
    said = say("{words}", words=words).said(str)
    assert said.encode("utf-8").decode() == said
    assert clean(said) == said
    assert "\x1b" not in said


@pytest.mark.parametrize(("language", "said"), [("uz", "Zanjir"), ("en", "Chain"), ("fr", "Chain"), ("", "Chain")])
def test_a_missing_text_falls_back_to_english(language, said):
    assert Text.of({"uz": "Zanjir", "en": "Chain"}).said_in(language) == said


def test_english_comes_before_other_languages():
    assert Text.of({"de": "Kette", "en": "Chain", "uz": "Zanjir"}).said_in("fr") == "Chain"


def test_without_english_any_text_is_better_than_none():
    assert Text.of({"uz": "Zanjir"}).said_in("en") == "Zanjir"


def test_a_text_in_no_language_is_empty():
    assert Text.of({}).said_in("en") == ""


def test_texts_are_equal_in_whatever_order_their_languages_stand():
    assert Text.of({"uz": "a", "en": "b"}) == Text.of({"en": "b", "uz": "a"})


def test_messages_are_values():
    assert say("{name} is wrong", name="w") == Message("{name} is wrong", {"name": "w"})
    assert len({say("{name} is wrong", name="w"), say("{name} is wrong", name="w")}) == 1
