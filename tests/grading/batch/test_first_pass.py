"""The first pass over a class: who takes long waits until all others are done, and gets what he would have got."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from grading import BY_HAND
from repository import EVERYTHING, ROOT

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: boxes that are forked are Linux's", allow_module_level=True)

from grader.core.course.checks.limits import Limits
from grader.core.run.jobs import AuthorTestsJob, Job, ProgramJob
from grader.core.run.observation import Run, RunStatus, Stop, Usage
from grader.grading.batch.first_pass import FirstPass, TakesLong
from grader.grading.batch.local_workers import LocalWorkers
from grader.grading.batch.task import Later, Task, in_the_end, judge_or_put_off, packed
from grader.grading.judge.answer_key import AnswerKey, answer_key
from grader.sandbox.linux.fork import ForkBox
from grader.sandbox.linux.levels import PLAIN
from grader.store.course.course_files import find_course

# To wait takes of a program's own time what to compute does, and nothing of the machine's.
ENDLESS = "import time\nwhile True: time.sleep(0.01)\n"
RIGHT, WRONG = BY_HAND["right"], BY_HAND["uphill"]


@pytest.fixture(scope="module")
def box() -> Iterator[ForkBox]:
    box = ForkBox([], PLAIN)
    yield box
    box.close()


def job(source: str, **fields: object) -> ProgramJob:
    return replace(ProgramJob(source, "p.py", script=True, limits=Limits(wall=20.0, cpu=20.0)), **fields)  # type: ignore[arg-type]


def taking(seconds: float) -> str:
    return f"import time\ntime.sleep({seconds})\n"


def test_a_program_is_stopped_at_the_end_of_its_patience_and_told_apart_from_one_at_its_limit(box: ForkBox) -> None:
    seen = box.run(job("while True: pass\n", patience=0.3))
    assert (seen.status, seen.stop) == (RunStatus.TIMED_OUT, Stop.PATIENCE)
    assert 0.25 < seen.usage.own < 2.0
    assert box.run(job(ENDLESS, patience=0.3, limits=Limits(wall=0.2))).stop is Stop.WALL


def test_threads_that_run_beside_each_other_use_up_patience_together(box: ForkBox) -> None:
    source = "import threading\nfor _ in range(2): threading.Thread(target=lambda: sum(iter(int, 1))).start()\n"
    assert box.run(job(source, patience=0.3)).stop is Stop.PATIENCE


def test_the_jobs_of_one_child_share_their_patience(box: ForkBox) -> None:
    runs = box.run_together([job(taking(0.4), patience=1.0) for _ in range(4)])
    assert [run.stop for run in runs] == [None, None, Stop.PATIENCE]


class Scripted:
    """A box whose runs take so long as their sources say."""

    isolation = "none"

    def __init__(self) -> None:
        self.patience: list[float] = []

    def start(self) -> None: ...

    def close(self) -> None: ...

    def run(self, job: Job) -> Run:
        assert isinstance(job, ProgramJob | AuthorTestsJob)
        self.patience.append(job.patience)
        seconds = float(job.source)
        stopped = seconds > job.patience
        return Run(
            RunStatus.TIMED_OUT if stopped else RunStatus.COMPLETED,
            Stop.PATIENCE if stopped else None,
            usage=Usage(own=min(seconds, job.patience)),
        )

    def run_together(self, jobs: Sequence[Job]) -> list[Run]:
        return [self.run(job) for job in jobs]


def test_the_runs_of_a_submission_share_a_second() -> None:
    box = FirstPass(Scripted(), lambda: 0.0)
    for _ in range(3):
        box.run(job("0.3"))
    with pytest.raises(TakesLong):
        box.run(job("0.3"))


def test_where_the_solution_takes_long_a_submission_may_take_three_times_as_long() -> None:
    inner = Scripted()
    FirstPass(inner, lambda: 2.0).run(job("5.9"))
    assert inner.patience == [6.0]


def test_what_the_solution_was_just_seen_to_take_counts_and_costs_a_submission_nothing() -> None:
    inner = Scripted()
    box = FirstPass(inner, lambda: 0.0)
    box.run_together([job("3.0", trusted=True)])
    box.run(job("8.0"))
    assert inner.patience == [float("inf"), 9.0]


@pytest.fixture(scope="module")
def key() -> AnswerKey:
    course = find_course(ROOT)
    key = answer_key(course, course.exercise("4.6"), b"sumalak")
    work = key.exercise.work
    # Nobody has to wait for the limit of the lecture. Of two equal limits either can be passed first, and is told.
    checks = tuple(replace(check, limits=replace(check.limits, wall=1.5, cpu=20.0)) for check in work.checks)  # type: ignore[union-attr]
    exercise = replace(key.exercise, work=replace(work, checks=checks))  # type: ignore[arg-type]
    # No two programs get other names here, and to observe all wrong ones at these limits takes ten seconds.
    return replace(key, exercise=exercise, wrong=key.wrong[:3])


def judged(key: AnswerKey, programs: Sequence[str], first: bool = True) -> list[tuple[str, dict[str, object]]]:
    tasks = [(each, Task(packed(key), each.encode(), "4.6.py", "none", False, first)) for each in programs]
    workers = LocalWorkers(2)
    workers.begin("none", len(tasks))
    return list(workers.judge(tasks))


def test_what_takes_long_is_done_last_and_verdicts_are_the_same_in_any_order(key: AnswerKey) -> None:
    honest = [f"# {number}\n{text}" for number in range(4 if EVERYTHING else 2) for text in (RIGHT, WRONG)]
    endless = [f"# {number}\n{RIGHT}\n{ENDLESS}" for number in range(2 if EVERYTHING else 1)]
    # More than three times what the solution takes, also on a slow machine.
    half = f"{RIGHT}\n{taking(1.0)}"
    programs = [*endless, half, *honest]
    as_given = dict(judged(key, programs, first=False))
    shuffled = random.Random(3).sample(programs, len(programs))
    # Those that take long come first, which is worst for the others.
    for order in (programs, shuffled) if EVERYTHING else (programs,):
        found = judged(key, order)
        assert dict(found) == as_given
        assert {program for program, _ in found[: len(honest)]} == set(honest)
    assert {check["verdict"] for check in as_given[half]["checks"]} == {"pass"}  # type: ignore[attr-defined]
    assert as_given[endless[0]]["score"] != as_given[half]["score"]


def test_a_task_that_takes_long_says_so_at_first_and_is_judged_in_the_end(key: AnswerKey) -> None:
    task = Task(packed(key), f"{RIGHT}\n{ENDLESS}".encode(), "4.6.py", "none", False, first=True)
    assert isinstance(judge_or_put_off(task), TakesLong)
    assert isinstance(judge_or_put_off(in_the_end(task)), dict | Later)
