"""A broken rule fails a check before any number counts, and is told by its place and its name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.core.compare.kinds.final import CompareFinal
from grader.core.compare.kinds.value import CompareValue
from grader.core.course.checks.author_tests import AuthorTest, Tested
from grader.core.course.checks.rules import Rules
from grader.core.course.exercise import Call, Check, Coded
from grader.core.judge.decision import Decision
from grader.core.judge.hidden_tests import told_of_hidden
from grader.core.judge.rules import broken_at, broken_beside_tests, tells_of_rule
from grader.core.program.source import Source
from grader.core.report.report import Verdict
from grader.core.run.author_tests import AuthorTestsRun, Case, Outcome
from grader.core.run.observation import Called, Raised, Ran, Run, RunStatus
from grader.core.run.plan import program_jobs

SOURCE = Source("def f(x):\n    return tools[name](x)\n", "prog.py")
CALL = Check("call", 1, (CompareValue(),), calls=(Call("f", ()),))
SCRIPT = Check("script", 1, (CompareFinal("f"),), script=True)
WORK = Coded(b"", (CALL,), rules=Rules(without=("torch.max", "loops")))


def raising(message: str, kind: str = "RuleBroken") -> Run:
    return Run(RunStatus.COMPLETED, called=(Called(raised=Raised(kind, message, 2)),))


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("torch.max", ("rule-without", "torch.max")),
        ("loops", ("rule-loops", "")),
        ("exec", ("rule-unreadable", "exec")),
        ("a lie of the program's own", ("rule-unreadable", "a lie of the program's own")),
        ("x" * 5000, ("rule-unreadable", "x" * 40)),
    ],
)
def test_a_call_that_the_box_refused_is_told_by_the_rule_and_the_line(message: str, told: tuple[str, str]) -> None:
    (found,) = broken_at(CALL, WORK, SOURCE, [raising(message)])
    assert (found.kind, found.text("name"), found.line) == (*told, 2)
    assert tells_of_rule(found)


def test_in_a_whole_run_too() -> None:
    run = Run(RunStatus.COMPLETED, ran=Ran(Raised("RuleBroken", "torch.max", 1), (), {}, None, None, {}))
    (found,) = broken_at(SCRIPT, WORK, SOURCE, [run])
    assert (found.kind, found.line) == ("rule-without", 1)


def test_other_exceptions_and_exercises_without_rules_are_left_alone() -> None:
    assert broken_at(CALL, WORK, SOURCE, [raising("torch.max", "RuntimeError")]) == ()
    assert broken_at(CALL, replace(WORK, rules=Rules()), SOURCE, [raising("torch.max")]) == ()


def test_a_rule_of_a_check_is_added_to_the_exercises_and_holds_there_only() -> None:
    source = Source("def f(x):\n    if x:\n        return x\n", "prog.py")
    own = replace(CALL, rules=Rules(without=("branches",)))
    assert [each.kind for each in broken_at(own, WORK, source, [])] == ["rule-branches"]
    assert broken_at(CALL, WORK, source, []) == ()


def test_the_box_is_told_names_and_our_own_programs_are_held_to_nothing() -> None:
    (job,) = program_jobs(CALL, "", "prog.py", bytes(32), WORK)
    (ours,) = program_jobs(CALL, "", "solution.py", bytes(32), WORK, ours=True)
    assert ("torch.max", "torch.max") in job.without and ("builtins.map", "loops") in job.without
    assert ours.without == ()


TEST = AuthorTest("mean", 2, ("test_hidden.py::test_mean",))
TESTED = Tested(b"", (TEST,), (), rules=Rules(without=("loops",)))
LOOP = Source("def mean(x):\n    for i in x:\n        pass\n", "prog.py")


def test_beside_tests_what_the_box_refused_is_told_by_the_case() -> None:
    case = Case("test_mean", Outcome.RAISED, type_name="RuleBroken", text="loops", line=2)
    run = Run(RunStatus.COMPLETED, author_tests=AuthorTestsRun(names=("test_mean",), cases=(case,)))
    (found,) = broken_beside_tests(TEST, TESTED, SOURCE, run)
    assert (found.kind, found.line) == ("rule-loops", 2)


def test_where_the_tests_are_hidden_the_source_still_tells_it() -> None:
    result = told_of_hidden(TEST, TESTED, LOOP, (Decision.NOT_PASSED, 0.0), Run(RunStatus.COMPLETED))
    assert (result.verdict, [each.kind for each in result.findings]) == (Verdict.FAIL, ["rule-loops"])
