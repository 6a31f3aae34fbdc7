"""How long honest students wait for those whose programs never end: 80 submissions of 4.5, 12 of which spin.

    python bench/fairness.py

The honest ones are golden submissions, right and wrong, handed in by several. The class is judged without and with a
first pass that puts off what takes long; every score of an honest one is held to its golden folder, and the spinning
ones must get the same verdicts in both.
"""

from __future__ import annotations

import random
import sys
import time
from dataclasses import dataclass

from batch import ROOT, goldens

from grader.grading.batch.local_workers import LocalWorkers
from grader.grading.batch.task import Task, packed
from grader.grading.judge.answer_key import answer_key
from grader.store.course.course_files import find_course

STUDENTS, SPINNING, WORKERS = 80, 12, 2
SPINS = "\nwhile True:\n    pass\n"


@dataclass(frozen=True)
class Submission:
    """A program and its score; None where nobody knows before."""

    text: str
    score: float | None


def a_class() -> list[Submission]:
    works = [work for work in goldens()["4.5"] if work.suffix == ".py"]
    right = max(works, key=lambda work: work.score).text
    honest = [works[(7 * number) % len(works)] for number in range(STUDENTS - SPINNING)]
    found = [Submission(f"{work.text}\n# {number}\n", work.score) for number, work in enumerate(honest)]
    found += [Submission(f"# {number}\n{right}{SPINS}", None) for number in range(SPINNING)]
    random.Random(17).shuffle(found)
    return found


def judged(submissions: list[Submission], first: bool) -> tuple[float, float, dict[str, object]]:
    """Judge them, and return the seconds until the last honest one was done, those until all were, and the scores."""
    course = find_course(ROOT)
    key = packed(answer_key(course, course.exercise("4.5"), b"bench"))
    tasks = [(each, Task(key, each.text.encode(), "4.5.py", "full", False, first)) for each in submissions]
    workers = LocalWorkers(WORKERS)
    workers.begin("full", WORKERS)
    scores: dict[str, object] = {}
    started = honest = time.perf_counter()
    for each, report in workers.judge(tasks):
        scores[each.text] = [(check["verdict"], check["score"]) for check in report["checks"]]
        if each.score is not None:
            honest = time.perf_counter()
            assert abs(report["score"] - each.score) < 1e-9, (each.text, report["score"], each.score)
    assert len(scores) == STUDENTS or len(submissions) < STUDENTS
    return honest - started, time.perf_counter() - started, scores


def main() -> int:
    submissions = a_class()
    honest = [each for each in submissions if each.score is not None]
    judged(honest, first=True)  # references and wrong programs are known from here on
    alone, _, _ = judged(honest, first=True)
    before, all_before, scores_before = judged(submissions, first=False)
    after, all_after, scores_after = judged(submissions, first=True)
    assert scores_before == scores_after
    print(f"{len(honest)} honest submissions alone: {alone:.1f} s")
    print(
        f"with {SPINNING} that never end, in order: {before:.1f} s until the last honest one, {all_before:.1f} s in all"
    )
    print(f"with a first pass: {after:.1f} s until the last honest one, {all_after:.1f} s in all; all verdicts equal")
    return 0 if after < alone + SPINNING else 1


if __name__ == "__main__":
    sys.exit(main())
