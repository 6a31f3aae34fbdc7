"""What is on the screen until a report comes: that something is judged, and its points as soon as they are known."""

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
    """Say on a terminal at once that something is judged, and yield what writes the points over it.

    The line is gone when the report comes. A file or a pipe gets the report alone.
    """
    screen = sys.stderr
    terminal = screen.isatty()

    def write(line: str) -> None:
        if terminal:
            screen.write(f"\r\x1b[2K{line}")
            screen.flush()

    def told(decided: Decided) -> None:
        if decided.earned is not None and decided.earned != decided.most:
            write(points_text(decided))

    write(translate("Judging …"))
    try:
        yield told
    finally:
        write("")


def points_text(decided: Decided) -> str:
    """Return what is said of the points before anything else is known."""
    from grader.core.words.numbers import show

    words = translate("Score: {score} of {max_score}; looking for the cause …")
    return words.format(score=show(decided.earned or 0.0), max_score=show(decided.most))
