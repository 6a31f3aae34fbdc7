"""How many words a report has: over all golden folders, of what did not get full marks.

    python bench/words.py

Research on hints wants 80 to 160 words, and no lists of alternatives. What is counted is what `course submit` prints of
the checks, in English; signs and numbers count as words.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median, quantiles

from grader.core.findings.told_once import told_once
from grader.core.report.report import Verdict
from grader.grading.judge.answer_key import practice_key
from grader.grading.judge.drivers import InTurn
from grader.grading.judge.judge import judge, known_of, read_handed_in
from grader.sandbox.choose import make_box
from grader.store.course.course_files import find_course
from grader.store.students.programs import PROGRAMS

GOLDEN = Path(__file__).parent.parent / "tests" / "golden"
# What runs to a limit says so in one sentence, and takes seconds.
_SLOW = ("hangs", "memory", "forever", "endless")


def main() -> None:
    files, box = find_course(GOLDEN), make_box("full", ["torch", "torch.optim"])
    known, counts = {}, []
    for folder in sorted(path.parent for path in GOLDEN.glob("4.*/*/expected.json")):
        path = next(path for path in folder.iterdir() if path.suffix in (*PROGRAMS, ".yaml"))
        exercise = files.exercise(folder.parent.name)
        if any(word in folder.name for word in _SLOW):
            continue
        if exercise.id not in known:
            known[exercise.id] = known_of(practice_key(files, exercise))
        handed_in = read_handed_in(exercise.work, path.read_bytes(), path.name)
        checks = judge(known[exercise.id], handed_in, InTurn(lambda: box)).checks
        if any(check.verdict is not Verdict.PASS for check in checks):
            counts.append(sum(len(each.said(str).split()) for told in told_once(checks) for each in told))
    box.close()
    high = quantiles(counts, n=20)[-1]
    print(f"{len(counts)} reports: median {median(counts):.0f} words, 95th percentile {high:.0f}, most {max(counts)}")


if __name__ == "__main__":
    main()
