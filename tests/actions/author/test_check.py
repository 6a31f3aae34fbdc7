"""The course check is green on this repository, and red, with the sentence that says why, on whatever is broken."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from commanding import course
from grading import notebook
from proving import InOneProcess, NoProgress, Wanted
from repository import EVERYTHING, ROOT, lecture

from grader.actions.author.check import Checked, check
from grader.actions.author.new_course import new_course
from grader.cli.language import speak
from grader.cli.printing.check_output import print_checked
from grader.core.compare import tolerance as closeness
from grader.core.course.checks.limits import Limits
from grader.core.proof import solution as check_solution
from grader.core.proof.findings import ProgramSeen
from grader.core.report.report import Verdict
from grader.core.run.jobs import Job, ProgramJob
from grader.core.run.observation import Run, RunStatus, Stop
from grader.core.words.errors import CourseInvalid
from grader.core.words.message import Message
from grader.grading.batch import task as batch_task
from grader.grading.batch.task import close_boxes, warm_box
from grader.grading.proof.check_task import CheckTask
from grader.grading.proof.proof import CheckRequest, Proof
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import find_course

CODED = ("4.4", "4.5", "4.6", "4.7", "4.8")
FEW = ("4.1", "4.6")


def told_apart(outcome: Any) -> bool:
    """Whether the solution cannot serve any more, a right program does not get full marks, or a wrong one does."""
    if isinstance(outcome, list):
        seen = [each for each in outcome if isinstance(each, ProgramSeen)]
        return any((each.lost is None) == (each.program.role == "wrong") for each in seen)
    return isinstance(outcome, CourseInvalid)


def of(*roles: str) -> Wanted:
    return lambda task: bool(task.programs) and task.programs[0].role in roles


def solution_itself(task: CheckTask) -> bool:
    return not task.programs and not task.observe


def checked(course: Path, workers: InOneProcess | None = None, seeds: int = 1, only: tuple[str, ...] = ()) -> Checked:
    request = CheckRequest("none", seeds, only)
    return check(find_course(course), request, workers or InOneProcess(), NoProgress())


def told(found: Checked) -> dict[str, str]:
    """Return what is said, by the finding's name."""
    assert not any(proof.could_not for proof in found.proofs), found.proofs[0].could_not
    return {each.name: f"{each.at}: {said(each.message)}" for each in found.all_findings}


def said(message: Message) -> str:
    return message.said(lambda words: words, "en")


@pytest.fixture(scope="module", autouse=True)
def _one_box() -> Iterator[None]:
    yield
    close_boxes()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("check") / "course"
    new_course(folder, ["uz", "en"], None)
    return folder


@pytest.fixture
def begun(template: Path, tmp_path: Path) -> Path:
    """Return a new course that a test may change."""
    return shutil.copytree(template, tmp_path / "course")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


