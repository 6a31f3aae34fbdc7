"""What hostile programs cost the grader itself, outside of their box: processor seconds to read, compare and name.

    python bench/host.py [NAME]

Each is judged as a submission of 4.5 in a class. The longest records and the largest frames that a child may send are
among them. They are held to what a new interpreter pays for importing torch, measured in this run. With a name: that
one alone, and where its time goes.
"""

from __future__ import annotations

import cProfile
import pstats
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from grader.grading.batch.task import Task, close_boxes, judge_task, packed
from grader.grading.judge.answer_key import answer_key
from grader.store.course.course_files import find_course

ROOT = Path(__file__).parent.parent
# What any of them may cost, in imports of torch.
MOST = 2.5
_HEAD = """import torch
x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)
def forward(x):
    return x * w
def loss(y_pred, y):
    return (y_pred - y) ** 2
"""
_STEP = "loss(forward(x_soat[step % 3]), y_baho[step % 3]).backward()"
_UPDATE = "w.data -= 0.01 * w.grad; w.grad.zero_()"
PROGRAMS = {
    "one leaf, never updated": f"for step in range(5000):\n    {_STEP}\n",
    "one leaf, a training of 5,000 steps": f"for step in range(5000):\n    {_STEP}\n    {_UPDATE}\n",
    "started over and over": (
        f"for step in range(5000):\n    if step % 30 == 0: w.data.fill_(1.0)\n    {_STEP}\n    {_UPDATE}\n"
    ),
    "started over at each step": f"for step in range(5000):\n    w.data.fill_(1.0)\n    {_STEP}\n    w.grad.zero_()\n",
    "a new leaf at each step": (
        f"for step in range(5000):\n    w = torch.tensor([1.0 + step / 100], requires_grad=True)\n    {_STEP}\n"
    ),
    "fifty leaves in turn": (
        "leaves = [torch.tensor([1.0], requires_grad=True) for _ in range(50)]\n"
        f"for step in range(5000):\n    w = leaves[step % 50]\n    {_STEP}\n    {_UPDATE}\n"
    ),
    "fifty leaves, each started over": (
        "leaves = [torch.tensor([1.0], requires_grad=True) for _ in range(50)]\n"
        "for step in range(5000):\n    w = leaves[step // 100]\n    if step % 2: w.data.fill_(1.0)\n"
        f"    {_STEP}\n    {_UPDATE}\n"
    ),
    "sixteen leaves": (
        "leaves = [torch.tensor([1.0], requires_grad=True) for _ in range(16)]\n"
        "for step in range(5000):\n    x, y = x_soat[step % 3], y_baho[step % 3]\n"
        "    sum((x * each - y) ** 2 for each in leaves).backward()\n"
        "    for each in leaves: each.data -= 0.01 * each.grad; each.grad.zero_()\n"
    ),
    "sixteen leaves of 29 numbers": (
        "leaves = [torch.ones(29, requires_grad=True) for _ in range(16)]\n"
        "for step in range(5000):\n    sum((each * 2.0).sum() for each in leaves).backward()\n"
        "    for each in leaves: each.data -= 0.01; each.grad.zero_()\n"
    ),
    "leaves of many sizes": (
        "for step in range(5000):\n    w = torch.ones(1 + step % 200, requires_grad=True)\n"
        "    (w * 2.0).sum().backward()\n"
    ),
}
FILES = (
    "deny_large_results",
    "deny_many_arrays",
    "forge_many_steps",
    "deny_large_frame",
    "deny_wide_result",
    "deny_nested_result",
)


def programs() -> dict[str, str]:
    files = {name: (ROOT / "tests" / "hostile" / f"{name}.py").read_text() for name in FILES}
    return {**files, **{name: _HEAD + text for name, text in PROGRAMS.items()}}


def cost(key: bytes, text: str) -> tuple[float, float]:
    """Return the processor seconds of this process, and the seconds in all, that judging a program takes."""
    processor, started = time.process_time(), time.perf_counter()
    judge_task(Task(key, text.encode(), "4.5.py", "full", False))
    return time.process_time() - processor, time.perf_counter() - started


def import_of_torch() -> float:
    """Return the processor seconds that a new interpreter takes to import torch: the median of three."""
    taken = []
    for _ in range(3):
        before = _of_children()
        subprocess.run([sys.executable, "-c", "import torch"], check=True)
        taken.append(_of_children() - before)
    return statistics.median(taken)


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    floor = import_of_torch()
    print(f"{floor:7.2f} s to import torch; at most {MOST} of these")
    course = find_course(ROOT)
    key = packed(answer_key(course, course.exercise("4.5"), b"bench"))
    # What submissions are held to is known from here on.
    cost(key, _HEAD)
    wanted = sys.argv[1:]
    missed = 0
    for name, text in programs().items():
        if wanted and name not in wanted:
            continue
        if wanted:
            with cProfile.Profile() as profile:
                cost(key, text)
            pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
            continue
        host, whole = cost(key, text)
        missed += host > MOST * floor
        print(
            f"{host / floor:7.2f} = {host:.2f} s of the grader's own, {whole:6.2f} s in all  {name}"
            f"{'  MISSED' if host > MOST * floor else ''}",
            flush=True,
        )
    close_boxes()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
