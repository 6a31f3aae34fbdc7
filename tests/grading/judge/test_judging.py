"""What judging asks to have run, and when; here the runs are written down, and nothing runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from grader.core.compare.kinds.final import CompareFinal
from grader.core.compare.kinds.value import CompareValue
from grader.core.course.checks.call import Call
from grader.core.course.exercise import Check, Coded, Exercise
from grader.core.diagnose.wrong_programs import WrongProgram
from grader.core.program.source import Source
from grader.core.report.report import Verdict
from grader.core.run.jobs import Job, ProgramJob
from grader.core.run.observation import Called, Ran, Run, RunStatus, Stop, Value
from grader.core.words.errors import CouldNotJudge
from grader.core.words.message import Text
from grader.grading.judge.answer_key import AnswerKey, Known
from grader.grading.judge.drivers import driven
from grader.grading.judge.judge import judging, known_of
from grader.grading.judge.steps import Alone, Judged, Need, Ours, Together

STOPPED = Run(RunStatus.TIMED_OUT, Stop.WALL)
FAULT_OF_OURS = Run(RunStatus.SANDBOX_FAILED, Stop.SANDBOX, "no space left")


def calling(name: str, **about: object) -> Check:
    return Check(name, 1, (CompareValue(),), calls=(Call(name, ()),), **about)  # type: ignore[arg-type]


WHOLE = Check("w", 1, (CompareFinal("w"),), script=True)
F, G, H = calling("f"), calling("g"), calling("h", needs=("g",))
PROGRAM = Source("def f(): ...\n", "9.1.py")


def number(value: float) -> Value:
    return Value("number", "float", data=np.array(value))


def gives(value: float) -> Run:
    """A run in which every function gives one number, and w ends as it."""
    ran = Ran(None, (), {}, None, None, {"w": number(value)})
    return Run(RunStatus.COMPLETED, ran=ran, called=(Called(values=(number(value),)),))


RIGHT, WRONG = gives(1.0), gives(2.0)


def asks(job: Job) -> str:
    assert isinstance(job, ProgramJob)
    return "w" if job.script else job.probes[0].call.function


class Recorded:
    """Answers needs with runs that are written down.

    Attributes:
        asked: for each round, what was needed: `together f g`, `alone f`, `ours`.
    """

    isolation = "none"

    def __init__(self, together: Sequence[Run], alone: dict[str, Run] | None = None, wrong: Run = WRONG) -> None:
        self._together, self._alone, self._wrong = together, alone or {}, wrong
        self.asked: list[list[str]] = []

    def __call__(self, needs: Sequence[Need]) -> list[list[Run]]:
        self.asked.append([self._name(need) for need in needs])
        return [self._runs(need) for need in needs]

    def _name(self, need: Need) -> str:
        if isinstance(need, Ours):
            return "ours"
        return " ".join([type(need).__name__.lower(), *map(asks, need.jobs)])

    def _runs(self, need: Need) -> list[Run]:
        match need:
            case Ours():
                solution = all("solution" in job.filename for job in need.jobs if isinstance(job, ProgramJob))
                return [RIGHT if solution else self._wrong for _ in need.jobs]
            case Together():
                return list(self._together)
            case Alone():
                return [self._alone[asks(job)] for job in need.jobs]


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Known]:
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))

    def known(*checks: Check, wrong: bool = False) -> Known:
        exercise = Exercise("9.1", Text.of({"en": "t"}), Text.of({}), Coded(b"", checks), b"", False)
        idea = WrongProgram("doubled", Text.of({"en": "It is doubled."}), (), b"def f(): return 2\n", "doubled.py")
        return known_of(
            AnswerKey(exercise, b"def f(): return 1\n", "solution.py", b"seed", b"seed", "", (idea,) if wrong else ())
        )

    return known


def judged(known: Known, run: Recorded, diagnose: bool = True, ours: bool = False) -> Judged:
    return driven(judging(known, PROGRAM, diagnose=diagnose, ours=ours), run)


def verdicts(judged: Judged) -> dict[str, str]:
    return {result.name: result.verdict.value for result in judged.checks}


def test_all_checks_of_a_program_and_its_reference_are_asked_for_at_once(known: Callable[..., Known]) -> None:
    run = Recorded([RIGHT, RIGHT])
    assert verdicts(judged(known(F, G), run)) == {"f": "pass", "g": "pass"}
    assert run.asked == [["ours", "together f g"]]


def test_a_reference_that_is_known_is_not_asked_for(known: Callable[..., Known]) -> None:
    held = known(F, G)
    judged(held, Recorded([RIGHT, RIGHT]))
    run = Recorded([RIGHT, RIGHT])
    judged(held, run)
    assert run.asked == [["together f g"]]


def test_what_is_wrong_at_the_first_run_of_the_child_is_certain(known: Callable[..., Known]) -> None:
    run = Recorded([WRONG, RIGHT])
    assert verdicts(judged(known(F, G), run, diagnose=False)) == {"f": "fail", "g": "pass"}
    assert run.asked == [["ours", "together f g"]]


def test_what_is_wrong_after_another_run_is_asked_for_alone(known: Callable[..., Known]) -> None:
    run = Recorded([RIGHT, WRONG], alone={"g": RIGHT})
    assert verdicts(judged(known(F, G), run, diagnose=False)) == {"f": "pass", "g": "pass"}
    assert run.asked[1:] == [["alone g"]]


def test_where_another_program_may_have_been_in_the_child_nothing_wrong_is_certain(
    known: Callable[..., Known],
) -> None:
    held = known(F, G)
    judged(held, Recorded([RIGHT, RIGHT]))
    run = Recorded([], alone={"f": RIGHT, "g": RIGHT})
    assert verdicts(judged(held, run, diagnose=False, ours=True)) == {"f": "pass", "g": "pass"}
    assert run.asked == [["ours"], ["alone f", "alone g"]]


def test_a_child_that_was_stopped_at_once_is_certain_and_what_follows_is_asked_for_together(
    known: Callable[..., Known],
) -> None:
    run = Recorded([STOPPED], alone={"f": RIGHT, "g": RIGHT})
    found = judged(known(WHOLE, F, G), run, diagnose=False)
    assert verdicts(found) == {"w": "error", "f": "pass", "g": "pass"}
    assert run.asked[1:] == [["alone f", "alone g"]]


def test_a_box_that_runs_nothing_together_is_asked_for_all_alone(known: Callable[..., Known]) -> None:
    run = Recorded([], alone={"f": RIGHT, "g": WRONG})
    assert verdicts(judged(known(F, G), run, diagnose=False)) == {"f": "pass", "g": "fail"}
    assert run.asked[1:] == [["alone f", "alone g"]]


def test_what_needs_a_check_waits_for_it(known: Callable[..., Known]) -> None:
    run = Recorded([RIGHT, WRONG, WRONG], alone={"g": RIGHT, "h": RIGHT})
    assert verdicts(judged(known(F, G, H), run, diagnose=False)) == dict.fromkeys("fgh", "pass")
    assert run.asked[1:] == [["alone g"], ["alone h"]]


def test_what_needs_a_check_that_did_not_pass_is_not_asked_for(known: Callable[..., Known]) -> None:
    run = Recorded([RIGHT, WRONG, WRONG], alone={"g": WRONG})
    assert verdicts(judged(known(F, G, H), run, diagnose=False)) == {"f": "pass", "g": "fail", "h": "skipped"}
    assert run.asked[1:] == [["alone g"]]


def test_what_needs_a_check_that_is_void_is_void(known: Callable[..., Known]) -> None:
    run = Recorded([RIGHT, FAULT_OF_OURS], alone={"g": FAULT_OF_OURS})
    assert verdicts(judged(known(F, G, H), run)) == {"f": "pass", "g": "void", "h": "void"}


def test_wrong_programs_are_asked_for_at_the_end_for_all_checks_that_did_not_pass(
    known: Callable[..., Known],
) -> None:
    run = Recorded([WRONG, WRONG], alone={"g": WRONG})
    found = judged(known(F, G, wrong=True), run)
    assert run.asked[1:] == [["alone g"], ["ours", "ours"]]
    assert [[named.name for named in check.causes] for check in found.checks] == [["doubled"]] * 2


def test_wrong_programs_are_not_asked_for_where_nothing_is_to_be_named(known: Callable[..., Known]) -> None:
    run = Recorded([WRONG, RIGHT])
    found = judged(known(F, G, wrong=True), run, diagnose=False)
    assert run.asked == [["ours", "together f g"]] and found.checks[0].causes == ()


def test_wrong_programs_are_not_asked_for_by_a_right_program(known: Callable[..., Known]) -> None:
    run = Recorded([RIGHT, RIGHT])
    judged(known(F, G, wrong=True), run)
    assert run.asked == [["ours", "together f g"]]


def test_what_an_impatient_driver_may_begin_is_what_is_asked_for_next(known: Callable[..., Known]) -> None:
    steps = judging(known(F, G, H), PROGRAM)
    (first,) = [need for need in next(steps) if isinstance(need, Together)]
    steps.close()
    assert [asks(job) for alone in first.otherwise for job in alone.jobs] == ["f", "g"]


def test_a_program_that_cannot_be_read_asks_for_nothing(known: Callable[..., Known]) -> None:
    run = Recorded([])
    broken = driven(judging(known(F, G), Source("def f(:\n", "9.1.py")), run)
    assert set(verdicts(broken).values()) == {"error"} and run.asked == [] and not broken.ran


def test_a_reference_that_the_box_cannot_give_is_no_verdict(known: Callable[..., Known]) -> None:
    held = known(F)

    def failing(needs: Sequence[Need]) -> list[list[Run]]:
        return [[FAULT_OF_OURS] for _ in needs]

    with pytest.raises(CouldNotJudge):
        driven(judging(held, PROGRAM), failing)


def test_what_was_looked_at_says_on_which_runs_a_result_rests(known: Callable[..., Known]) -> None:
    again = gives(3.0)
    found = judged(known(F, G, H), Recorded([RIGHT, WRONG, RIGHT], alone={"g": again}), diagnose=False)
    assert {name: look.runs for name, look in found.looks.items()} == {"f": [RIGHT], "g": [again]}
    assert found.checks[2].verdict is Verdict.SKIPPED