class TestThisRepository:
    def test_is_green(self, tmp_path: Path) -> None:
        """By the real command, on one draw and by two exercises: `make course` proves all, on twenty."""
        done = subprocess.run(
            [
                sys.executable,
                "-P",
                "-m",
                "grader",
                "check",
                *(lecture(find_course(ROOT).exercise_ids(), every=False) if EVERYTHING else FEW),
                "--no-mutation",
                "--seeds",
                "4" if EVERYTHING else "1",
                "--json",
                str(tmp_path / "found.json"),
            ],
            cwd=ROOT,
            env={**os.environ, "LANG": "en_US.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.endswith(f"exercises: {8 if EVERYTHING else len(FEW)}, findings: 0\n")
        found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
        assert found["course"] == [] and not any(each["findings"] for each in found["exercises"])
        for each in found["exercises"]:
            assert each["nearest_right"] <= 0.5 and each["nearest_wrong"] >= 10 and each["slowest"] <= 1 / 3

    def test_what_is_unchanged_is_not_proved_again(self, tiny_course: Path, tmp_path: Path) -> None:
        arguments, own = ["check", "1.1", "--changed"], {"COURSE_CACHE": str(tmp_path)}
        first = course(*arguments, cwd=tiny_course, **own)
        assert (first.returncode, first.stdout[:6]) == (0, "✓ 1.1:")
        again = course(*arguments, "--json", cwd=tiny_course, **own)
        assert (again.returncode, json.loads(again.stdout)["exercises"]) == (0, [])
        assert again.stderr == "unchanged since they were found in order: 1\n"

    @pytest.mark.parametrize("id", CODED)
    def test_has_several_right_programs_of_each_exercise(self, id: str) -> None:
        assert len(list((ROOT / "solutions" / id / "right").glob("*.py"))) > 2

    @pytest.mark.parametrize("id", CODED)
    def test_calls_no_wrong_program_by_one_name_twice(self, id: str) -> None:
        for program in find_course(ROOT).wrong_programs(id):
            assert len({program.name, *program.also}) == 1 + len(program.also), program.name


@pytest.fixture
def alone(tmp_path: Path) -> Callable[[str], Path]:
    """Return what makes a course of one exercise of this repository."""

    def make(id: str) -> Path:
        folder = tmp_path / id
        shutil.copytree(ROOT / "exercises" / id, folder / "exercises" / id)
        shutil.copytree(ROOT / "solutions" / id, folder / "solutions" / id)
        shutil.copy(ROOT / "course.yaml", folder)
        return folder

    return make


def mutants(id: str, text: str) -> Iterator[tuple[str, str]]:
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.strip():
            yield f"without line {number + 1}: {line.strip()}", "".join(lines[:number] + lines[number + 1 :])
    for found in re.finditer(r"(?<= )[-+](?=[ =])|(?<=\*)\*(?= )", text):
        other = {"-": "+", "+": "-", "*": ""}[found[0]]
        yield f"{other or 'no'} {found[0]} at {found.start()}", text[: found.start()] + other + text[found.end() :]


def right_or_less(task: CheckTask) -> bool:
    """Of the wrong programs only those that print less than they should: no others can be made right by a deletion."""
    return of("right")(task) or (of("wrong")(task) and bool(re.search("missing|once", task.programs[0].shown)))


# By day the one by hand, which imports nothing and runs in a fraction of the time.
@pytest.mark.parametrize("id", CODED if EVERYTHING else ["4.6"])
def test_a_solution_with_a_line_deleted_or_a_sign_swapped_is_red(alone: Callable[[str], Path], id: str) -> None:
    course = alone(id)
    path = course / "solutions" / id / "solution.py"
    green = []
    for what, text in mutants(id, path.read_text(encoding="utf-8")):
        path.write_text(text, encoding="utf-8")
        found = told(checked(course, InOneProcess(right_or_less, until=told_apart), only=(id,)))
        cannot, other = found.get("solution-cannot-serve"), found.get("right-not-full-marks", "")
        assert cannot is None or f"solutions/{id}/solution.py" in cannot
        if not (cannot or "Either this program or the solution is wrong." in other or "wrong-full-marks" in found):
            green.append(what)
    assert green == []


class TestAStarter:
    def test_that_is_the_solution_gets_full_marks(self, begun: Path) -> None:
        shutil.copy(begun / "solutions/1.2/solution.py", begun / "exercises/1.2/starter.py")
        found = told(checked(begun, InOneProcess(of("starter")), only=("1.2",)))
        assert "remove the parts that students should write" in found["starter-full-marks"]
        assert "exercises/1.2/starter.py" in found["starter-full-marks"]

    @pytest.mark.parametrize("line", ["oops", "1 / 0", "def (", "raise SystemExit(3)"])
    def test_that_does_not_run_is_told(self, begun: Path, line: str) -> None:
        path = begun / "exercises/1.2/starter.py"
        path.write_text(path.read_text(encoding="utf-8") + f"\nhalf = {line}\n" * (line[0] != "r") + line + "\n")
        change(begun / "exercises/1.2/exercise.yaml", "call: forward(x)", "call: forward(x)\n    run: script")
        found = told(checked(begun, InOneProcess(of("starter")), only=("1.2",)))
        assert found.keys() & {"starter-raises", "starter-stopped"}, found


class TestWrongPrograms:
    def test_that_are_gone_leave_entries_without_a_program(self, begun: Path) -> None:
        for path in (begun / "solutions/1.2/wrong").iterdir():
            path.unlink()
        with pytest.raises(CourseInvalid) as told:
            checked(begun)
        words = [said(fault.message) for fault in told.value.faults]
        assert "there is no wrong program wrong/graph-cut.py" in words

    def test_that_are_gone_with_their_entries_leave_checks_that_nothing_needs(self, begun: Path) -> None:
        shutil.rmtree(begun / "solutions/1.2/wrong")
        (begun / "solutions/1.2/misconceptions.yaml").unlink()
        found = told(checked(begun, only=("1.2",)))
        assert "no wrong program fails check loss: write one that does" in found["check-not-needed"]

    def test_that_get_full_marks_are_told(self, begun: Path) -> None:
        shutil.copy(begun / "solutions/1.2/solution.py", begun / "solutions/1.2/wrong/graph-cut.py")
        found = told(checked(begun, only=("1.2",)))
        assert "graph-cut.py" in found["wrong-full-marks"] and "gets full marks" in found["wrong-full-marks"]

    def test_that_behave_as_another_are_not_named_as_themselves(self, begun: Path) -> None:
        wrong = begun / "solutions/1.2/wrong"
        shutil.copy(wrong / "loss-not-squared.py", wrong / "graph-cut.py")
        found = told(checked(begun, only=("1.2",)))
        assert "graph-cut.py: it is named loss-not-squared" in found["wrong-not-named"]

    def test_that_a_loose_tolerance_lets_pass_are_told(self, begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(closeness, "ATOL", 1.0)
        monkeypatch.setattr(closeness, "RTOL", 1.0)
        found = told(checked(begun, only=("1.2",)))
        assert "rounding grows" in found["tolerance-too-wide"]

    def test_that_hold_on_other_numbers_are_told(self, begun: Path) -> None:
        """Without a bias it is right where the bias is drawn as nothing."""
        path = begun / "exercises/1.2/exercise.yaml"
        change(path, "args: {x: {uniform: [-5, 5]}}", "args: {x: {uniform: [-5, 0.7]}}")
        change(path, "repeat: 4", "repeat: 1")
        change(path, "      - {x: 4, w: 1.0, b: 0.5}\n", "      - {x: -4, w: 1.0, b: 0.5}\n")
        wrong = begun / "solutions/1.2/wrong/bias-forgotten.py"
        text = (begun / "solutions/1.2/solution.py").read_text(encoding="utf-8")
        wrong.write_text(text.replace("x * w + b", "x * w + b if x < 0 else x * w"), encoding="utf-8")
        found = told(checked(begun, InOneProcess(of("wrong")), seeds=3, only=("1.2",)))
        assert found.keys() & {"wrong-flaky", "wrong-full-marks"}


class TestRightPrograms:
    def test_that_hold_on_some_numbers_only_make_a_check_flaky(self, begun: Path) -> None:
        path = begun / "exercises/1.2/exercise.yaml"
        change(path, "args: {x: {uniform: [-5, 5]}}", "args: {x: {uniform: [-0.6, 5]}}")
        change(path, "repeat: 4", "repeat: 1")
        right = begun / "solutions/1.2/right/functions_of_torch.py"
        text = (begun / "solutions/1.2/solution.py").read_text(encoding="utf-8")
        right.write_text(text.replace("return x * w + b", "return abs(x) * w + b"), encoding="utf-8")
        found = told(checked(begun, InOneProcess(of("solution", "right")), seeds=20, only=("1.2",)))
        assert re.search(r"functions_of_torch\.py: with seed \d+ check forward does not pass", found["right-flaky"])

    def test_that_are_wrong_are_told(self, begun: Path) -> None:
        shutil.copy(begun / "solutions/1.2/wrong/graph-cut.py", begun / "solutions/1.2/right/also.py")
        found = told(checked(begun, InOneProcess(of("right")), only=("1.2",)))
        assert "right/also.py: check forward does not pass" in found["right-not-full-marks"]


class TestTheSolution:
    @pytest.mark.parametrize(
        ("old", "new", "name", "line"),
        [
            ("return x * w + b", "return x * w + b + torch.rand(())", "solution-random", 8),
            ("return x * w + b", "return x * w + b + __import__('random').random()", "solution-random", 8),
            ("return x * w + b", "return (x * w + b).float()", "solution-dtype", 8),
        ],
    )
    def test_draws_nothing_and_fixes_no_dtype(self, begun: Path, old: str, new: str, name: str, line: int) -> None:
        change(begun / "solutions/1.2/solution.py", old, new)
        found = told(checked(begun, InOneProcess(solution_itself), only=("1.2",)))
        assert f"solutions/1.2/solution.py:{line}:" in found[name], found


SQUARE = """

class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, g):
        return g * ctx.saved_tensors[0] * {factor}
"""
# A loop that gets no mark of its own, and a function that is called when it has run.
AFTER_A_RUN = """
import torch

w = torch.tensor([1.0], requires_grad=True)
b = torch.tensor([0.5], requires_grad=True)
xs = [1.0, 2.0]
for x in xs:
    (x * w + b).sum().backward()


def forward(x):
    return x * w{cut} + b


def loss(y_pred, y):
    return (y_pred - y) ** 2
"""


class TestTheGradientsOfTheSolution:
    def gradients(self, course: Path) -> list[str]:
        found = checked(course, InOneProcess(solution_itself), only=("1.2",))
        told(found)
        return [said(each.message) for each in found.all_findings if each.name.startswith("gradient")]

    @pytest.mark.parametrize(
        ("check", "old", "new", "names"),
        [
            ("forward", "return x * w + b", "return x * w + b + (x * w).detach()", ["w"]),
            ("forward", "return x * w + b", "return x * w.detach() + b.detach()", ["w", "b"]),
            ("forward", "return x * w + b", "return (x * w + b).item()", ["w", "b"]),
            ("loss", "return (y_pred - y) ** 2", "return (y_pred - y) * (y_pred - y).data", ["y_pred"]),
            (
                "loss",
                "return (y_pred - y) ** 2",
                f"return Square.apply(y_pred - y)\n{SQUARE.format(factor=3)}",
                ["y_pred"],
            ),
        ],
    )
    def test_that_are_not_those_of_its_values_are_told_with_both(
        self, begun: Path, check: str, old: str, new: str, names: list[str]
    ) -> None:
        change(begun / "solutions/1.2/solution.py", old, new)
        found = [words for words in self.gradients(begun) if words.startswith(f"check {check}:")]
        start = f"check {check}: the solution's gradient with respect to"
        assert [words.split(" does not match its own values. torch.autograd.gradcheck: ")[0] for words in found] == [
            f"{start} {name}" for name in names
        ]
        assert all("numerical:tensor(" in words or "expected to be zero" in words for words in found)

    def test_may_come_from_a_right_function_of_its_own(self, begun: Path) -> None:
        new = f"return Square.apply(y_pred - y)\n{SQUARE.format(factor=2)}"
        change(begun / "solutions/1.2/solution.py", "return (y_pred - y) ** 2", new)
        assert self.gradients(begun) == []

    def test_may_have_a_kink_at_the_authors_own_numbers(self, begun: Path) -> None:
        """The example has x * w + b = 4.5: there torch takes one slope, and finite differences the mean of two."""
        text = (begun / "exercises/1.2/exercise.yaml").read_text(encoding="utf-8")
        assert "{x: 4, w: 1.0, b: 0.5}" in text
        change(begun / "solutions/1.2/solution.py", "return x * w + b", "return torch.relu(x * w + b - 4.5)")
        assert self.gradients(begun) == []

    @pytest.mark.parametrize(("cut", "count"), [("", 0), (".detach()", 1)])
    def test_are_looked_at_after_a_run_too(self, begun: Path, cut: str, count: int) -> None:
        change(begun / "exercises/1.2/exercise.yaml", "call: forward(x)", "call: forward(x)\n    run: script")
        (begun / "solutions/1.2/solution.py").write_text(AFTER_A_RUN.format(cut=cut), encoding="utf-8")
        assert [words.split(" does")[0] for words in self.gradients(begun) if words.startswith("check forward")] == [
            "check forward: the solution's gradient with respect to w"
        ] * count

    def test_that_take_too_long_are_not_proved(self, begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(check_solution, "_OF_GRADCHECK", Limits(wall=0.0))
        (words, *_) = self.gradients(begun)
        assert "gradcheck did not finish on the solution, so its gradient is not proved. Stopped" in words


def as_notebook(path: Path, *before: str) -> Path:
    """Put a program into the second cell of a notebook of the same name, behind a text."""
    book = json.loads(notebook("\n".join([*before, path.read_text(encoding="utf-8")])))
    book["cells"].insert(0, {"cell_type": "markdown", "metadata": {}, "source": "What I think"})
    path.unlink()
    path.with_suffix(".ipynb").write_text(json.dumps(book), encoding="utf-8")
    return path.with_suffix(".ipynb")


class TestNotebooksOfStudents:
    def test_are_right_and_wrong_programs_as_any(self, begun: Path) -> None:
        solutions = begun / "solutions/1.2"
        as_notebook(solutions / "right/functions_of_torch.py", "%matplotlib inline")
        as_notebook(solutions / "wrong/graph-cut.py", "!pip install torch")
        found = checked(begun, only=("1.2",))
        (proof,) = found.proofs
        assert told(found) == {} and (proof.right, proof.wrong) == (1, 3)
        named = {seen.program.shown: seen.lost.named for seen in proof.seen if seen.lost is not None}
        assert [name for shown, name in named.items() if shown.endswith("wrong/graph-cut.ipynb")] == [("graph-cut",)]

    @pytest.mark.parametrize(
        ("line", "words"), [("return 1 / 0", "ZeroDivisionError"), ("def (", "Python cannot read this line")]
    )
    def test_are_told_by_cell_and_line(self, begun: Path, line: str, words: str) -> None:
        right = begun / "solutions/1.2/right/functions_of_torch.py"
        right.write_text(f"def forward(x):\n    {line}\n", encoding="utf-8")
        as_notebook(right, "w, b = 1.0, 0.5")
        findings = checked(begun, InOneProcess(of("right")), only=("1.2",)).all_findings
        sentences = [said(each.message) for each in findings]
        place = "right/functions_of_torch.ipynb, cell 2, line 3"
        assert any(place in sentence and words in sentence for sentence in sentences), sentences

    def test_have_a_name_of_their_own(self, begun: Path) -> None:
        right = begun / "solutions/1.2/right/functions_of_torch.py"
        as_notebook(shutil.copy(right, right.with_name("twin2.py"))).rename(right.with_suffix(".ipynb"))
        with pytest.raises(CourseInvalid) as told:
            checked(begun)
        (fault,) = told.value.faults
        assert str(fault.at).endswith("solutions/1.2/right/functions_of_torch.py")
        assert "duplicate program name: functions_of_torch" in said(fault.message)


class TestNumbers:
    def test_of_the_lecture_that_stay_in_every_probe_are_told(self, begun: Path) -> None:
        path = begun / "exercises/1.2/exercise.yaml"
        change(path, "args: {x: {uniform: [-5, 5]}}", "args: {x: 4}")
        found = told(checked(begun, InOneProcess(solution_itself), only=("1.2",)))
        assert "x has your own numbers in every probe" in found["constant-kept"]
        assert re.search(r"exercise\.yaml:\d+:\d+: check forward", found["constant-kept"])

    def test_that_contradict_autograd_are_told(self, begun: Path) -> None:
        change(begun / "exercises/1.1/exercise.yaml", "expect: -18", "expect: 13")
        with pytest.raises(CourseInvalid) as told:
            checked(begun)
        (fault,) = told.value.faults
        assert "is -18 here, not 13" in said(fault.message) and fault.at.line > 1

    def test_at_which_mistakes_cannot_be_told_apart_are_told(self, begun: Path) -> None:
        change(begun / "exercises/1.1/exercise.yaml", "at: {x: 3, w: 2, b: 1, y: 10}", "at: {x: 1, w: 1, b: 1, y: 1}")
        change(begun / "exercises/1.1/exercise.yaml", "expect: 7", "digits: 6")
        change(begun / "exercises/1.1/exercise.yaml", "expect: -18, digits: 4", "digits: 6")
        found = told(checked(begun, only=("1.1",)))
        assert "To keep these inputs, give a reason: ambiguous" in found["ambiguous-inputs"]
        assert "constant-earns-too-much" in found

    def test_that_are_asked_too_coarsely_are_told(self, begun: Path) -> None:
        change(begun / "exercises/1.1/exercise.yaml", "digits: 4", "digits: 1")
        found = told(checked(begun, only=("1.1",)))
        assert "ask for more digits" in found["wrong-near-the-edge"]


class TestTexts:
    @pytest.mark.parametrize(
        ("name", "pattern"),
        [
            ("course.yaml", r'  uz: "Mening.*\n'),
            ("exercises/1.1/exercise.yaml", r'  uz: "Kichik graf"\n'),
            ("exercises/1.2/exercise.yaml", r"  uz: \|\n(    .*\n|\n)+?(?=  en)"),
            ("solutions/1.2/misconceptions.yaml", r"      uz: .*\n"),
        ],
    )
    def test_that_are_missing_in_a_language_are_told(self, begun: Path, name: str, pattern: str) -> None:
        path = begun / name
        text, count = re.subn(pattern, "", path.read_text(encoding="utf-8"), count=1)
        assert count == 1
        path.write_text(text, encoding="utf-8")
        missing = told(checked(begun, InOneProcess(lambda task: False)))["text-missing"]
        assert name in missing and "missing in these languages of the course: uz" in missing


class FullDisk:
    """A box that runs our own code, and has no room for the programs that it is to prove."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self.isolation, self.start, self.close = box.isolation, box.start, box.close

    def run(self, job: Job) -> Run:
        ours = not isinstance(job, ProgramJob) or job.trusted
        return self._box.run(job) if ours else Run(RunStatus.SANDBOX_FAILED, Stop.SANDBOX, "no space left")

    def run_together(self, jobs: Sequence[Job]) -> list[Run]:
        ours = all(isinstance(job, ProgramJob) and job.trusted for job in jobs)
        return self._box.run_together(jobs) if ours else [self.run(jobs[0])]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "This could not be judged: the program could not be run: no space left"),
        ("uz", "Buni baholab boʻlmadi: dasturni ishga tushirib boʻlmadi: no space left"),
    ],
)
def test_what_this_machine_could_not_do_is_said_once(
    begun: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, words: str
) -> None:
    monkeypatch.setattr(batch_task, "warm_box", lambda *asked: FullDisk(warm_box(*asked)))
    # What `speak` says is undone with it.
    monkeypatch.setenv("LANGUAGE", language)
    monkeypatch.setenv("COLUMNS", "200")
    found = checked(begun, InOneProcess(of("starter", "right")), only=("1.2",))
    print_checked(found, speak(language), 1)
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines[0].startswith("?") and lines[1:-1] == [words]


def test_a_new_course_passes_its_own_check(template: Path) -> None:
    found = checked(template, seeds=3)
    assert told(found) == {}
    proof: Proof = found.proofs[1]
    assert all(seen.lost is None or seen.lost.verdict is not Verdict.VOID for seen in proof.seen)
