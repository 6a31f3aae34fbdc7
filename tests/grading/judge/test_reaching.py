"""Training to a goal: measured outside, on data that a program has not seen, whatever it says and does."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from written import ID, judged, known_to, said, write_exercise

from grader.actions.author.release import release
from grader.core.program.source import Source
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import Run
from grader.core.run.trainings import training_jobs
from grader.core.words.errors import CourseInvalid
from grader.grading.judge.drivers import InTurn
from grader.grading.judge.judge import judge, known_of
from grader.grading.judge.observing import Observing
from grader.grading.judge.programs import KnownCoded
from grader.grading.judge.steps import Alone, Need
from grader.sandbox.port import Sandbox
from grader.sandbox.wire.jobs import job_content, probe_content, to_child
from grader.store.course.course_files import CourseFiles, find_course

CHECKS = """checks:
  - name: accuracy
    points: 10
    data: {from: halves, train: [x, y], test: x_test}
    let: {model: "train(x, y)"}
    call: model(x_test)
    compare: [{reach: {accuracy: [0.5, 1], seeds: 3, steps: 60}}]
    limits: {wall: 2 s, cpu: 2 s}
"""
ERROR = """  - name: error
    points: 4
    data: {from: halves, train: [x, y], test: x_test}
    let: {model: "train(x, y)"}
    call: model(x_test)[:, 1]
    compare: [{reach: {mae: [0.5, 0.2], seeds: 3, steps: 60}}]
    limits: {wall: 2 s, cpu: 2 s}
"""
DATA = """import torch


def halves(seed):
    generator = torch.Generator().manual_seed(seed)
    side = torch.nn.functional.normalize(torch.randn(2, generator=generator), dim=0)
    y = torch.arange(160) % 2
    x = torch.randn(160, 2, generator=generator)
    x = x - (x @ side)[:, None] * side + (2 * y - 1)[:, None] * side * (1 + torch.rand(160, 1, generator=generator))
    return x[:80], y[:80], x[80:], y[80:]
"""
SOLUTION = """import torch


def train(x, y):
    w = torch.zeros(2, requires_grad=True)
    for _ in range(30):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(x @ w, y.float())
        loss.backward()
        with torch.no_grad():
            w -= 2 * w.grad
            w.grad.zero_()
    return lambda points: torch.sigmoid(torch.stack([-points @ w, points @ w], dim=1))
"""
# The same without autograd or torch: nothing of it can be counted.
OTHERWISE = """import numpy as np


class Nearest:
    def __init__(self, x, y):
        x, y = np.asarray(x), np.asarray(y)
        self.middles = np.stack([x[y == each].mean(axis=0) for each in (0, 1)])

    def __call__(self, points):
        apart = np.linalg.norm(np.asarray(points)[:, None] - self.middles, axis=2)
        return (apart[:, ::-1] > 1.5) / 1.0 if False else (apart == apart.min(axis=1, keepdims=True)) * 1.0


def train(x, y):
    return Nearest(x, y)
