"""The points of a submission, on the screen while what is wrong with it is looked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from grader.cli.language import translate

if TYPE_CHECKING:
    from grader.grading.judge.steps import Decided


@contextmanager
def points_at_once() -> Iterator[Callable[[Decided], None]]:
    """Yield what writes the points to a terminal as soon as they are known; the line is gone when the report comes.

    A file or a pipe gets the report alone.
    """
    screen = sys.stderr
    written = False

    def told(decided: Decided) -> None:
        nonlocal written
        if decided.earned is None or decided.earned == decided.most or not screen.isatty():
            return
        screen.write(f"\r{points_text(decided)}")
        screen.flush()
        written = True

    try:
        yield told
    finally:
        if written:
            screen.write("\r\x1b[2K")
            screen.flush()


def points_text(decided: Decided) -> str:
    """Return what is said of the points before anything else is known."""
    from grader.core.words.numbers import show

    words = translate("Score: {score} of {max_score}; looking for the cause …")
    return words.format(score=show(decided.earned or 0.0), max_score=show(decided.most))
