"""Facets: what a layer knows of each kind of exercise."""

from __future__ import annotations

import pytest

from grader.core.autodiff.graph import Graph
from grader.core.course.checks.author_tests import Tested
from grader.core.course.exercise import Coded, Mixed, Stated, Work
from grader.core.course.facets import KINDS, Facets
from grader.core.course.questions import Questions

WORKS: list[tuple[Work, str]] = [
    (Stated(Graph(()), {}, ()), "stated"),
    (Coded(b"", ()), "coded"),
    (Tested(b"", (), ()), "tested"),
    (Mixed(Coded(b"", ()), Tested(b"", (), ())), "mixed"),
    (Questions(()), "questions"),
]
TABLE: dict[type[Work], str] = {type(work): found for work, found in WORKS}


@pytest.mark.parametrize(("work", "found"), WORKS)
def test_what_is_known_of_a_kind_is_found_by_its_work(work: Work, found: str) -> None:
    assert Facets(TABLE).of(work) == found


@pytest.mark.parametrize("missing", KINDS)
def test_a_table_that_misses_a_kind_is_refused(missing: type[Work]) -> None:
    with pytest.raises(TypeError, match=missing.__name__):
        Facets({kind: found for kind, found in TABLE.items() if kind is not missing})
