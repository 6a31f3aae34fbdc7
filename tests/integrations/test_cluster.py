"""A class is graded on a real Dask cluster: a scheduler and two workers, each a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from grading import BY_HAND, Class
from repository import ROOT, copy_course

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: a class is graded in a locked box, and only Linux has one", allow_module_level=True)

from grader.core.words.errors import CouldNotJudge
from grader.grading.batch.first_pass import TakesLong
from grader.grading.batch.task import Task
from grader.integrations.cluster import ClusterWorkers
from grader.sandbox.choose import try_level

PROGRAMS = 16


@dataclass(frozen=True)
class Cluster:
    """A scheduler with its address, and its two workers."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Start what a university starts on its nodes, without the nanny that would bring a killed worker back."""
    folder = tmp_path_factory.mktemp("cluster")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("COURSE_SECRET", None)

    def dask(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:], "--no-dashboard"]
        with (folder / "log").open("ab") as log:
            return subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)

    scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", "scheduler.json")
    started = [scheduler]
    try:
        one = ("--nthreads", "1", "--no-nanny", "--scheduler-file", "scheduler.json", "--host", "127.0.0.1")
        workers = [dask("worker", *one) for _ in range(2)]
        started += workers
        yield Cluster(_address(folder, started), scheduler, workers)
    finally:
        for process in started:
            process.kill()
        for process in started:
            process.wait()


def _address(folder: Path, started: list[subprocess.Popen[bytes]]) -> str:
    """Wait until both workers are there, and return the scheduler's address."""
    from distributed import Client

    file = folder / "scheduler.json"
    while not file.exists():
        assert all(process.poll() is None for process in started), (folder / "log").read_text()
        time.sleep(0.05)
    with Client(scheduler_file=str(file), set_as_default=False) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(2, timeout=60)
        return str(client.scheduler.address)


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Class:
    trial = try_level("full")
    if not trial.holds:
        pytest.skip(f"NOT TESTED HERE: this machine cannot lock a box: {trial.why}. {trial.mend}")
    group = Class(copy_course(tmp_path_factory.mktemp("group") / "course"))
    for number in range(PROGRAMS):
        program = BY_HAND["uphill" if number % 3 else "right"]
        group.hand_in(f"s{number:02d}", "4.6.py", f"# {number}\n{program}")
    for number in range(4):
        group.hand_in(f"s{number:02d}", "4.1.yaml", f"dloss_dw: {-8 if number % 2 else 4}  # {number}\n")
    return group


@pytest.fixture(scope="module")
def local(group: Class) -> bytes:
    """Return the reports of this machine's own workers."""
    assert group.grade("-j", "2", "--json", "local.json").counted == (PROGRAMS + 4, 0, 0)
    return (group.course / "local.json").read_bytes()


def book(group: Class, name: str) -> str:
    return f"sqlite:///{group.course / name}"


def test_the_reports_of_a_cluster_are_those_of_this_machine_byte_for_byte(
    group: Class, local: bytes, cluster: Cluster
) -> None:
    arguments = ("--cluster", cluster.address, "--json", "cluster.json")
    ended = group.grade(*arguments, COURSE_GRADEBOOK=book(group, "cluster.db"))
    assert ended.counted == (PROGRAMS + 4, 0, 0)
    assert (group.course / "cluster.json").read_bytes() == local


def test_a_cluster_and_a_number_of_workers_exclude_each_other(group: Class) -> None:
    ended = group.grade("-j", "2", "--cluster", "tcp://127.0.0.1:1", code=2)
    assert ended.err == "Error: -j cannot be combined with --cluster\n"


@pytest.mark.parametrize("address", ["", "scheduler", "tcp://10.0.0.1", "nonsense://x"])
def test_what_is_no_address_is_told_at_once(group: Class, address: str) -> None:
    ended = group.grade("--cluster", address, code=2, COURSE_GRADEBOOK=book(group, "none.db"))
    shown = address or '""'
    assert ended.err == f"Error: {shown} is not a scheduler's address; write it as tcp://10.0.0.1:8786\n"


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://x:1"])
def test_where_no_scheduler_is_nothing_is_judged_and_a_sentence_says_so(group: Class, address: str) -> None:
    arguments = ("--cluster", address)
    ended = group.grade(*arguments, code=4, COURSE_GRADEBOOK=book(group, "none.db"))
    assert ended.err.splitlines()[-1].startswith(f"This could not be judged: there is no Dask scheduler at {address}: ")
    assert "Traceback" not in ended.err


