"""Where one student stands: a line for each exercise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from grader.cli.language import translate
from grader.cli.printing.due import due_text, lasting
from grader.cli.printing.output import console
from grader.core.course.policies.policy import State
from grader.core.words.numbers import show

if TYPE_CHECKING:
    from grader.core.course.policies.policy import Grade, Policy


def print_own_status(grades: Iterable[Grade], policy: Policy) -> None:
    """Print where a student stands at each exercise, and how many points of all that makes."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim")
    dated = [translate("due")] if policy.due else []
    for title in (translate("id"), translate("points"), translate("attempts"), *dated, ""):
        table.add_column(title)
    grades = list(grades)
    for grade in grades:
        due = [due_text(policy, grade.exercise, grade.student) or ""] if dated else []
        points = "–" if grade.points is None else show(grade.points)
        attempts = str(grade.attempts) if grade.attempts else ""
        of = translate("{points} of {max_points}").format(points=points, max_points=show(grade.max_score))
        table.add_row(grade.exercise, of, attempts, *due, Text(", ".join(_words(grade))))
    out = console()
    out.print(table)
    total = translate("{points} of {max_points} points; exercises that are not handed in yet: {missing}.")
    out.print(
        total.format(
            points=show(sum(grade.points or 0.0 for grade in grades)),
            max_points=show(sum(grade.max_score for grade in grades)),
            missing=sum(grade.state is State.MISSING for grade in grades),
        ),
        markup=False,
        highlight=False,
    )


def _words(grade: Grade) -> Iterator[str]:
    if grade.state is State.MISSING:
        yield translate("not handed in")
    elif grade.state is State.OVERRIDDEN:
        yield translate("set by hand")
    elif grade.points is None:
        yield translate("not judged")
    if grade.late and grade.penalty:
        yield translate("{late} late, −{penalty}").format(late=lasting(grade.late), penalty=show(grade.penalty))
    elif grade.late:
        yield translate("{late} late").format(late=lasting(grade.late))
