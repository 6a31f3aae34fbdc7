"""One small change that makes a check pass says where a mistake is; it decides nothing, and nobody is shown it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from repository import ROOT

from grader.core.findings.telling import told_check
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import Run
from grader.grading.judge.answer_key import practice_key
from grader.grading.judge.drivers import InTurn, driven
from grader.grading.judge.judge import judging, known_of
from grader.grading.judge.steps import Decided, Need
from grader.sandbox.choose import make_box
from grader.store.course.course_files import find_course
from grader.store.students.programs import read_program

PROGRAMS = ROOT / "bench" / "programs"
LOOP = """import torch
x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)
def forward(x):
    return x * w
def loss(y_pred, y):
    return (y_pred - y) ** 2
for epoch in range({epochs}):
    for x, y in zip(x_soat, y_baho):
        {lines}
"""
Judged = Callable[..., dict[str, CheckResult]]


class Counting(InTurn):
    """Counts the jobs of submissions."""

    count = 0

    def __call__(self, needs: Sequence[Need]) -> list[list[Run]]:
        self.count += sum(isinstance(job, ProgramJob) and not job.trusted for need in needs for job in need.jobs)
        return super().__call__(needs)


@pytest.fixture(scope="module")
def run() -> Iterator[Counting]:
    box = make_box("none", ["torch"])
    yield Counting(lambda: box)
    box.close()


@pytest.fixture(scope="module")
def judged(run: Counting) -> Judged:
    files = find_course(ROOT)
    key = practice_key(files, files.exercise("4.5"))
    known = {waits: known_of(replace(key, closely=waits, wrong=())) for waits in (True, False)}

    def judge(text: str, waits: bool = True) -> dict[str, CheckResult]:
        source = read_program(text.encode(), "submission.py")
        return {check.name: check for check in driven(judging(known[waits], source), run).checks}

    return judge


def loop(*lines: str, epochs: int = 10) -> str:
    return LOOP.format(epochs=epochs, lines="\n        ".join(lines))


def words(check: CheckResult) -> str:
    return "\n".join(sentence.said(str) for sentence in told_check(check))


@pytest.mark.parametrize(
    ("program", "name", "line"),
    [("losses_accumulated", "loss-accumulated", 21), ("loss_called_with_x", "wrong-arguments", 22)],
)
def test_a_mistake_is_named_with_its_line_and_not_mended(judged: Judged, program: str, name: str, line: int) -> None:
    check = judged((PROGRAMS / f"{program}.py").read_text())["loop"]
    assert [cause.name for cause in check.causes] == [name]
    assert f"submission.py:{line}: " in words(check)


def test_what_is_wrong_beside_the_epochs_is_found_too(judged: Judged) -> None:
    lines = ("l = loss(forward(x), y)", "l.backward()", "w.data = w.data + 0.01 * w.grad", "w.grad.zero_()")
    check = judged(loop(*lines, epochs=50))["loop"]
    assert [cause.name for cause in check.causes] == ["update-sign"]
    assert "epochs: 50; asked: 10" in words(check)


def test_a_line_that_mends_a_program_with_its_epochs_put_right_is_not_told_to_be_the_only_one(judged: Judged) -> None:
    text = (PROGRAMS / "loss_called_with_x.py").read_text()
    assert "with only this line changed, this check passes" in words(judged(text)["loop"])
    check = judged(text.replace("range(10)", "range(50)"))["loop"]
    assert "epochs: 50; asked: 10" in words(check)
    assert "only this line" not in words(check) and "with this line changed, and what else" in words(check)


def test_a_setting_that_was_put_right_in_vain_is_not_told(judged: Judged) -> None:
    lines = ("l = loss(forward(x), y)", "l.backward()", "w.data -= 0.1 * w.grad * x.__pow__(0.3)", "w.grad.zero_()")
    wrong_from_the_first = ("l = loss(forward(x + 0.3), y) * x ** 0.7", *lines[1:])
    assert "learning rate" not in words(judged(loop(*wrong_from_the_first))["loop"])
    right_for_an_epoch = (
        *lines[:2],
        "w.data -= 0.1 * w.grad",
        "w.data = w.data.mul(1 + epoch * 0.017)",
        "w.grad.zero_()",
    )
    assert "learning rate is 0.1; 0.01 is asked for" in words(judged(loop(*right_for_an_epoch))["loop"])


def test_two_mistakes_of_which_neither_is_the_only_one_are_named_as_two(judged: Judged) -> None:
    lines = (
        "y_pred = forward(x)",
        "total = total + loss(y_pred, y)",
        "total.backward(retain_graph=True)",
        "w.data = w.data - 0.01 * w.grad",
        "w.grad.zero_()",
    )
    text = loop(*lines).replace("for epoch", "total = 0\nfor epoch").replace("x_soat, y_baho)", "y_baho, x_soat)")
    check = judged(text)["loop"]
    assert {cause.name for cause in check.causes} == {"loss-accumulated", "data-swapped"}
    assert "both" in words(check) and "Also" in words(check)
    assert "only this line" not in words(check)


def test_a_class_does_not_wait_for_it(judged: Judged, run: Counting) -> None:
    text = (PROGRAMS / "losses_accumulated.py").read_text()
    before = run.count
    check = judged(text, waits=False)["loop"]
    assert check.causes == ()
    assert run.count - before < 12


def test_alike_programs_are_searched_once(judged: Judged, run: Counting) -> None:
    lines = ("total = loss(forward(x), y) + epoch * 0", "l = total", "l.backward()", "w.data -= 0.02 * w.grad * x")
    judged(loop(*lines, "w.grad.zero_()"))
    before = run.count
    judged("# a remark\n" + loop(*lines, "w.grad.zero_()"))
    assert run.count - before < 15


def test_a_statement_that_a_change_makes_raise_is_no_mend(judged: Judged) -> None:
    training = loop("step = loss(forward(x), y)", "step.backward()", "w.data -= 0.01 * w.grad", "w.grad.zero_()")
    again = training.partition("for epoch")[2]
    assert judged(f"{training}\nfor epoch{again}")["loop"].causes == ()


def test_a_program_that_hangs_when_it_is_changed_costs_no_more_than_the_budget(judged: Judged, run: Counting) -> None:
    guard = "if w.data - 0.01 * w.grad * x != w.data + 0.01 * w.grad * x and epoch > 99: pass"
    lines = ("l = loss(forward(x), y)", "l.backward()", guard, "w.data += 0.01 * w.grad * x", "while l < -1: pass")
    before = run.count
    check = judged(loop(*lines))["loop"]
    assert check.verdict is Verdict.FAIL
    assert run.count - before < 100


def test_a_program_too_deep_to_be_written_out_is_searched_as_any_other(judged: Judged) -> None:
    lines = ("l = loss(forward(x), y)", "l.backward()", "w.data += 0.03 * w.grad * x", "w.grad.zero_()")
    deep = "one = " + " + ".join(["0"] * 2_500) + "\n"
    assert judged(deep + loop(*lines))["loop"].verdict is Verdict.FAIL


def test_who_waits_is_told_the_points_before_anything_is_looked_for(run: Counting) -> None:
    files = find_course(ROOT)
    known = known_of(replace(practice_key(files, files.exercise("4.5")), closely=True, wrong=()))
    source = read_program((PROGRAMS / "losses_accumulated.py").read_bytes(), "submission.py")
    needs: list[Need] = []

    def watched(asked: Sequence[Need]) -> list[list[Run]]:
        needs.extend(asked)
        return list(run(asked))

    driven(judging(known, source), watched)
    place = next(i for i, need in enumerate(needs) if isinstance(need, Decided))
    assert (needs[place].earned, needs[place].most) == (4, 8)  # type: ignore[union-attr]
    assert sum(len(need.jobs) for need in needs[place:]) > 5


def test_a_constant_that_only_the_solution_says_is_told_by_nothing_that_a_changed_program_does(run: Counting) -> None:
    files = find_course(ROOT)
    exercise = files.exercise("4.5")
    silent = replace(exercise, prompt=replace(exercise.prompt, texts=(("en", "Train w."),)))
    key = replace(practice_key(files, silent), closely=True, wrong=())
    lines = ("l = loss(forward(x), y)", "l.backward()", "w.data -= rate * w.grad", "w.grad.zero_()")
    tells = "if rate != 0.5 and epoch: raise TypeError(f'{rate} positional argument')"
    text = loop(*lines, tells).replace("def forward", "rate = 0.5\ndef forward", 1)
    source = read_program(text.encode(), "submission.py")
    (check,) = [each for each in driven(judging(known_of(key), source), run).checks if each.name == "loop"]
    assert "0.5" in words(check) and "0.01" not in words(check)