def test_what_takes_long_or_lacks_memory_waits_until_all_others_are_judged(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judged(task: Task) -> dict[str, object] | TakesLong:
        """What the real cluster's workers do here: it is about when, and not about what."""
        if task.content == b"insatiable" or (task.first and task.content == b"hungry"):
            raise MemoryError
        return TakesLong() if task.first and task.content == b"slow" else {"first": task.first}

    monkeypatch.setattr("grader.integrations.cluster.judge_or_put_off", judged)
    # More honest ones than are on their way at any time.
    kinds = ["slow", "hungry", "insatiable", *["honest"] * 20]
    tasks = [(kind, Task(b"", kind.encode(), "4.5.py", "full", False, first=True)) for kind in kinds]
    found = list(ClusterWorkers(cluster.address).judge(tasks))
    assert found[:20] == [("honest", {"first": True})] * 20
    last = dict(found[20:])
    # Nobody knows who took the memory of workers that others use, too.
    assert isinstance(last.pop("insatiable"), CouldNotJudge)
    assert last == {"hungry": {"first": False}, "slow": {"first": False}}


def test_whoever_follows_is_given_what_comes_later_and_what_takes_long_when_nothing_else_waits(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judged(task: Task) -> dict[str, object] | TakesLong:
        return TakesLong() if task.first and task.content == b"slow" else {"first": task.first}

    monkeypatch.setattr("grader.integrations.cluster.judge_or_put_off", judged)
    coming = [("slow", _task(b"slow")), ("honest", _task(b"honest"))]
    found: list[tuple[str, object]] = []
    for label, outcome in ClusterWorkers(cluster.address).follow(_Coming(coming), lambda: len(found) < 3):
        found.append((label, outcome))
        if len(found) == 2:
            coming.append(("late", _task(b"late")))
    assert found == [("honest", {"first": True}), ("slow", {"first": False}), ("late", {"first": True})]


def _task(content: bytes) -> Task:
    return Task(b"", content, "4.5.py", "full", False, first=True)


class _Coming(Iterator[tuple[str, Task]]):
    """What waits now; more may come."""

    def __init__(self, coming: list[tuple[str, Task]]) -> None:
        self._coming = coming

    def __next__(self) -> tuple[str, Task]:
        if not self._coming:
            raise StopIteration
        return self._coming.pop(0)


def test_a_worker_that_is_killed_loses_nothing(group: Class, local: bytes, cluster: Cluster) -> None:
    name = "killed.db"
    arguments = ("grade", "class", "--cluster", cluster.address, "--json", "killed.json")
    process = group.start(*arguments, COURSE_GRADEBOOK=book(group, name))
    while group.recorded(name)[1] < 6:
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    family = psutil.Process(cluster.workers[0].pid).children(recursive=True)
    cluster.workers[0].kill()
    cluster.workers[0].wait()
    out, err = process.communicate()
    assert process.returncode == 0, (out, err)
    assert (group.course / "killed.json").read_bytes() == local
    # Its box ends with it.
    assert psutil.wait_procs(family, timeout=30)[1] == []


def test_where_the_scheduler_goes_away_nothing_that_is_on_its_way_gets_an_outcome(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def waits(_task: Task) -> None:
        time.sleep(60)

    monkeypatch.setattr("grader.integrations.cluster.judge_or_put_off", waits)
    started = time.monotonic()

    def goes_on() -> bool:
        if time.monotonic() - started > 1:
            cluster.scheduler.kill()
        return True

    # The last test here: the others need it.
    with pytest.raises(CouldNotJudge, match="is gone"):
        list(ClusterWorkers(cluster.address).follow(_Coming([("one", _task(b"one"))]), goes_on))
