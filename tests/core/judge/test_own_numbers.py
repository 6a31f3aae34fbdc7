"""A training that goes by numbers of its own is told so, and nothing of its loss or its epochs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grader.core.compare.kinds.output import CompareOutput
from grader.core.compare.kinds.stores import CompareStores
from grader.core.course.checks.given import Given
from grader.core.course.draws.draw import Array
from grader.core.course.draws.uniform import Uniform
from grader.core.course.exercise import Check, Coded
from grader.core.diagnose.diagnose import AnswerSide
from grader.core.judge.judge import judge_case
from grader.core.judge.reference import reference_of
from grader.core.judge.shows import with_diagnosis, with_evidence
from grader.core.program.source import Source
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import Ran, Run, RunStatus

SEED = bytes(32)
OURS = [2.0, 3.0, 5.0]
LOOP = Check(
    "loop",
    4,
    (CompareStores("w"),),
    script=True,
    given={"x": Given(Uniform(0.5, 3)), "y": Given(Uniform(0.5, 3))},
    examples=({"x": Array((), (1.0,))},),
    repeat=2,
)
READS_BOTH = Source("for a, b in zip(x, y):\n    w = a * b\n", "prog.py")
READS_X = Source("y = [2 * a for a in x]\nprint(x, len(y))\nassert y\nfor a in x:\n    w = a\n", "prog.py")


def trained(*stores: float, printed: str = "") -> Run:
    ran = Ran(None, (), {}, None, np.array(stores), {})
    return Run(RunStatus.COMPLETED, ran=ran, stdout=printed)


def judged(runs: list[Run], source: Source = READS_BOTH, check: Check = LOOP) -> CheckResult:
    """Judge a run for each probe; the solution's parameter goes through the numbers of `OURS`, times the probe's."""
    solution = [trained(*(number * (i + 1) for number in OURS), printed=f"{i}.5 7") for i in range(3)]
    reference = reference_of(check, source, SEED, solution, solution)
    result, case = judge_case(check, Coded(b"", ()), source, SEED, runs, reference)
    assert case is not None
    result, departure = with_evidence(result, case)
    return with_diagnosis(result, case, departure, AnswerSide(source, ()))


def told(result: CheckResult) -> list[tuple[str, object]]:
    return [(found.kind, found.fields.get("names")) for found in result.findings]


def test_what_is_right_for_the_first_numbers_at_all_probes_goes_by_its_own() -> None:
    result = judged([trained(*OURS)] * 3)
    assert result.verdict is Verdict.FAIL
    assert told(result) == [("data-not-read", ("x", "y"))]
    assert not result.evidence and not result.causes


def test_what_trains_the_same_at_all_probes_is_told_nothing_of_its_epochs() -> None:
    assert told(judged([trained(*OURS, 7.0, 8.0)] * 3)) == [("data-not-read", ("x", "y"))]


def test_a_name_that_only_the_data_are_made_of_is_named() -> None:
    runs = [trained(2.0, 3.0, 5.0), trained(4.0, 9.0, 11.0), trained(6.0, 8.0, 12.0)]
    assert told(judged(runs, READS_X)) == [("data-not-read", ("y",))]


def test_what_reads_all_names_and_goes_wrong_is_told_where() -> None:
    runs = [trained(2.0, 3.0, 5.0), trained(4.0, 9.0, 11.0), trained(6.0, 8.0, 12.0)]
    assert told(judged(runs))[0][0] == "store"


def test_a_program_that_does_not_train_is_told_that() -> None:
    assert told(judged([trained()] * 3))[0][0] == "no-stores"


def test_what_is_right_passes_whatever_its_text_shows() -> None:
    runs = [trained(*(number * (i + 1) for number in OURS)) for i in range(3)]
    assert judged(runs, READS_X).verdict is Verdict.PASS


def test_a_table_that_is_printed_whatever_is_given_goes_by_its_own_numbers() -> None:
    check = replace(LOOP, compare=(CompareOutput(),))
    assert told(judged([trained(printed="0.5 7")] * 3, check=check)) == [("data-not-read", ("x", "y"))]


def test_where_a_parameter_alone_is_given_no_data_are_missed() -> None:
    check = replace(LOOP, given={"w": Given(Uniform(0.5, 3), parameter=True)}, examples=(), repeat=3)
    assert told(judged([trained(*OURS, 7.0)] * 3, check=check))[0][0] != "data-not-read"


def test_a_training_without_numbers_is_not_one_that_goes_by_its_own() -> None:
    assert told(judged([trained(float("nan"), float("nan"))] * 3))[0][0] == "store"
