"""Hidden numbers decide a mark and shown ones tell of it; here the runs are written down, and nothing runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from grader.core.compare.kinds.value import CompareValue
from grader.core.course.checks.call import Call
from grader.core.course.draws.draw import Array
from grader.core.course.draws.uniform import Uniform
from grader.core.course.exercise import Check, Coded, Exercise
from grader.core.findings.telling import told_check
from grader.core.program.source import Source
from grader.core.report.report import CheckResult
from grader.core.run.jobs import Job, ProgramJob
from grader.core.run.observation import Called, Raised, Run, RunStatus, Stop, Usage, Value
from grader.core.words.message import Text
from grader.grading.judge.answer_key import AnswerKey, Known
from grader.grading.judge.drivers import driven
from grader.grading.judge.judge import judging, known_of
from grader.grading.judge.steps import Alone, Judged, Need, Ours

HIDDEN, SHOWN = b"hidden", b"shown"
FAULT_OF_OURS = Run(RunStatus.SANDBOX_FAILED, Stop.SANDBOX, "no space left")
PROGRAM = Source("def f(x):\n    return 3 * x\n", "9.1.py")
# What a program does with a number.
Does = Callable[[float], float]


def check(name: str, **about: object) -> Check:
    call = Call(name, ("x",))
    given: dict[str, object] = {"calls": (call,), "args": {"x": Uniform(2, 3)}, "repeat": 4, **about}
    return Check(name, 1, (CompareValue(),), **given)  # type: ignore[arg-type]


F, G, NEEDY = check("f"), check("g"), check("h", needs=("f",))


def right(x: float) -> float:
    return 3 * x


def wrong(x: float) -> float:
    return 2 * x


class Doing:
    """Answers needs as a program that does something else with the numbers of each seed would.

    Attributes:
        seeds: what the program was run with, in order: `hidden f`, `shown f`, `further f`.
    """

    isolation = "none"

    def __init__(self, hidden: Does | Run, shown: Does | Run = right, further: Does | Run = right) -> None:
        self._does = {"hidden": hidden, "shown": shown, "further": further}
        self.seeds: list[str] = []

    def __call__(self, needs: Sequence[Need]) -> list[list[Run]]:
        return [[self._run(job, isinstance(need, Ours)) for job in self._jobs(need)] for need in needs]

    def _jobs(self, need: Need) -> Sequence[Job]:
        if isinstance(need, Ours | Alone):
            return need.jobs
        # What runs alone tells more; so a box in which nothing is shared is all that is needed here.
        return ()

    def _run(self, job: Job, ours: bool) -> Run:
        assert isinstance(job, ProgramJob)
        if ours:
            return self._came_to(right, job)
        seed = job.probes[0].seed
        side = {HIDDEN: "hidden", SHOWN: "shown"}.get(seed, "further")
        self.seeds.append(f"{side} {job.probes[0].call.function}")
        does = self._does[side]
        return does if isinstance(does, Run) else self._came_to(does, job)

    def _came_to(self, does: Does, job: ProgramJob) -> Run:
        numbers = [probe.args[0].array.numbers[0] for probe in job.probes if probe.args[0].array]
        values = [Value("number", "float", data=np.array(does(number))) for number in numbers]
        return Run(RunStatus.COMPLETED, called=tuple(Called(values=(value,)) for value in values), usage=Usage(0.1))


class Sharing(Doing):
    """The same in a box in which one child does all jobs of a need."""

    def _jobs(self, need: Need) -> Sequence[Job]:
        return need.jobs


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Known]:
    caches = (str(tmp_path / str(number)) for number in range(9))

    def known(*checks: Check, shown: bytes = SHOWN, closely: bool = False) -> Known:
        # What is written down here has no frames to be remembered by.
        monkeypatch.setenv("COURSE_CACHE", next(caches))
        exercise = Exercise("9.1", Text.of({"en": "t"}), Text.of({}), Coded(b"", checks), b"", False)
        solution = b"def f(x):\n    return 3 * x\n"
        return known_of(AnswerKey(exercise, solution, "solution.py", HIDDEN, shown, "", closely=closely))

    return known


def judged(known: Known, run: Doing, source: Source = PROGRAM) -> Judged:
    return driven(judging(known, source), run)


def verdicts(judged: Judged) -> Mapping[str, str]:
    return {result.name: result.verdict.value for result in judged.checks}


def kinds(result: CheckResult) -> list[str]:
    return [each.kind for each in result.findings]


def test_a_right_program_runs_with_hidden_numbers_only_and_nothing_is_told_of_it(known: Callable[..., Known]) -> None:
    run = Doing(right)
    found = judged(known(F, G), run)
    assert verdicts(found) == {"f": "pass", "g": "pass"} and run.seeds == ["hidden f", "hidden g"]
    assert all((each.findings, each.evidence) == ((), ()) for each in found.checks) and found.looks == {}


def test_where_one_student_waits_what_passes_is_looked_at_with_shown_numbers_too(known: Callable[..., Known]) -> None:
    run = Doing(right)
    found = judged(known(F, G, closely=True), run)
    assert verdicts(found) == {"f": "pass", "g": "pass"}
    assert run.seeds == ["hidden f", "hidden g", "shown f", "shown g"] and found.looks.keys() == {"f", "g"}


def test_what_passes_with_hidden_numbers_passes_and_is_not_told_of_where_shown_ones_fail(
    known: Callable[..., Known],
) -> None:
    run = Doing(right, wrong)
    (result,) = judged(known(F, closely=True), run).checks
    assert (result.verdict.value, result.findings) == ("pass", ()) and run.seeds == ["hidden f", "shown f"]


def test_a_wrong_program_is_told_of_shown_numbers(known: Callable[..., Known]) -> None:
    run = Doing(wrong, wrong)
    held = known(F)
    (result,) = judged(held, run).checks
    (shown,) = judged(known(F, shown=HIDDEN), Doing(wrong)).checks
    assert run.seeds == ["hidden f", "shown f"] and result.verdict.value == "fail"
    assert kinds(result) == kinds(shown) and result.findings[0].pairs("inputs") != shown.findings[0].pairs("inputs")


def test_what_raised_with_hidden_numbers_only_is_not_told(known: Callable[..., Known]) -> None:
    ended = Run(RunStatus.CRASHED, Stop.EXIT, "2.417")
    raising = Run(RunStatus.COMPLETED, called=(Called(raised=Raised("E2_417", "x is 2.417", 2)),) * 4)
    for secret in (ended, raising):
        (result,) = judged(known(F), Doing(secret)).checks
        assert result.verdict.value == "fail" and result.status is RunStatus.COMPLETED
        assert "417" not in repr(result)


def test_a_check_that_passed_is_not_run_with_shown_numbers_for_one_that_did_not(known: Callable[..., Known]) -> None:
    class OfG(Doing):
        def _run(self, job: Job, ours: bool) -> Run:
            assert isinstance(job, ProgramJob)
            run = super()._run(job, ours)
            return self._came_to(wrong, job) if job.probes[0].call.function == "g" and not ours else run

    run = OfG(right)
    assert verdicts(judged(known(F, G), run)) == {"f": "pass", "g": "fail"}
    assert run.seeds == ["hidden f", "hidden g", "shown g"]


def test_what_needs_a_check_that_only_hidden_numbers_fail_is_not_looked_at(known: Callable[..., Known]) -> None:
    assert verdicts(judged(known(F, NEEDY), Doing(wrong))) == {"f": "fail", "h": "skipped"}


def test_what_is_wrong_with_hidden_numbers_is_looked_for_among_further_shown_ones(known: Callable[..., Known]) -> None:
    run = Doing(wrong, right, wrong)
    (result,) = judged(known(F), run).checks
    assert run.seeds == ["hidden f", "shown f", "further f"]
    assert result.findings[0].pairs("inputs") and kinds(result)[-1] == "right-with-others"
    assert result.findings[-1].fields["count"] == 4


def test_at_most_32_further_numbers_are_tried_and_their_count_is_told(known: Callable[..., Known]) -> None:
    run = Doing(wrong)
    (result,) = judged(known(F), run).checks
    assert run.seeds.count("further f") == 8 and kinds(result) == ["right-with-shown"]
    assert result.findings[0].fields["count"] == 36 and result.score == 0


def test_a_slow_program_is_not_tried_with_further_numbers_for_longer_than_two_seconds(
    known: Callable[..., Known],
) -> None:
    class Slow(Doing):
        def _came_to(self, does: Does, job: ProgramJob) -> Run:
            run = super()._came_to(does, job)
            return Run(run.status, called=run.called, usage=Usage(0.9))

    run = Slow(wrong)
    judged(known(F), run)
    assert run.seeds.count("further f") == 2


def test_a_check_that_draws_nothing_has_no_further_numbers(known: Callable[..., Known]) -> None:
    fixed = check("f", args={}, calls=(Call("f", ()),), examples=())

    class Fixed(Doing):
        def _came_to(self, does: Does, job: ProgramJob) -> Run:
            return Run(
                RunStatus.COMPLETED, called=(Called(values=(Value("number", "float", data=np.array(does(1))),)),)
            )

    run = Fixed(wrong)
    (result,) = judged(known(fixed), run).checks
    assert run.seeds == ["hidden f", "shown f"] and kinds(result) == ["right-with-shown"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("def f(x):\n    return 12 if x == 4 else 0\n", 2),
        ("table = {4: 12}\n\ndef f(x):\n    return table.get(x)\n", 1),
        ("def f(x):\n    return 3 * x\n\nprint(f(4))\n", None),
        ("x = 4\n\ndef f(x):\n    return 3 * x\n", None),
        ("def f(x):\n    return 3 * x + 0 * 5\n", None),
    ],
)
def test_a_number_counts_as_wired_in_only_where_what_is_compared_is_worked_out(
    known: Callable[..., Known], text: str, line: int | None
) -> None:
    (result,) = judged(
        known(check("f", examples=({"x": Array((), (4,))},))), Doing(wrong), Source(text, "9.1.py")
    ).checks
    wired = [each.line for each in result.findings if each.kind == "number-wired-in"]
    assert wired == ([] if line is None else [line])
    assert told_check(result)[0].said(str).startswith("Right with the 37 inputs tried here")


def test_what_our_box_failed_at_is_void_and_says_nothing_of_it_but_what_it_said_of_shown_numbers(
    known: Callable[..., Known],
) -> None:
    (hidden,) = judged(known(F), Doing(FAULT_OF_OURS)).checks
    assert hidden.verdict.value == "void" and "no space" not in repr(hidden)
    (both,) = judged(known(F), Doing(FAULT_OF_OURS, FAULT_OF_OURS)).checks
    assert both.verdict.value == "void" and "no space left" in repr(both)


def test_where_the_box_fails_before_it_can_be_told_what_is_wrong_there_is_no_mark(known: Callable[..., Known]) -> None:
    assert verdicts(judged(known(F), Doing(wrong, FAULT_OF_OURS))) == {"f": "void"}


def test_in_practice_there_is_one_set_of_numbers(known: Callable[..., Known]) -> None:
    run = Doing(wrong)
    assert verdicts(judged(known(F, shown=HIDDEN), run)) == {"f": "fail"} and run.seeds == ["hidden f"]


class Harvest:
    """A student who answers from a table of all that was ever shown, and from nothing else."""

    def __init__(self) -> None:
        self.table: dict[float, float] = {}

    def answer(self, x: float) -> float:
        return next((value for known, value in self.table.items() if abs(known - x) < 1e-9), 0.0)

    def read(self, result: CheckResult) -> None:
        for each in result.findings:
            inputs, ends = each.pairs("inputs"), each.fields.get("accepted")
            if inputs and isinstance(ends, tuple):
                self.table[float(inputs["x"])] = sum(ends) / 2

    def attempts(self, known: Known, count: int) -> list[float | None]:
        """Hand in again and again, and return the points of each attempt."""
        points = []
        for _ in range(count):
            run = Doing(self.answer, self.answer, self.answer)
            (result,) = judged(known, run).checks
            self.read(result)
            points.append(result.score)
        return points


def test_a_table_of_all_that_is_shown_gets_full_marks_in_practice_and_none_in_fifty_attempts_for_a_mark(
    known: Callable[..., Known],
) -> None:
    student = Harvest()
    assert student.attempts(known(F, shown=HIDDEN), 6)[-1] == 1
    student = Harvest()
    assert set(student.attempts(known(F), 50)) == {0} and len(student.table) >= 4


def test_a_check_that_failed_on_hidden_numbers_is_asked_once_at_shown_ones(known: Callable[..., Known]) -> None:
    run = Sharing(hidden=wrong, shown=wrong)
    assert verdicts(judged(known(F, G), run)) == {"f": "fail", "g": "fail"}
    # What a shared child shows of a second check that fails proves nothing: that one is asked by itself.
    assert run.seeds == ["hidden f", "hidden g", "hidden g", "shown f", "shown g"]
