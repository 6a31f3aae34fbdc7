"""Programs that compute nothing of what is asked, for any exercise whose submissions are held to a solution."""

from __future__ import annotations

from repository import EVERYTHING

from grader.core.course.exercise import Check, Coded

RANDOM, INPUT, EMPTY = "random.gauss(0, 1)", "its input", "an empty file"
RESULTS = ["0.0", "1.0", "torch.zeros(20, 1, requires_grad=True)", "torch.randn(1, 20)", RANDOM, INPUT, "None", EMPTY]
# What goes through a whole command: tests/grading/judge/test_allowances.py has each of them judged, in the same way.
HANDED_IN = RESULTS if EVERYTHING else [RANDOM, EMPTY]


def garbage(work: Coded, result: str) -> str:
    """Return a program with every name and function that is asked, which computes nothing of what is asked.

    Args:
        result: what its functions return; or no program at all.
    """
    if result == EMPTY:
        return ""
    lines = [
        "import random",
        "import torch",
        "w = torch.zeros(1, requires_grad=True)",
        "x_soat = [0.0] * 3",
        "y_baho = [0.0] * 3",
    ]
    for check in work.checks:
        for call in check.calls[:1]:
            lines += [f"def {call.function}({', '.join(call.arguments)}):", f"    return {given(check, result)}"]
    lines += ["if __name__ == '__main__':", "    for _ in range(30):", "        (0 * w.sum() + 1.5).backward()"]
    return "\n".join([*lines, "        print(0.0)", ""])


def given(check: Check, result: str) -> str:
    return check.calls[0].arguments[-1] if result == INPUT else result
