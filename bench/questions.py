"""How many answers to questions in words one core judges in a second, beside what reading the files alone takes.

.venv/bin/python bench/questions.py

Each file answers two choices of the course in tests/courses/questions, as a student's would; there is no process, and
no cache of verdicts. A class pays the floor whatever judges it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path

from grader.core.findings.report_json import as_kept
from grader.core.report.report import Report
from grader.grading.judge.answer_key import practice_key
from grader.grading.judge.drivers import InTurn
from grader.grading.judge.judge import judge, known_of, read_handed_in
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import find_course

COURSE = Path(__file__).parents[1] / "tests" / "courses" / "questions"
FILES, LEAST = 2000, 1000
ORDERS = ("zero_first", "step_first", "zero_last")
OVERFITS = ("dropout", "[dropout, more_data]", "[longer, deeper]", "[more_data, longer]")


def no_box() -> Sandbox:
    raise AssertionError("words need no process")


def rate(folder: Path, work: Callable[[bytes], object]) -> float:
    """Return the files a second of the best of three runs."""
    best = 0.0
    for _ in range(3):
        begun = time.process_time()
        for path in sorted(folder.iterdir()):
            work(path.read_bytes())
        best = max(best, FILES / (time.process_time() - begun))
    return best


def main() -> int:
    files = find_course(COURSE)
    known = known_of(practice_key(files, files.exercise("1.1")))

    def judged(content: bytes) -> object:
        found = judge(known, read_handed_in(known.key.exercise.work, content, "1.1.yaml"), InTurn(no_box))
        return as_kept(Report("1.1", "", found.isolation, False, found.checks), {})

    with tempfile.TemporaryDirectory() as name:
        answers = list(product(ORDERS, OVERFITS))
        for number in range(FILES):
            order, overfits = answers[number % len(answers)]
            (Path(name) / f"{number}.yaml").write_text(f"order: {order}\noverfits: {overfits}\n", encoding="utf-8")
        floor, whole = rate(Path(name), len), rate(Path(name), judged)
    print(f"reading the files alone: {floor:,.0f} files a second")
    print(f"judging them as well: {whole:,.0f} files, {2 * whole:,.0f} answers a second and core; at least {LEAST:,}")
    return 0 if 2 * whole >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
