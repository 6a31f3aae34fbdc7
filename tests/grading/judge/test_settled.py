"""An exception after all that a check compares costs nothing and is told; any other costs what it did before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader.core.compare.kinds.final import CompareFinal
from grader.core.compare.kinds.stores import CompareStores
from grader.core.course.exercise import Check, Coded, Exercise
from grader.core.findings.telling import told
from grader.core.program.source import Source
from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import Raised, Ran, Run, RunStatus, Stop, Value
from grader.core.words.message import Text
from grader.grading.judge.answer_key import AnswerKey, Known
from grader.grading.judge.drivers import driven
from grader.grading.judge.judge import judging, known_of
from grader.grading.judge.steps import Alone, Judged, Need, Ours, Together

PROGRAM = Source("w = 1.0\nfor i in range(2):\n    w += 1\nplot(w)\n", "9.1.py")
LATE = Raised("ValueError", "x", 4, way=(4,))
WHOLE = Check("w", 1, (CompareStores("w"), CompareFinal("w")), script=True)
AGAIN = replace(WHOLE, name="again")
STORES = (1.0, 2.0, 3.0)


def run(raised: Raised | None = None, stores: Sequence[float] = STORES, final: float = 3.0) -> Run:
    finals = {"w": Value("number", "float", data=np.array(final))}
    return Run(RunStatus.COMPLETED, ran=Ran(raised, (), {}, None, np.array(stores), finals))


class Runs:
    """Answers with the runs of the program as it is, and of the program without the statement that raised.

    Attributes:
        asked: the programs that were run alone.
    """

    isolation = "none"

    def __init__(self, whole: Run, cut: Run | None = None) -> None:
        self._whole, self._cut = whole, cut
        self.asked: list[str] = []

    def __call__(self, needs: Sequence[Need]) -> list[list[Run]]:
        return [[self._run(need, job) for job in need.jobs if isinstance(job, ProgramJob)] for need in needs]

    def _run(self, need: Need, job: ProgramJob) -> Run:
        match need:
            case Ours():
                return run()
            case Together():
                return self._whole
            case Alone():
                self.asked.append(job.source)
                return self._whole if job.source == PROGRAM.text or self._cut is None else self._cut


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Known]:
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))

    def known(*checks: Check) -> Known:
        exercise = Exercise("9.1", Text.of({"en": "t"}), Text.of({}), Coded(b"", checks or (WHOLE,)), b"", False)
        return known_of(AnswerKey(exercise, b"w = 1.0\n", "solution.py", b"seed", b"seed", ""))

    return known


def judged(known: Known, runs: Runs) -> Judged:
    return driven(judging(known, PROGRAM, diagnose=False), runs)


def outcome(found: Judged) -> tuple[list[str], list[str]]:
    return [check.verdict.value for check in found.checks], [told(notice).said(str) for notice in found.notices]


NOTICE = (
    "9.1.py:4: ValueError: x\n    plot(w)\n"
    "    This happened after everything that is compared in {}, so it costs no points there."
)


def test_what_happened_after_all_that_is_compared_is_a_notice(known: Callable[..., Known]) -> None:
    runs = Runs(run(LATE), run())
    assert outcome(judged(known(), runs)) == (["pass"], [NOTICE.format("w")])
    assert runs.asked == ["w = 1.0\nfor i in range(2):\n    w += 1\n\n"]


def test_one_exception_is_told_once_for_all_checks(known: Callable[..., Known]) -> None:
    assert outcome(judged(known(WHOLE, AGAIN), Runs(run(LATE), run()))) == (
        ["pass", "pass"],
        [NOTICE.format("w, again")],
    )


def test_what_was_not_there_before_the_exception_does_not_count(known: Callable[..., Known]) -> None:
    found = judged(known(), Runs(run(LATE), run(stores=(1.0,), final=1.0)))
    assert outcome(found) == (["error"], [])
    assert found.checks[0].findings[0].kind == "raised"


def test_a_record_that_is_not_complete_is_not_run_once_more(known: Callable[..., Known]) -> None:
    runs = Runs(run(LATE, stores=(1.0, 2.0)))
    assert outcome(judged(known(), runs)) == (["error"], [])
    assert runs.asked == []


@pytest.mark.parametrize(
    "raised",
    [
        Raised("MemoryError", "", 4, way=(4,)),
        Raised("RuntimeError", "can't allocate memory: you tried to allocate 8 bytes", 4, way=(4,)),
    ],
)
def test_what_ran_into_the_limit_of_memory_is_never_settled(known: Callable[..., Known], raised: Raised) -> None:
    runs = Runs(run(raised), run())
    assert outcome(judged(known(), runs))[0] == ["error"]
    assert runs.asked == []


@pytest.mark.parametrize("stop", [Stop.WALL, Stop.CPU, Stop.OUTPUT, Stop.MEMORY])
def test_what_was_stopped_is_never_settled(known: Callable[..., Known], stop: Stop) -> None:
    status = RunStatus.OUT_OF_MEMORY if stop is Stop.MEMORY else RunStatus.TIMED_OUT
    runs = Runs(replace(run(LATE), status=status, stop=stop), run())
    assert outcome(judged(known(), runs))[0] == ["error"]
    assert all(source == PROGRAM.text for source in runs.asked)


def test_what_stops_without_its_last_statement_is_no_better(known: Callable[..., Known]) -> None:
    stopped = Run(RunStatus.TIMED_OUT, Stop.WALL)
    assert outcome(judged(known(), Runs(run(LATE), stopped)))[0] == ["error"]


def test_where_our_box_fails_then_nobody_gets_a_zero(known: Callable[..., Known]) -> None:
    broken = Run(RunStatus.SANDBOX_FAILED, Stop.SANDBOX, "no space left")
    assert outcome(judged(known(), Runs(run(LATE), broken)))[0] == ["void"]


def test_a_way_that_leads_nowhere_changes_nothing(known: Callable[..., Known]) -> None:
    runs = Runs(run(replace(LATE, way=(77,))), run())
    assert outcome(judged(known(), runs)) == (["error"], [])
    assert runs.asked == []
