"""Workers of one machine: where they run, and what a task may cost them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: only Linux lets a process choose its cores", allow_module_level=True)

from repository import ROOT

from grader.core.course.checks.limits import Limits
from grader.core.program.source import Source
from grader.core.program.syntax import syntax_fault
from grader.core.run.jobs import ProgramJob
from grader.core.words.errors import CouldNotJudge
from grader.grading.batch.first_pass import TakesLong
from grader.grading.batch.host_limits import MOST_MEMORY, limited_time
from grader.grading.batch.local_workers import LocalWorkers
from grader.grading.batch.queue import Queue
from grader.grading.batch.task import SEEN, Later, Task, packed, too_costly
from grader.grading.judge.answer_key import answer_key
from grader.sandbox.linux.fork import ForkBox
from grader.sandbox.linux.fork_server import ForkServer
from grader.sandbox.linux.levels import PLAIN
from grader.store.course.course_files import find_course

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


INTERRUPTED_START = """
import os, signal, threading, time
from multiprocessing import resource_tracker, util
from grader.grading.batch.local_workers import LocalWorkers

# Whoever started the tests in the background has it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
resource_tracker.ensure_running()
start = util.spawnv_passfds

def interrupted(*arguments):
    process = start(*arguments)
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.1)
    return process

util.spawnv_passfds = interrupted
# It takes the signal that the first thread holds back.
threading.Thread(target=threading.Event().wait, daemon=True).start()
workers = LocalWorkers(1)
try:
    workers.begin("none", most=1)
except KeyboardInterrupt:
    print("interrupted")
workers.close()
"""


def test_ctrl_c_while_a_worker_starts_is_heard_when_it_has_started() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED_START], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("interrupted\n", "")


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


def spins(_: object) -> None:
    """What a worker does here: nothing but use its processor."""
    with limited_time(0.1):
        while True:
            pass


def takes_memory(size: int) -> str:
    """What a worker does here: it asks for `size` bytes."""
    try:
        return "got" if bytearray(size) else ""
    except MemoryError:
        return "refused"


def ends(_: object) -> None:
    """What a worker does here: it ends, and not because of what it was given."""
    os.kill(os.getpid(), signal.SIGKILL)


def outcomes_of(work: Callable[[Any], Any], *tasks: Any) -> list[Any]:
    workers = LocalWorkers(1, work, last=lambda task: f"{task}, at last", costly=lambda task: f"{task} was too costly")
    workers.begin("none", 1)
    return [outcome for _, outcome in workers.judge((None, task) for task in tasks)]


def test_a_task_that_uses_up_the_time_of_two_workers_is_given_up_and_named() -> None:
    assert outcomes_of(spins, "it") == ["it, at last was too costly"]


def test_a_worker_that_was_ended_otherwise_is_our_own_fault() -> None:
    (outcome,) = outcomes_of(ends, "it")
    assert isinstance(outcome, CouldNotJudge)


def test_a_worker_takes_no_more_memory_than_it_may() -> None:
    assert outcomes_of(takes_memory, MOST_MEMORY // 4, 2 * MOST_MEMORY) == ["got", "refused"]


def test_the_box_of_a_worker_has_limits_of_its_own_and_not_the_workers() -> None:
    job = ProgramJob("b = bytearray(900 * 2**20)\nprint(len(b))", "p.py", script=True, limits=Limits(memory=2**31))
    assert outcomes_of(printed, job) == [f"{900 * 2**20}\n"]


FILLED: list[bytearray] = []


def judges_though_others_filled_it(task: str) -> str:
    """What a worker does here: others left it little memory, unless it is new, and an honest task needs more."""
    if not task.endswith("at last"):
        FILLED.extend(bytearray(MOST_MEMORY // 32) for _ in range(len(FILLED), 30))
    if task.startswith("hostile"):
        return task
    if task.startswith("too large"):
        bytearray(MOST_MEMORY * 2)
    # What a parser says that has no memory is what it says of a program that is nested too deeply.
    return task if syntax_fault(Source("x\n" * 50_000, "honest.py")) is None else "refused"


def test_a_task_for_which_earlier_ones_left_no_memory_is_done_by_a_new_worker_and_one_that_takes_all_is_named() -> None:
    tasks = [*(f"hostile {number}" for number in range(8)), "honest", "too large"]
    last, costly = "{}, at last".format, "{}: too costly".format
    workers = LocalWorkers(2, judges_though_others_filled_it, last=last, costly=costly)
    outcomes = [outcome for _, outcome in workers.judge((None, task) for task in tasks)]
    assert sorted(outcomes) == sorted([*tasks[:-2], "honest, at last", "too large, at last: too costly"])


def printed(job: ProgramJob) -> str:
    """What a worker does here: it runs a job in a box that it starts."""
    box = ForkBox([], PLAIN)
    try:
        bytearray(MOST_MEMORY // 2)
        return box.run(job).stdout
    finally:
        box.close()


def test_a_submission_that_is_too_costly_is_told_so_in_every_check() -> None:
    course = find_course(ROOT)
    task = Task(packed(answer_key(course, course.exercise("4.5"), b"")), b"x = 1\n", "4.5.py", "none", True)
    report = too_costly(task)
    assert isinstance(report, dict)
    said = {check["name"]: (check["verdict"], check["findings"][0]["kind"]) for check in report["checks"]}
    assert said == dict.fromkeys(("forward", "loss", "loop"), ("error", "too-costly"))
    # For a page there is nothing more to see; without that it would be judged again whenever somebody asks.
    assert SEEN not in report and too_costly(replace(task, seen=True)) == report | {SEEN: {}}


def takes_long(task: str) -> str | TakesLong:
    """What a worker does here: one kind of task takes long, until it is its turn at last."""
    return TakesLong() if task.startswith("long") and not task.endswith("at last") else task


def test_what_takes_long_is_done_when_all_else_is_done() -> None:
    tasks = ["long 1", "a", "long 2", *"bcdefgh"]
    assert outcomes_of(takes_long, *tasks) == [*"abcdefgh", "long 1, at last", "long 2, at last"]


def test_nothing_waits_behind_what_takes_long() -> None:
    queue = Queue([("label", "long"), ("label", "short")], last=lambda task: f"{task}, at last", costly=str)
    number, other = queue.next(idle=True), queue.next(idle=False)
    assert number is not None and other is not None
    assert list(queue.settled(number, TakesLong())) == []
    assert queue.next(idle=False) is None
    assert queue.next(idle=True) == number and queue.task(number) == "long, at last"
    queue.take_back([other])
    assert queue.next(idle=False) is None
    assert queue.next(idle=True) == other


def is_put_off(task: str) -> str | Later:
    """What a worker does here: one kind of task is always put off."""
    return Later({"task": f"{task} at last"}) if task.startswith("slow") else task


def test_what_the_machine_was_too_busy_for_is_done_again_when_all_else_is_done() -> None:
    tasks = ["slow 1", "a", "slow 2", *"bcdefgh"]
    assert outcomes_of(is_put_off, *tasks) == [*"abcdefgh", {"task": "slow 1 at last"}, {"task": "slow 2 at last"}]
