"""Which grades are of an earlier version of their exercise, by what graders have said of the versions they judge by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from grader.core.course.policies.policy import Grade, Place, State
from grader.core.judge.digests import JUDGING
from grader.store.grades.gradebook import Gradebook


def earlier(
    grades: Iterable[Grade], book: Gradebook, is_earlier: Callable[[str, Mapping[str, Any]], bool]
) -> set[Place]:
    """Return the places of those of these grades that were computed from an earlier version's result.

    Args:
        is_earlier: returns whether what a result at an exercise rests on is of an earlier version of it.
    """
    computed = [(grade, grade.attempt.result) for grade in grades if grade.state is State.GRADED and grade.attempt]
    facts = book.rests_on({result for _, result in computed})
    return {
        (grade.student, grade.exercise)
        for grade, result in computed
        if facts.get(result) and is_earlier(grade.exercise, facts[result])
    }


class Published:
    """The versions that graders judge by: known where neither solutions nor the secret are.

    Args:
        current: the digest by which each exercise is judged; none of one that no grader has seen.
    """

    def __init__(self, current: Mapping[str, str]) -> None:
        self._current = current

    def stale(self, grades: Iterable[Grade], book: Gradebook) -> set[Place]:
        """Return the places of those of these grades that follow from what an earlier version gave."""
        return earlier(grades, book, self._is_earlier)

    def _is_earlier(self, exercise: str, rests_on: Mapping[str, Any]) -> bool:
        now, then = self._current.get(exercise), rests_on.get("judging_sha256")
        is_other = now is not None and then is not None and now != then
        return is_other or bool(rests_on.get("rules", 1) != JUDGING)
