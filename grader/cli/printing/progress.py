"""How far a batch is: a bar with rate and time left on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from grader.cli.language import translate

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_BETWEEN_LINES = 10.0


def make_progress() -> Bar | Lines:
    """Return a bar where standard error is a terminal, lines where it is not."""
    return Bar() if sys.stderr.isatty() else Lines()


class Bar:
    """A bar on standard error, so that it never stands in what a command writes."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def begin(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        if not total:
            return
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}", markup=False),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._task = self._progress.add_task("", total=total, rate="")
        self._started = time.monotonic()
        self._done = 0
        self._progress.start()

    def advance(self, exercise: str, /) -> None:
        if self._progress is None or self._task is None:
            return
        self._done += 1
        rate = translate("{rate} a second").format(rate=f"{self._done / (time.monotonic() - self._started):.1f}")
        self._progress.update(self._task, advance=1, description=exercise, rate=rate)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.end()

    def end(self) -> None:
        """Leave the terminal to others."""
        if self._progress is not None:
            self._progress.stop()


class Lines:
    """A line every few seconds, as CI logs want it."""

    def begin(self, total: int) -> None:
        self._total, self._done = total, 0
        self._started = self._said = time.monotonic()
        if total:
            print(translate("{total} submissions to judge").format(total=total), file=sys.stderr, flush=True)

    def advance(self, _exercise: str, /) -> None:
        self._done += 1
        now = time.monotonic()
        if now - self._said < _BETWEEN_LINES and self._done < self._total:
            return
        self._said = now
        rate = self._done / max(now - self._started, 1e-9)
        words = translate("{done} of {total}, {rate} a second").format(
            done=self._done, total=self._total, rate=f"{rate:.1f}"
        )
        print(words, file=sys.stderr, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        return

    def end(self) -> None:
        """Nothing is drawn that would have to end."""
