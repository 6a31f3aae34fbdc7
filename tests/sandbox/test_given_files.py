"""An exercise's files are where a program works, in every box, whatever else the box keeps from it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from grader.core.course.given_files import GivenFile
from grader.core.run.jobs import FilesJob, ProgramJob
from grader.core.run.observation import Run, RunStatus
from grader.sandbox.choose import try_level
from grader.sandbox.port import Sandbox
from grader.sandbox.portable.spawn import SpawnBox

ON_LINUX = sys.platform == "linux"
if ON_LINUX:
    from grader.sandbox.linux import levels
    from grader.sandbox.linux.fork import ForkBox

MAKERS: dict[str, Callable[[], Sandbox]] = {"spawn": lambda: SpawnBox([])}
if ON_LINUX:
    MAKERS |= {name: lambda name=name: ForkBox([], getattr(levels, name)()) for name in ("plain", "full", "reduced")}
READS = """from tools.double import double
data = [double(float(line)) for line in open("data/x.csv")]
"""
JOB = ProgramJob(
    READS,
    "program.py",
    script=True,
    finals=("data",),
    files=(GivenFile("data/x.csv", b"1\n2.5\n"), GivenFile("tools/double.py", b"def double(x):\n    return 2 * x\n")),
)
OTHERS = (GivenFile("data/x.csv", b"7\n"), GivenFile("tools/double.py", b"def double(x):\n    return 20 * x\n"))


@pytest.fixture(params=MAKERS, scope="module")
def box(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    if request.param in ("full", "reduced") and not (trial := try_level(request.param)).holds:
        pytest.skip(f"NOT TESTED HERE: this machine cannot lock a box: {trial.why}. {trial.mend}")
    box = MAKERS[request.param]()
    yield box
    box.close()


@pytest.fixture(scope="module")
def any_box() -> Iterator[Sandbox]:
    """A box for what the same code does in every one."""
    box = MAKERS["plain" if ON_LINUX else "spawn"]()
    yield box
    box.close()


def data_of(run: Run) -> list[float]:
    assert run.status is RunStatus.COMPLETED, (run.detail, run.stderr)
    assert run.ran is not None and run.ran.raised is None, run.ran
    data = run.ran.finals["data"].data
    assert data is not None
    return [float(number) for number in data]


def test_a_program_reads_data_and_imports_modules(box: Sandbox) -> None:
    assert data_of(box.run(JOB)) == [2.0, 5.0]


def test_each_job_of_one_child_has_its_own_files(box: Sandbox) -> None:
    jobs = [replace(JOB, trusted=True), replace(JOB, files=OTHERS, trusted=True), replace(JOB, trusted=True)]
    assert [data_of(run) for run in box.run_together(jobs)] == [[2.0, 5.0], [140.0], [2.0, 5.0]]


def test_make_files_is_called_with_its_seed(box: Sandbox) -> None:
    text = "def make_files(seed):\n    return {'a.csv': f'{seed}\\n', 'b.bin': bytes([seed])}\n"
    run = box.run(FilesJob(text, 17, ("a.csv", "b.bin")))
    assert run.made == (GivenFile("a.csv", b"17\n"), GivenFile("b.bin", b"\x11"))


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("return {'a.csv': 1 / 0}", 2, "ZeroDivisionError"),
        ("return {'b.csv': ''}", 0, "returned b.csv"),
        ("return {'a.csv': 3}", 0, "of type int"),
        ("return 'a'", 0, "returned str"),
        ("return {'a.csv': 'x' * 5_000_000}", 0, "larger than 4 MiB"),
    ],
)
def test_what_make_files_does_wrong_is_told(any_box: Sandbox, body: str, line: int, words: str) -> None:
    run = any_box.run(FilesJob(f"def make_files(seed):\n    {body}\n", 1, ("a.csv",)))
    assert run.not_made is not None and run.made == ()
    assert words in f"{run.not_made.type_name}: {run.not_made.message}"
    assert not line or run.not_made.line == line


TRAP = """import os
try:
    os.remove('data/x.csv')
    os.symlink({outside!r}, 'data/x.csv')
except OSError:
    pass
data = [1.0]
"""


def test_what_a_program_leaves_is_not_written_through(box: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "taken.csv"
    outside.write_text("mine", encoding="utf-8")
    trap = TRAP.format(outside=str(outside))
    runs = box.run_together([replace(JOB, source=trap, trusted=True), replace(JOB, trusted=True)])
    assert outside.read_text(encoding="utf-8") == "mine"
    assert data_of(runs[1]) == [2.0, 5.0]


IN_THE_WAY = {
    "a file for a folder": "shutil.rmtree('data'); open('data', 'w').write('mine')",
    "a folder for a file": "os.remove('data/x.csv'); os.makedirs('data/x.csv/deep')",
    "a link for a folder": "shutil.rmtree('data'); os.mkdir('other'); os.symlink('other', 'data')",
    "a link to nowhere": "shutil.rmtree('data'); os.symlink('nowhere', 'data')",
}


@pytest.mark.parametrize("left", IN_THE_WAY)
def test_what_a_program_leaves_is_in_nobodys_way(any_box: Sandbox, left: str) -> None:
    trap = f"import os, shutil\n{IN_THE_WAY[left]}\ndata = [1.0]\n"
    runs = any_box.run_together([replace(JOB, source=trap, trusted=True), replace(JOB, files=OTHERS, trusted=True)])
    assert data_of(runs[1]) == [140.0]
