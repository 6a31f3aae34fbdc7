"""Let what stale submissions get now count, once somebody has seen what it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from grader.actions.teacher.grading_runs.grade_run import Change, GradeRun, Regrade
from grader.core.course.policies.policy import Grade, Place
from grader.store.grades.gradebook import Gradebook, Recorded

Accept = Callable[[Regrade], bool]


def declined(_: Regrade) -> bool:
    """Let nothing count."""
    return False


def regrade(
    book: Gradebook,
    run: GradeRun,
    current: Callable[[Iterable[Recorded]], Mapping[Place, Grade]],
    accept: Accept,
) -> Regrade:
    """Work out what the results of stale submissions would change, and record it where that is accepted.

    What could not be judged keeps its mark. What is declined is kept: to accept it later needs no judging.

    Args:
        current: the grades that follow from submissions and their results.
    """
    results = book.results()
    gradings: dict[int, list[int]] = {}
    for each in run.stale:
        if each.key in results:
            gradings.setdefault(results[each.key], []).append(each.recorded.id)
    after = current(_as_if(book, gradings))
    void = len(run.stale) - sum(map(len, gradings.values()))
    proposed = Regrade(gradings, changes(run.grades, after), void)
    if not gradings or not accept(proposed):
        return proposed
    book.add_gradings(gradings)
    run.stale = [each for each in run.stale if each.key not in results]
    return replace(proposed, counts=True)


def changes(before: Mapping[Place, Grade], after: Mapping[Place, Grade]) -> list[Change]:
    """Return the grades that are others; what nothing was recorded for has none to be another than.

    Nor has what somebody took out of sight, or erased, in between.
    """
    return [
        Change(grade, after[place])
        for place, grade in before.items()
        if grade.points is not None and place in after and grade.points != after[place].points
    ]


def _as_if(book: Gradebook, gradings: Mapping[int, Iterable[int]]) -> list[Recorded]:
    """Return all submissions as if these results were theirs."""
    number_of = {submission: number for number, submissions in gradings.items() for submission in submissions}
    scores = book.scores(gradings)
    return [
        replace(each, result=number_of[each.id], void=False, score=scores[number_of[each.id]])
        if each.id in number_of
        else each
        for each in book.standing()
    ]