"""


class Counting(InTurn):
    """Counts the children that a submission is given."""

    def __init__(self, box: Sandbox) -> None:
        super().__init__(lambda: box)
        self.alone = 0

    def __call__(self, needs: Sequence[Need]) -> list[list[Run]]:
        self.alone += sum(len(need.jobs) for need in needs if isinstance(need, Alone))
        return super().__call__(needs)


def course(root: Path, checks: str = CHECKS, solution: str = SOLUTION, data: str = DATA) -> CourseFiles:
    files = write_exercise(root, checks, solution)
    (root / "solutions" / ID / "data.py").write_text(data)
    return files


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> CourseFiles:
    return course(tmp_path_factory.mktemp("reach"), CHECKS + ERROR)


@pytest.fixture(scope="module")
def known(files: CourseFiles, box: Sandbox) -> KnownCoded:
    """Return what programs are held to, with all data made: those that may be shown are when something fails."""
    known = known_to(files)
    assert first(known, box, predicting("1 - right")).verdict is Verdict.FAIL
    return known


def first(known: KnownCoded, box: Sandbox, text: str) -> CheckResult:
    return judged(known, box, text)[0]


def where(text: str, was: str, becomes: str) -> str:
    assert was in text
    return text.replace(was, becomes)


def predicting(expression: str, head: str = "") -> str:
    """Return a program that trains as the solution does, and predicts something of what that would: of `right`."""
    own = where(SOLUTION, "    return lambda points: ", "    model = lambda points: ")
    body = f"        right = model(points)\n        return {expression}\n"
    return f"{head}\n{own}    def predict(points):\n{body}    return predict\n"


class TestPoints:
    @pytest.mark.parametrize("text", [SOLUTION, OTHERWISE], ids=["the solution", "without torch"])
    def test_a_right_program_gets_all(self, known: KnownCoded, box: Sandbox, text: str) -> None:
        assert [result.verdict for result in judged(known, box, text)] == [Verdict.PASS, Verdict.PASS]

    def test_between_both_ends_they_follow_the_metric_in_tenths(self, known: KnownCoded, box: Sandbox) -> None:
        # Of 80 points 16 are told the other class: 0.8, three fifths of the way from 0.5 to 1.
        result = first(known, box, predicting("torch.cat([1 - right[:16], right[16:]])"))
        assert (result.verdict, result.score) == (Verdict.FAIL, 6.0)
        assert said(result)[-2:] == [
            "The accuracy on data that the program has not seen is 0.8; the goal is 1, and 0.5 or worse earns nothing.",
            "Points earned: 60 %.",
        ]

    def test_the_median_of_the_seeds_counts(self, known: KnownCoded, box: Sandbox) -> None:
        lucky = "right if torch.initial_seed() % 1000 == {seed} else 1 - right"
        job = training_jobs(known.drawn.work.checks[0], known.key.seed, ours=False)[0]
        assert job.training is not None
        one = predicting(lucky.format(seed=job.training.seed % 1000))
        assert first(known, box, one).score == 0.0

    @pytest.mark.parametrize(("endless", "score"), [([0], 10.0), ([1], 10.0), ([0, 1], 0.0)])
    def test_one_that_is_stopped_counts_for_its_seed_alone(
        self, known: KnownCoded, box: Sandbox, endless: list[int], score: float
    ) -> None:
        jobs = training_jobs(known.drawn.work.checks[0], known.key.seed, ours=False)
        seeds = [job.training.seed % 1000 for job in jobs if job.training]
        head = f"    while torch.initial_seed() % 1000 in {[seeds[each] for each in endless]}: pass\n"
        text = where(SOLUTION, "def train(x, y):\n", f"def train(x, y):\n{head}")
        result = first(known, box, text)
        assert result.score == score, said(result)

    def test_no_more_is_trained_than_decides(self, known: KnownCoded, box: Sandbox) -> None:
        run = Counting(box)
        judge(known, Source(SOLUTION, "1.1.py"), run)
        # Two seeds of three for both checks together: they look at one training.
        assert run.alone == 2

    def test_what_hidden_data_decide_is_told_beside_what_may_be_shown(self, known: KnownCoded, box: Sandbox) -> None:
        result = first(known, box, predicting("right if x[0, 0] > 100 else right", "import torch"))
        assert result.verdict is Verdict.PASS
        shown = known.shown.first.drawn.work.checks[0] if known.shown else None
        assert shown is not None and shown.made is not None
        number = shown.made.train[0][1].numbers[0]
        only = predicting(f"right if abs(float(x[0, 0]) - {number!r}) < 1e-6 else 1 - right")
        told = first(known, box, only)
        assert (told.verdict, told.score) == (Verdict.FAIL, 0.0)
        assert said(told) == [
            "With the data that may be shown, the training reaches its goal.",
            "What decides are other data. Points earned there: 0 %.",
        ]

    def test_the_losses_are_drawn_beside_the_solutions(self, known: KnownCoded, box: Sandbox) -> None:
        (curve,) = first(known, box, where(SOLUTION, "range(30)", "range(1)").replace("2 * w.grad", "-w.grad")).evidence
        assert (curve.quantity, len(curve.expected), len(curve.actual), curve.departure) == ("loss", 30, 1, None)

    @pytest.mark.parametrize(
        "trial",
        [
            "model = train(torch.randn(40, 2), torch.arange(40) % 2)\n",
            "if __name__ == '__main__':\n    more = [train(torch.randn(9, 2), torch.arange(9) % 2) for _ in 'abcd']\n",
        ],
    )
    def test_a_trial_of_ones_own_spends_no_steps(self, known: KnownCoded, box: Sandbox, trial: str) -> None:
        # 60 are allowed, and one training takes 40.
        text = where(SOLUTION, "range(30)", "range(40)")
        assert first(known, box, f"{text}\n\n{trial}").verdict is Verdict.PASS
        (curve,) = first(known, box, f"{where(text, '2 * w.grad', '-w.grad')}\n\n{trial}").evidence
        assert len(curve.actual) == 40


NAMED = {
    "constant-prediction": predicting("torch.tensor([[0.0, 1.0]]).repeat(len(points), 1)"),
    "diverged": predicting("right * float('nan')"),
    "labels-exchanged": predicting("1 - right"),
    "train-mode": predicting("torch.nn.functional.dropout(right, 0.5)"),
    "loss-unchanged": where(SOLUTION, "w -= 2 * w.grad", "w -= 0").replace(
        "torch.zeros(2,", "torch.tensor([0.0, 1e-3],"
    ),
    "never-trained": "import torch\n\n\ndef train(x, y):\n    return lambda points: torch.sin(1000 * points)\n",
}


@pytest.mark.parametrize("name", NAMED)
def test_what_keeps_a_training_from_its_goal_has_a_name(known: KnownCoded, box: Sandbox, name: str) -> None:
    result = first(known, box, NAMED[name])
    assert (result.verdict, [cause.name for cause in result.causes]) == (Verdict.FAIL, [name])


def test_numbers_beyond_all_bounds_are_those_of_a_training_that_ran_away(known: KnownCoded, box: Sandbox) -> None:
    accuracy, error = judged(known, box, predicting("right * 1e9"))
    assert accuracy.verdict is Verdict.PASS
    assert (error.score, [cause.name for cause in error.causes]) == (0.0, ["diverged"])


def test_predictions_of_another_shape_are_told_so_and_have_no_other_cause(known: KnownCoded, box: Sandbox) -> None:
    result = first(known, box, predicting("right[:, :, None, None] * 3"))
    assert "model(x_test) has shape 80×2×1×1" in said(result)[0] and result.causes == ()


HOSTILE = {
    "nothing": (predicting("None"), "model(x_test) gives no numbers to look at; predictions for all inputs are asked"),
    "several": (predicting("(right, right)"), "model(x_test) gives several values"),
    "too few": (predicting("right[:1]"), "model(x_test) has shape 1×2; one prediction for each of 80"),
    "empty": (predicting("[[]]"), "model(x_test) has shape 1×0; one prediction for each of 80"),
    "of no input": (predicting("points.resize_(0, 2)"), "model(x_test) has shape 0×2; one prediction for each of 80"),
    "a number": (predicting("torch.tensor(1)"), "model(x_test) has shape (); one prediction for each of 80"),
    "one class": (predicting("right[:, :1, None]"), "model(x_test) gives numbers that are no class labels"),
    "too large": (predicting("torch.zeros(5_000_000)"), "model(x_test) gives no numbers to look at"),
    "too many": (predicting("torch.zeros(80, 2, 9)"), "model(x_test) has shape 80×2×9"),
    "infinite": (predicting("right * float('inf')"), "The accuracy on data that the program has not seen is "),
    "without end": ("import time\ndef train(x, y):\n    while True:\n        time.sleep(0.01)\n", "Stopped after 2 s"),
    "steps without end": (where(SOLUTION, "range(30)", "range(10**9)"), "The training takes more than 60 steps"),
    "raising": (where(SOLUTION, "    w = ", "    raise KeyError(y)\n    w = "), f"{ID}.py:5: KeyError: tensor"),
    "leaving": (where(SOLUTION, "    w = ", "    import os\n    os._exit(0)\n    w = "), "The program exited before"),
    "of another name": (where(SOLUTION, "def train", "def trian"), "There is no function train. Did you mean trian?"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_prediction_earns_nothing_and_is_told(known: KnownCoded, box: Sandbox, kind: str) -> None:
    text, words = HOSTILE[kind]
    result = first(known, box, text)
    assert result.score == 0.0
    assert words in " ".join(said(result))


@pytest.mark.parametrize("place", ["torch.arange(80) % 2", "1 - torch.arange(80) % 2", "torch.arange(80) // 40"])
def test_labels_do_not_follow_from_the_order_of_the_inputs(known: KnownCoded, box: Sandbox, place: str) -> None:
    # data.py makes one class and the other in turn, as every student sees in the data for practice.
    text = f"import torch\n\n\ndef train(x, y):\n    return lambda points: torch.eye(2)[{place}[: len(points)]]\n"
    accuracy, error = judged(known, box, text)
    assert accuracy.score <= 4.0
    assert error.score <= 2.0


def test_who_catches_what_ends_a_training_has_made_no_more_steps(known: KnownCoded, box: Sandbox) -> None:
    slow = where(SOLUTION, "w -= 2 * w.grad", "w -= 3e-5 * w.grad").replace(
        "torch.zeros(2,", "torch.tensor([0.3, -0.2],"
    )
    catching = "        try:\n            loss.backward()\n        except BaseException:\n            continue"
    caught = where(slow, "        loss.backward()", catching).replace("range(30)", "range(400)")
    scores = [first(known, box, text).score for text in (caught, slow.replace("range(30)", "range(60)"))]
    assert scores[0] == scores[1] < 10


class TestSecrets:
    def test_what_is_right_is_in_no_frame_and_test_inputs_are_in_none_before_the_training(
        self, tmp_path: Path, box: Sandbox
    ) -> None:
        odd = where(DATA, "x[80:], y[80:]", "x[80:] + 1000.0625, y[80:] * 0 + 31337.5")
        checks = where(CHECKS, "accuracy: [0.5, 1]", "mse: [1e12, 1e11]")
        known = known_to(course(tmp_path, checks, where(SOLUTION, "(torch.stack([-points @ w, points @ w], dim=1))",
                                                       "(points @ w)"), odd))  # fmt: skip
        assert first(known, box, where(SOLUTION, "(torch.stack([-points @ w, points @ w], dim=1))", "(points @ w)"))
        check = known.drawn.work.checks[0]
        assert check.made is not None
        secret = str(check.made.test[0][1].numbers[0]).encode()
        for job in training_jobs(check, known.key.seed, ours=False):
            begins = to_child(job_content(job, ""))
            asked = b"".join(to_child(probe_content(probe)) for probe in job.probes)
            assert b"31337.5" not in begins + asked
            assert secret not in begins and secret in asked

    def test_no_training_knows_what_an_earlier_one_was_asked(self, known: KnownCoded, box: Sandbox) -> None:
        head = """import builtins, gc, os, pathlib, sys, tempfile
