"""What pages know of each kind of exercise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from grader.core.course.checks.author_tests import Tested
from grader.core.course.exercise import Coded, Mixed, Stated, Work
from grader.core.course.facets import Facets
from grader.core.course.questions import Posed, Questions


@dataclass(frozen=True)
class _OnPages:
    """One kind of exercise on pages.

    Attributes:
        questions: returns what is asked in words.
        without_keys: returns the work without what is right.
    """

    questions: Callable[[Any], tuple[Posed, ...]]
    without_keys: Callable[[Any], Work]


def _none_asked(_: Work) -> tuple[Posed, ...]:
    return ()


def _as_it_is(work: Work) -> Work:
    return work


_OTHER = _OnPages(_none_asked, _as_it_is)
_KINDS: Facets[_OnPages] = Facets(
    {
        Stated: _OTHER,
        Coded: _OTHER,
        Tested: _OTHER,
        Mixed: _OTHER,
        Questions: _OnPages(lambda work: work.questions, lambda work: replace(work, keys=None)),
    }
)


def questions_of(work: Work) -> tuple[Posed, ...]:
    """Return what an exercise asks in words."""
    return _KINDS.of(work).questions(work)


def without_keys(work: Work) -> Work:
    """Return an exercise's work without what is right: pages need not know it."""
    return _KINDS.of(work).without_keys(work)
