"""docs/misconceptions.md says what the wrong programs of the course are."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from misconception_docs import DOCS, Case, cases, page, shown_in
from repository import ROOT

from grader.store.course.course_files import find_course

PAGE = DOCS.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found() -> Mapping[str, list[Case]]:
    return cases(find_course(ROOT))


def test_the_page_is_made_from_the_programs(found: Mapping[str, list[Case]]) -> None:
    assert page(found, shown_in(PAGE)) == PAGE, "run tests/support/misconception_docs.py"


def test_it_says_of_each_name_what_is_shown(found: Mapping[str, list[Case]]) -> None:
    assert {name for name, words in shown_in(PAGE).items() if words} == set(found)
