"""What asking for more than a function costs: a module, and a distribution, beside a function that computes the same.

    python bench/asking.py [ROUNDS]

Each exercise has one check. The same right program is judged again and again in one warm box, the exercises taking
turns; every verdict is checked. Medians are compared.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from grader.core.program.source import Source
from grader.core.report.report import Verdict
from grader.grading.judge.answer_key import answer_key
from grader.grading.judge.drivers import InTurn
from grader.grading.judge.judge import judge, known_of
from grader.sandbox.choose import make_box
from grader.store.course.course_files import find_course

SIZES = "{x: {normal: [0, 1], size: [16, 8]}}"
COURSE = 'format_version: 1\nid: bench\ntitle: {en: B}\nlanguages: [en]\nlectures: [{id: "1", title: {en: L}}]\n'
HEAD = 'format_version: 1\nid: "1.1"\ntitle: {en: B}\nprompt: {en: B}\nchecks:\n'
FUNCTION = """import torch

w = torch.randn(8, 1, requires_grad=True)
b = torch.randn(1, requires_grad=True)


def forward(x):
    return x @ w + b
"""
MODULE = """from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(8, 1)

    def forward(self, x):
        return self.linear(x)
"""
DROPOUT = """import torch


def forward(x):
    return torch.nn.functional.dropout(x, 0.3)
"""


@dataclass(frozen=True)
class Exercise:
    name: str
    most: float
    check: str
    solution: str


EXERCISES = (
    Exercise(
        "a function",
        1,
        "  - {name: f, points: 1, call: forward(x), given: {w: {parameter: {normal: [0, 1], size: [8, 1]}}, "
        f"b: {{parameter: {{normal: [0, 1], size: 1}}}}}}, args: {SIZES}, compare: [value, {{gradient: [w, b]}}]}}\n",
        FUNCTION,
    ),
    Exercise(
        "a module",
        2,
        "  - {name: f, points: 1, let: {model: Model()}, given: {model: {parameters: {normal: [0, 1]}}}, "
        f"call: model(x), args: {SIZES}, compare: [value, {{gradient: model}}]}}\n",
        MODULE,
    ),
    Exercise(
        "a distribution of 2,000 calls",
        10,
        f"  - {{name: f, points: 1, call: forward(x), args: {SIZES}, compare: [{{distribution: 2000}}]}}\n",
        DROPOUT,
    ),
)


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    box = make_box("full", ["torch"])
    known = []
    with tempfile.TemporaryDirectory(prefix="course-bench-") as folder:
        for place, each in enumerate(EXERCISES):
            root = Path(folder) / str(place)
            for part in ("exercises/1.1", "solutions/1.1"):
                (root / part).mkdir(parents=True)
            (root / "course.yaml").write_text(COURSE)
            (root / "exercises/1.1/exercise.yaml").write_text(HEAD + each.check)
            (root / "exercises/1.1/starter.py").write_text("import torch\n")
            (root / "solutions/1.1/solution.py").write_text(each.solution)
            course = find_course(root)
            known.append(known_of(answer_key(course, course.exercise("1.1"), b"bench")))
        seconds: list[list[float]] = [[] for _ in EXERCISES]
        for number in range(rounds + 1):
            for place, each in enumerate(EXERCISES):
                # A program of its own each time, as a class hands in.
                source = Source(f"{each.solution}\n# {number}\n", "1.1.py")
                started = time.perf_counter()
                report = judge(known[place], source, InTurn(lambda: box))
                assert [check.verdict for check in report.checks] == [Verdict.PASS], report
                if number:
                    seconds[place].append(time.perf_counter() - started)
    box.close()
    medians = [statistics.median(each) for each in seconds]
    missed = False
    print(f"{'ratio':>7} {'most':>5} {'ms':>7}  what")
    for each, median in zip(EXERCISES, medians, strict=True):
        ratio = median / medians[0]
        missed |= ratio > each.most
        print(f"{ratio:7.2f} {each.most:5.0f} {1000 * median:7.1f}  {each.name}{'  MISSED' * (ratio > each.most)}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
