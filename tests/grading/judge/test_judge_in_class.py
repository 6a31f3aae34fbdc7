"""What one child can tell is not asked again, and what it cannot tell is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from repository import ROOT

from grader.core.course.exercise import Coded
from grader.core.program.source import Source, read_source
from grader.core.report.report import Verdict
from grader.core.run.jobs import Job
from grader.core.run.observation import Run
from grader.grading.judge.answer_key import Known, practice_key
from grader.grading.judge.drivers import InTurn
from grader.grading.judge.judge import judge, known_of
from grader.grading.judge.steps import Judged
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import find_course

RIGHT = """import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        loss(forward(x), y).backward()
        w.data -= 0.01 * w.grad
        w.grad.zero_()
"""


class Counting:
    """A real box that counts its children."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self.isolation = box.isolation
        self.children = 0

    def start(self) -> None:
        self._box.start()

    def run(self, job: Job) -> Run:
        self.children += 1
        return self._box.run(job)

    def run_together(self, jobs: Sequence[Job]) -> list[Run]:
        self.children += 1
        return self._box.run_together(jobs)

    def close(self) -> None: ...


def program(text: str) -> Source:
    found = read_source(text.encode(), "program.py")
    assert isinstance(found, Source)
    return found


# So long whoever never ends is waited for: none of the others takes a tenth of it.
SECONDS = 1.0
KNOWN: dict[str, Known] = {}


def known(id: str, box: Sandbox) -> Known:
    """Return what programs are held to, when reference and wrong programs are known."""
    if id not in KNOWN:
        KNOWN[id] = held_to(id)
        judge(KNOWN[id], program("nothing = 0\n"), InTurn(lambda: box))
    return KNOWN[id]


def held_to(id: str) -> Known:
    files = find_course(ROOT)
    exercise = files.exercise(id)
    assert isinstance(exercise.work, Coded)
    limits = {check.name: replace(check.limits, wall=SECONDS, cpu=SECONDS) for check in exercise.work.checks}
    checks = tuple(replace(check, limits=limits[check.name]) for check in exercise.work.checks)
    key = practice_key(files, replace(exercise, work=replace(exercise.work, checks=checks)), b"class")
    # All of them would be observed anew for these limits.
    return known_of(replace(key, wrong=tuple(each for each in key.wrong if each.name == "gradient-not-zeroed")))


def judged(text: str, box: Sandbox, id: str = "4.5") -> tuple[Judged, int]:
    """Judge a program; return also how many children it took."""
    held, counting = known(id, box), Counting(box)
    return judge(held, program(text), InTurn(lambda: counting)), counting.children


def verdicts(judged: Judged) -> dict[str, Verdict]:
    return {check.name: check.verdict for check in judged.checks}


def test_a_right_program_takes_one_child(box: Sandbox) -> None:
    found, children = judged(RIGHT, box)
    assert set(verdicts(found).values()) == {Verdict.PASS} and children == 1


def test_a_program_that_trains_wrongly_takes_one_child_and_its_mistake_is_named(box: Sandbox) -> None:
    found, children = judged(RIGHT.replace("        w.grad.zero_()\n", ""), box)
    assert verdicts(found) == {"forward": Verdict.PASS, "loss": Verdict.PASS, "loop": Verdict.FAIL}
    assert found.checks[2].causes[0].name == "gradient-not-zeroed" and children == 1


def test_a_loop_that_never_ends_is_waited_for_once(box: Sandbox) -> None:
    found, children = judged(RIGHT.replace("for epoch in range(10):", "import time\nwhile not time.sleep(0.01):"), box)
    assert verdicts(found) == {"forward": Verdict.PASS, "loss": Verdict.PASS, "loop": Verdict.ERROR}
    # The loop's, and one for each of the others.
    assert children == 3


def test_what_an_earlier_run_has_spoilt_is_looked_at_alone(box: Sandbox) -> None:
    spoilt = RIGHT.replace("    return x * w", "    return x * w + getattr(torch, 'spoilt', 0)")
    found, children = judged(f"{spoilt}\nif w.item() > 0:\n    setattr(torch, 'spoilt', 1)\n", box)
    # The second run of the loop comes after the first; in children of their own all three are right.
    assert set(verdicts(found).values()) == {Verdict.PASS} and children > 1


def test_a_check_that_is_wrong_after_another_run_is_wrong_alone_too(box: Sandbox) -> None:
    found, children = judged(RIGHT.replace("return x * w", "return x * w * 2"), box)
    assert verdicts(found)["forward"] is Verdict.FAIL and children > 1


def test_a_check_that_is_not_recorded_by_itself_is_not_held_to_the_time_of_one_that_is(box: Sandbox) -> None:
    found, children = judged("import time\nwhile True:\n    time.sleep(0.01)\n", box, id="4.8")
    assert {check.verdict for check in found.checks} == {Verdict.ERROR}
    # The run of all three; then output and prediction each wait for themselves: their run is not the recorded one.
    assert children == 3


def whole_program() -> str:
    return (ROOT / "solutions" / "4.8" / "solution.py").read_text(encoding="utf-8")


def test_what_a_function_does_when_it_is_called_is_no_fault_of_the_run_before(box: Sandbox) -> None:
    hangs = "\nimport time\ndef forward(x):\n    while x < 1000:\n        time.sleep(0.01)\n    return x * w\n"
    found, _ = judged(whole_program() + hangs, box, id="4.8")
    assert verdicts(found) == {"output": Verdict.PASS, "trace": Verdict.PASS, "prediction": Verdict.ERROR}


def test_what_a_function_prints_when_it_is_called_is_no_output_of_the_run(box: Sandbox) -> None:
    body = whole_program().rsplit("print(forward(4).item())", 1)[0]
    prints = "\n_forward = forward\ndef forward(x):\n    print(4 * w.item())\n    return _forward(x)\n"
    found, _ = judged(body + prints, box, id="4.8")
    assert verdicts(found) == {"output": Verdict.FAIL, "trace": Verdict.PASS, "prediction": Verdict.PASS}
