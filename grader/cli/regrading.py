"""What a teacher sees of stale results, and is asked before a mark moves."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.cli.language import translate
from grader.cli.printing.output import console, print_list
from grader.core.words.errors import UsageFault
from grader.core.words.message import clean, say
from grader.core.words.numbers import show

if TYPE_CHECKING:
    from grader.actions.teacher.grading_runs.grade_run import Change, GradeRun, Regrade, Stale
    from grader.cli.printing.progress import Bar, Lines


@dataclass(frozen=True)
class Regrading:
    """What was said about stale results.

    Attributes:
        asked: judge them again.
        yes: and let the new results count without a question.
        to_stderr: standard output is wanted for something else.

    Raises:
        UsageFault: where only the answer was given.
    """

    asked: bool
    yes: bool
    to_stderr: bool

    def __post_init__(self) -> None:
        if self.yes and not self.asked:
            raise UsageFault(say("--yes requires --regrade: course grade DIR --regrade --yes"))


def could_not_judge(run: GradeRun) -> bool:
    """Return whether something could not be judged, be it for the first time or again."""
    return bool(run.void or run.unrecorded is not None or (run.regrade is not None and run.regrade.void))


def tell_unrecorded(run: GradeRun, language: str) -> None:
    """Say that the gradebook took no more results, where that ended the run."""
    if run.unrecorded is not None:
        words = translate("{words} Run the same command again to judge the rest.")
        told = words.format(words=run.unrecorded.said(translate, language))
        print(translate("Error: {words}").format(words=told), file=sys.stderr)


def accepting(progress: Bar | Lines, regrading: Regrading) -> Callable[[Regrade], bool]:
    """Return what lists the marks that would change, and whether they are to: by --yes, or an answer on a terminal."""

    def accept(proposed: Regrade) -> bool:
        progress.end()
        if regrading.yes:
            return True
        _print_changes(proposed.changes, regrading.to_stderr)
        return sys.stdin.isatty() and sys.stderr.isatty() and _asked(proposed)

    return accept


def _asked(proposed: Regrade) -> bool:
    import click

    words = translate("Use the new results of {count} submissions? {changes} grades will change.")
    question = words.format(count=proposed.submissions, changes=len(proposed.changes))
    return click.confirm(question, default=False, err=True)


def print_stale(run: GradeRun) -> None:
    """Print how many submissions keep a result that rests on something older, why, and what became of judging them."""
    from rich.text import Text

    out = console()
    again = run.regrade
    if again is not None and again.counts:
        words = translate("{count} submissions were judged again, and their new results count.")
        out.print(Text(words.format(count=again.submissions)))
    elif again is not None and again.submissions:
        words = translate(
            "{count} submissions were judged again, and {changes} grades would change. Nothing was changed; the new "
            "results are kept. To let them count: course grade DIR --regrade --yes"
        )
        out.print(Text(words.format(count=again.submissions, changes=len(again.changes)), style="bold"))
    if again is not None and again.void:
        words = translate("{count} stale submissions could not be judged again: their grades stay.")
        out.print(Text(words.format(count=again.void), style="bold red"))
    print_list(translate("Stale: judged before something changed. Their grades stay:"), _stale(run.stale), out.print)
    if run.stale and again is None:
        out.print(Text(translate("To see what judging them again would change: course grade DIR --regrade")))


def _stale(stale: Sequence[Stale]) -> list[str]:
    """Return a line for each exercise and reason."""
    counts = Counter(
        (each.recorded.exercise, "; ".join(reason.said(translate) for reason in each.reasons)) for each in stale
    )
    return [f"{exercise}  {count}  ({why})" for (exercise, why), count in counts.items()]


def _print_changes(changes: Sequence[Change], to_stderr: bool) -> None:
    """Print every mark that would change: nobody is asked about a list that was cut."""
    from rich.text import Text

    out = console(stderr=to_stderr)
    if changes:
        out.print(Text(translate("Grades that would change:"), style="bold"))
    for change in changes:
        out.print(Text(f"  {_changed(change)}"))


def _changed(change: Change) -> str:
    """Return whose mark would change, from what to what, and by how much."""
    before, after = change.before.points, change.after.points
    line = f"{change.after.student}  {change.after.exercise}  {_points(before)} → {_points(after)}"
    if before is not None and after is not None:
        line += f" ({'+' if after > before else '−'}{show(abs(after - before))})"
    return clean(line)


def _points(value: float | None) -> str:
    return "–" if value is None else show(value)
