"""Jobs that ask for the same run share it, and each gets its own part back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from repository import ROOT

from grader.core.course.checks.call import Call
from grader.core.course.checks.limits import Limits
from grader.core.course.draws.draw import Array
from grader.core.course.exercise import Coded
from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import Called, Run, RunStatus
from grader.core.run.plan import joined, program_jobs
from grader.core.run.preloads import slow_imports, torch_imports
from grader.core.run.probe import Input, Probe
from grader.store.course.course_files import find_course

DATA = Input("xs", Array((1,), (1.5,)))
OTHER = Input("xs", Array((1,), (2.5,)))


def probe(name: str) -> Probe:
    return Probe(Call(name, ()), (), (), (), b"", 0)


def script(**about: object) -> ProgramJob:
    return ProgramJob("x = 1\n", "4.5.py", **{"script": True, "given": (DATA,), **about})  # type: ignore[arg-type]


def answered(job: ProgramJob) -> Run:
    """A run in which each call found no function; the name says which call it was."""
    return Run(RunStatus.COMPLETED, called=tuple(Called(missing=each.call.function) for each in job.probes))


def test_runs_on_the_same_numbers_are_one_that_records_and_reads_all_that_is_asked() -> None:
    jobs = [script(trace=True, finals=("w",)), script(finals=("w", "b")), script()]
    assert joined(jobs).jobs == (script(trace=True, finals=("w", "b")),)


def test_a_run_after_which_something_is_called_is_nobody_elses() -> None:
    jobs = [script(), script(probes=(probe("forward"),)), script(probes=(probe("loss"),))]
    assert joined(jobs).jobs == tuple(jobs)


def test_runs_on_other_numbers_or_under_other_limits_stay_apart() -> None:
    jobs = [
        script(),
        script(given=(OTHER,)),
        script(limits=Limits(wall=1.0)),
        script(dtype="float64"),
        script(stores="w"),
    ]
    assert joined(jobs).jobs == tuple(jobs)


def test_definitions_are_loaded_for_each_check_that_calls_them() -> None:
    jobs = [script(script=False, given=(), probes=(probe(name),)) for name in ("forward", "loss")]
    assert joined(jobs).jobs == tuple(jobs)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([DATA, OTHER]), st.lists(st.sampled_from("abc"), max_size=3))))
def test_every_job_gets_the_answers_to_its_own_calls(asked: list[tuple[bool, Input, list[str]]]) -> None:
    jobs = [script(script=whole, given=(numbers,), probes=tuple(map(probe, calls))) for whole, numbers, calls in asked]
    shared = joined(jobs)
    runs = shared.apart([answered(job) for job in shared.jobs])
    assert runs == [answered(job) for job in jobs]


def test_checks_of_one_child_have_hidden_vectors_of_their_own() -> None:
    work = find_course(ROOT).exercise("4.5").work
    assert isinstance(work, Coded)
    jobs = [program_jobs(check, "", "4.5.py", bytes(32), work) for check in work.checks]
    probes = [[each for job in of_check for each in job.probes if each.gradients] for of_check in jobs]
    by_check = [{(each.seed, each.index) for each in of_check} for of_check in probes if of_check]
    assert len(by_check) == 2 and not by_check[0] & by_check[1]


def test_a_job_whose_run_never_came_has_none() -> None:
    jobs = [script(), script(given=(OTHER,)), script(finals=("w",))]
    first, second, third = joined(jobs).apart([Run(RunStatus.COMPLETED)])
    assert first == third == Run(RunStatus.COMPLETED) and second is None


def test_only_what_nothing_ran_before_comes_first() -> None:
    jobs = [script(), script(trace=True), script(probes=(probe("b"),)), script(given=(OTHER,))]
    assert [joined(jobs).comes_first(place) for place in range(4)] == [True, True, False, False]


@pytest.mark.parametrize(
    ("source", "modules"),
    [
        ("import seaborn as sns", ["matplotlib.pyplot", "pandas"]),
        ("from sklearn.metrics import ConfusionMatrixDisplay", ["matplotlib.pyplot"]),
        ("frame.plot()", ["matplotlib.pyplot"]),
        ("x = 1", []),
    ],
)
def test_what_draws_by_way_of_matplotlib_has_it_imported_beforehand(source: str, modules: list[str]) -> None:
    assert slow_imports(source) == modules


@pytest.mark.parametrize(
    ("source", "modules"),
    [
        ("from torch import optim", ["torch", "torch.optim"]),
        ("import torch", ["torch"]),
        ("# optimal\nx = 1", []),
    ],
)
def test_optimizers_are_imported_beforehand_where_a_program_speaks_of_torch(source: str, modules: list[str]) -> None:
    assert torch_imports(source) == modules
