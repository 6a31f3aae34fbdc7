"""What is on the screen until a report comes: that something is judged, and its points as soon as they are known."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, TextIO

from grader.cli.language import translate

if TYPE_CHECKING:
    from grader.grading.judge.steps import Decided


# What turns beside the words, where the terminal can write it and where it cannot.
_TURNS, _PLAIN_TURNS = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "|/-\\"
_SECONDS = 0.1


@contextmanager
def points_at_once() -> Iterator[Callable[[Decided], None]]:
    """Say on a terminal at once that something is judged, and yield what writes the points over it.

    A sign turns beside it. The line is gone when the report comes. A file or a pipe gets the report alone.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    line = _TurningLine(sys.stderr, translate("Judging …"))

    def told(decided: Decided) -> None:
        if decided.earned is not None and decided.earned != decided.most:
            line.put(points_text(decided))

    with line:
        yield told


class _TurningLine:
    """A line on a terminal that shows that work goes on, and leaves nothing behind."""

    def __init__(self, screen: TextIO, words: str) -> None:
        self._words = words
        self._screen = screen
        self._writing = Lock()
        self._turns = cycle(_TURNS if _can_write(screen, _TURNS) else _PLAIN_TURNS)
        self._ended = Event()
        self._turning = Thread(target=self._turn, daemon=True)

    def __enter__(self) -> None:
        self.put(self._words)
        self._turning.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._turning.join()
        self._write("")

    def put(self, words: str) -> None:
        """Write other words beside the sign."""
        self._words = words
        self._write(f"{next(self._turns)} {words}")

    def _turn(self) -> None:
        while not self._ended.wait(_SECONDS):
            self.put(self._words)

    def _write(self, line: str) -> None:
        # A terminal that is closed meanwhile is no reason to stop judging.
        with self._writing, suppress(OSError, ValueError):
            self._screen.write(f"\r\x1b[2K{line}")
            self._screen.flush()


def _can_write(screen: TextIO, text: str) -> bool:
    try:
        text.encode(screen.encoding or "ascii")
    except (UnicodeError, LookupError):
        return False
    return True


def points_text(decided: Decided) -> str:
    """Return what is said of the points before anything else is known."""
    from grader.core.words.numbers import show

    words = translate("Score: {score} of {max_score}; looking for the cause …")
    return words.format(score=show(decided.earned or 0.0), max_score=show(decided.most))
