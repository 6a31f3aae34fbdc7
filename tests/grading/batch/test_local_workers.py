"""Workers of one machine: where they run."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: only Linux lets a process choose its cores", allow_module_level=True)

from grader.core.course.exercise import Limits
from grader.core.run.observation import ProgramJob
from grader.grading.batch.local_workers import LocalWorkers
from grader.sandbox.linux.fork import ForkBox
from grader.sandbox.linux.fork_server import ForkServer
from grader.sandbox.linux.levels import PLAIN

CORES = sorted(os.sched_getaffinity(0))
SEVERAL = pytest.mark.skipif(len(CORES) < 2, reason="NOT TESTED HERE: this machine has one core")


def seen_cores(_: object) -> list[int]:
    """What a worker does here: it says where it may run."""
    return sorted(os.sched_getaffinity(0))


def cores_of(count: int, most: int) -> list[list[int]]:
    workers = LocalWorkers(count, seen_cores)
    workers.begin("none", most)
    return [cores for _, cores in workers.judge((number, None) for number in range(4 * count))]


def test_workers_that_use_every_core_stay_on_one_each() -> None:
    found = cores_of(len(CORES), most=100)
    assert sorted({tuple(cores) for cores in found}) == [(core,) for core in CORES]


@SEVERAL
def test_fewer_workers_than_cores_run_wherever_there_is_room() -> None:
    assert cores_of(1, most=100) == [CORES] * 4


@SEVERAL
def test_workers_that_have_not_enough_to_do_run_wherever_there_is_room() -> None:
    assert all(cores == CORES for cores in cores_of(len(CORES), most=1))


@pytest.fixture
def original() -> Iterator[ForkServer]:
    fork_server = ForkServer.started([], PLAIN)
    yield fork_server
    fork_server.close()


@pytest.fixture
def on_one_core() -> Iterator[int]:
    os.sched_setaffinity(0, {CORES[-1]})
    yield CORES[-1]
    os.sched_setaffinity(0, CORES)


def test_a_copied_fork_server_and_its_children_run_where_their_worker_runs(
    original: ForkServer, on_one_core: int
) -> None:
    box = ForkBox([], PLAIN, original=original.control)
    try:
        job = ProgramJob("import os\nprint(os.sched_getaffinity(0))", "p.py", script=True, limits=Limits())
        assert box.run(job).stdout == f"{{{on_one_core}}}\n"
    finally:
        box.close()