KEPT = [pathlib.Path(each) / "seen.txt" for each in (".", os.environ.get("TMPDIR", "."))]
if any(each.exists() for each in KEPT) or hasattr(builtins, "seen"):
    raise SystemExit("an earlier one")
def keep(points):
    builtins.seen = points
    for each in KEPT:
        each.write_text(str(points.tolist()))
    return points
"""
        assert first(known, box, predicting("model(keep(points))", head)).verdict is Verdict.PASS

    def test_nothing_of_hidden_data_is_told(self, known: KnownCoded, box: Sandbox) -> None:
        telling = predicting("exec('raise ValueError(str(points.tolist()))')")
        result = first(known, box, telling)
        assert result.verdict is Verdict.ERROR
        check = known.drawn.work.checks[0]
        assert check.made is not None
        # As a float32 is written: enough digits to be no coincidence.
        hidden = {f"{number:.4f}"[:-1] for number in check.made.test[0][1].numbers if abs(number) > 0.1}
        words = " ".join(said(result)) + repr(result)
        assert "ValueError" in words and not [each for each in hidden if each in words and len(each) > 6]


class TestTheStudentsCopy:
    def test_is_judged_with_what_was_kept(self, files: CourseFiles, box: Sandbox, tmp_path: Path) -> None:
        from grader.grading.judge.answer_key import practice_key
        from grader.sandbox.choose import box_maker

        release(files, tmp_path / "copy", box_maker("none"))
        copy = find_course(tmp_path / "copy")
        assert not list((tmp_path / "copy").rglob("data.py"))
        known = KnownCoded.of(known_of(practice_key(copy, copy.exercise(ID))))
        assert [each.verdict for each in judged(known, box, SOLUTION)] == [Verdict.PASS, Verdict.PASS]
        assert first(known, box, predicting("1 - right")).score == 0.0


@pytest.mark.parametrize(
    "change",
    [
        lambda made: {},
        lambda made: {"others": made["halves"]},
        lambda made: {"halves": [{"x": made["halves"][0]["x"]}, *made["halves"][1:]]},
        lambda made: {"halves": [*made["halves"][:2], [[10**9], "", "<f8", ""], ""]},
        lambda made: {"halves": 3},
    ],
    ids=["none", "another function", "fewer names", "other sizes", "no data"],
)
def test_data_that_somebody_else_wrote_are_damaged(
    known: KnownCoded, box: Sandbox, change: Callable[[dict[str, Any]], Any]
) -> None:
    first(known, box, SOLUTION)
    note, *_ = known.observer.frames
    settled, made = json.loads(note[0])
    plan = Observing(known.key, known.work, known.solution)
    assert plan._noted(note[0]).note == note[0]
    with pytest.raises(ValueError, match=r"."):
        plan._noted(json.dumps([settled, change(made)]).encode())


class TestTheAuthor:
    def faults(self, root: Path, box: Sandbox, checks: str = CHECKS, solution: str = SOLUTION, data: str = DATA) -> str:
        with pytest.raises(CourseInvalid) as caught:
            first(known_to(course(root, checks, solution, data)), box, SOLUTION)
        return " ".join(fault.message.said(str, "en") for fault in caught.value.faults)

    @pytest.mark.parametrize(
        ("was", "becomes", "words"),
        [
            ("seeds: 3", "seeds: 2", "seeds: 2 has no middle one"),
            ("accuracy: [0.5, 1]", "accuracy: [1, 0.5]", "for accuracy larger"),
            ("accuracy: [0.5, 1]", "accuracy: 95", "an accuracy is a share from 0 to 1"),
            ("accuracy: [0.5, 1]", "mse: [1, 0]", "an error that is asked for must be above 0"),
            ("accuracy: [0.5, 1]", "accuracy: 1, mse: 1", "exactly one of these is asked for"),
            ("accuracy: [0.5, 1]", "accuracy: [0.5]", "a goal is solution, a number, or two"),
            ("cpu: 2 s", "cpu: 11 s", "3 trainings of 11 s each are more than 30 s of processor time; write cpu: 10 s"),
            ("    data: {from: halves, train: [x, y], test: x_test}\n", "", "reach needs data"),
            ("compare: [{", "compare: [value, {", "data is for reach, which stands alone in compare"),
            ('let: {model: "train(x, y)"}', "repeat: 2", "let says what is trained"),
            ("from: halves", "from: thirds", "data.py defines no function thirds"),
            ("model(x_test)", "model(z)", "z in model(z) has no value under args"),
            ("test: x_test", "test: torch", "torch has another meaning already"),
        ],
    )  # fmt: skip
    def test_is_told_what_does_not_go_together(
        self, tmp_path: Path, box: Sandbox, was: str, becomes: str, words: str
    ) -> None:
        assert words in self.faults(tmp_path, box, where(CHECKS, was, becomes))

    @pytest.mark.parametrize(
        ("was", "becomes", "words"),
        [
            ("x[80:], y[80:]", "x[80:]", "halves in data.py returns 3 values; expected 4: what is called x, y, x_test"),
            ("x[80:], y[80:]", "x[80:], y[81:]", "returns other numbers of inputs to predict than of answers"),
            ("x[80:], y[80:]", "x[80:] / 0, y[80:]", "returns what is no array of finite numbers"),
            ("    y = torch", "    y = torches", "name 'torches' is not defined"),
            ("x[80:], y[80:]", "x[80:], y[80:] - 1", "what is right must be class labels for accuracy: whole numbers"),
            ("x[80:], y[80:]", "torch.zeros(80, 4000), y[80:]", "are more than data may have: 250000"),
        ],
    )
    def test_is_told_what_is_wrong_with_the_data(
        self, tmp_path: Path, box: Sandbox, was: str, becomes: str, words: str
    ) -> None:
        assert words in self.faults(tmp_path, box, data=where(DATA, was, becomes))

    def test_needs_data_py(self, tmp_path: Path, box: Sandbox) -> None:
        files = course(tmp_path)
        (tmp_path / "solutions" / ID / "data.py").unlink()
        with pytest.raises(CourseInvalid) as caught:
            known_to(files)
        assert "data.py is missing" in caught.value.faults[0].message.template

    @pytest.mark.parametrize(
        ("goal", "change", "words"),
        [
            ("solution", ("range(30)", "range(0)"), "is no better than 0.5"),
            ("[0.5, 1]", ("w -= 2 * w.grad", "w -= 0"), "the solution itself does not reach accuracy 1"),
        ],
    )
    def test_is_told_of_a_goal_that_means_nothing_and_nobody_is_held_to_it(
        self, tmp_path: Path, box: Sandbox, goal: str, change: tuple[str, str], words: str
    ) -> None:
        checks = where(CHECKS, "[0.5, 1]", goal)
        known = known_to(course(tmp_path, checks, where(SOLUTION, *change)))
        result = first(known, box, SOLUTION)
        assert result.verdict is Verdict.VOID
        fault = known.observer.reference["accuracy"].fault
        assert fault is not None and words in fault.said(str, "en")

    def test_gets_a_goal_from_what_the_solution_reaches(self, tmp_path: Path, box: Sandbox) -> None:
        known = known_to(course(tmp_path, where(CHECKS, "[0.5, 1]", "solution")))
        assert first(known, box, SOLUTION).verdict is Verdict.PASS
        reference = known.observer.reference["accuracy"]
        arrays = reference.expected[0][0].arrays
        assert len(arrays["accuracy"]) == 5 and arrays["target"].tolist() == [0.5, 1.0]
        assert reference.made is not None and reference.made.machine.startswith("torch ")


def test_a_script_is_trained_with_other_data_than_its_own(tmp_path: Path, box: Sandbox) -> None:
    checks = where(CHECKS, '    let: {model: "train(x, y)"}\n', "    run: script\n")
    script = "import torch\n\nx = torch.zeros(4, 2)\ny = torch.tensor([0, 1, 0, 1])\n" + SOLUTION.replace(
        "import torch", ""
    )
    script += "\n\nmodel = train(x, y)\nprint(model(x))\n"
    known = known_to(course(tmp_path, checks, script))
    assert first(known, box, script).verdict is Verdict.PASS
    # What comes after the training costs nothing.
    assert first(known, box, script + "\nmodel.plot()\n").verdict is Verdict.PASS
    own = script.replace("model = train(x, y)", "model = train(torch.randn(9, 2), torch.arange(9) % 2)")
    assert first(known, box, own).verdict is Verdict.FAIL


def test_a_wide_limit_is_shared_by_all_seeds(known: KnownCoded) -> None:
    jobs = training_jobs(known.drawn.work.checks[0], known.key.seed, ours=False)
    assert len(jobs) == 3 and len({job.training.seed for job in jobs if job.training}) == 3
    assert len({replace(job, training=None) for job in jobs}) == 1
