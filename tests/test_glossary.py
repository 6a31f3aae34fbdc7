"""docs/glossary.md: messages, exercises and hints use its words, in both languages, and none that it rules out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest
import yaml
from repository import ROOT
from test_catalogues import course_texts, entries

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
# Examples, placeholders, keys, derivatives, paths, options, commands and names with a hyphen are code, not words.
CODE = re.compile(
    r"Example: .*|course (--help|[a-z]+)|--[\w-]+|\S+/\S*|\w+\.\w+|\w+-[\w-]+\S*|[A-Z]{2,}"
    r"|\{\{.*\}\}|\{[^{}]*\}|`[^`]*`|d \w+ / d \w+"
)
HEADS = ("English", "word")


@dataclass(frozen=True)
class Term:
    """One row: the term in English and Uzbek, the stem that a translation must have, and words not to use."""

    english: tuple[str, ...]
    stem: str
    not_english: tuple[str, ...]
    not_uzbek: tuple[str, ...]


@dataclass(frozen=True)
class Excuse:
    """A word that is right in messages which begin like this."""

    word: str
    beginning: str


def rows(width: int) -> Iterator[list[str]]:
    """Return the cells of every row of this many columns, without headings and rules."""
    for line in GLOSSARY.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == width and not set(line) <= set("|- ") and cells[0] not in HEADS:
            yield cells


def listed(cell: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in cell.split(",") if word.strip())


def terms() -> list[Term]:
    return [
        Term(listed(english), "".join(re.findall(r"\*\*(.+?)\*\*", uzbek)), listed(not_english), listed(not_uzbek))
        for english, uzbek, _, not_english, not_uzbek in rows(5)
    ]


def excuses() -> list[Excuse]:
    return [Excuse(word, beginning.strip("`")) for word, beginning, _ in rows(3)]


def in_english(word: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(word)}(s|es|ed|ing|'s)?\b", re.IGNORECASE)


def in_uzbek(word: str) -> re.Pattern[str]:
    """A word is found with its endings; ʻ and ʼ are letters."""
    return re.compile(rf"(?<![\wʻʼ]){re.escape(word)}", re.IGNORECASE)


def texts(language: str) -> Iterator[str]:
    """Return what people read: messages, the course's texts and the hints of wrong programs."""
    for msgid, translation in entries("uz"):
        yield msgid if language == "en" else translation
    for _, text in course_texts():
        yield text.get(language, "")
    for file in sorted((ROOT / "solutions").glob("*/misconceptions.yaml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["misconceptions"].values():
            yield entry["hint"][language]


@cache
def ruled_out(language: str) -> list[tuple[str, str]]:
    """Return each word that is ruled out and yet used, with the text."""
    find = in_english if language == "en" else in_uzbek
    words = [word for term in terms() for word in (term.not_english if language == "en" else term.not_uzbek)]
    patterns = [(word, find(word)) for word in words]
    longer = re.compile("|".join(word for term in terms() for word in term.english if " " in word))
    plain = [(text, longer.sub(" ", CODE.sub(" ", text))) for text in texts(language)]
    return [(word, text) for text, words in plain for word, pattern in patterns if pattern.search(words)]


@cache
def translated_otherwise() -> list[tuple[str, str, str]]:
    """Return each message that says a term whose stem its translation lacks."""
    held = [(word, term.stem.lower(), in_english(word)) for term in terms() if term.stem for word in term.english]
    plain = [(msgid, CODE.sub(" ", msgid), text) for msgid, text in entries("uz")]
    return [
        (word, msgid, text)
        for msgid, words, text in plain
        for word, stem, pattern in held
        if stem not in text.lower() and pattern.search(words)
    ]


def excused(word: str, text: str) -> bool:
    return any(e.word == word and text.startswith(e.beginning) for e in excuses())


def test_the_table_is_read_whole() -> None:
    lines = [line for line in GLOSSARY.splitlines() if line.startswith("| ") and not line.startswith("| English")]
    assert len(terms()) + len(excuses()) == len([line for line in lines if not line.startswith("| word")])
    assert len(terms()) > 90 and sum(bool(term.stem) for term in terms()) > 60


def test_no_term_is_there_twice() -> None:
    english = [word for term in terms() for word in term.english]
    assert sorted(english) == sorted(set(english))


def test_no_term_is_ruled_out_by_another() -> None:
    banned = {word for term in terms() for word in term.not_english}
    assert not banned & {word for term in terms() for word in term.english}


@pytest.mark.parametrize("language", ["en", "uz"])
def test_no_text_uses_a_word_that_is_ruled_out(language: str) -> None:
    assert [found for found in ruled_out(language) if not excused(*found)] == []


def test_a_term_is_translated_by_its_word() -> None:
    assert [found for found in translated_otherwise() if not excused(found[0], found[1])] == []


def test_every_exception_is_needed() -> None:
    used = [*ruled_out("en"), *ruled_out("uz"), *((word, msgid) for word, msgid, _ in translated_otherwise())]
    idle = [e for e in excuses() if not any(word == e.word and text.startswith(e.beginning) for word, text in used)]
    assert idle == []


def test_a_word_that_is_ruled_out_is_found() -> None:
    assert in_english("nudge").search("gives a nudge") and in_english("nudge").search("two nudges")
    assert not in_english("clue").search("include")
    assert in_uzbek("quti").search("Qutida fayl yoʻq") and not in_uzbek("davr").search("oʻzdavr")
