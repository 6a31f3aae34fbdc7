"""The author's wrong programs: every fault is told at once with its place, and none breaks the others."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from grader.core.compare.kinds.value import CompareValue
from grader.core.course.checks.call import Call
from grader.core.course.checks.limits import Limits
from grader.core.course.exercise import Check, Coded
from grader.core.diagnose.wrong_programs import WrongProgram
from grader.core.judge.reference import Reference, reference_of
from grader.core.program.source import Source
from grader.core.run.jobs import Job
from grader.core.run.observation import Run, RunStatus
from grader.core.run.plan import program_jobs
from grader.core.words.errors import CourseInvalid
from grader.core.words.message import Text
from grader.grading.judge.diagnosing import observe_wrong
from grader.grading.judge.drivers import InTurn, driven
from grader.grading.judge.wrong_programs import WrongObserver
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox
from grader.store.course.solutions.author_programs import read_wrong_programs

Written = Callable[..., list[str]]
ENTRY = "  update-sign:\n    hint: {uz: Belgi, en: The sign}\n"
HEAD = "format_version: 1\nmisconceptions:\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "wrong").mkdir()
    return tmp_path


@pytest.fixture
def told(folder: Path) -> Written:
    """Return a function that writes a list and empty programs, and returns what is said against them."""

    def told(text: str | bytes | None, *programs: str) -> list[str]:
        if text is not None:
            (folder / "misconceptions.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
        for name in programs:
            (folder / "wrong" / name).write_text("pass\n")
        try:
            read_wrong_programs(folder, "s", ("uz", "en"))
        except CourseInvalid as error:
            return [f"{fault.at}: {fault.message.said(str)}" for fault in error.faults]
        return []

    return told


def test_programs_may_be_notebooks(folder: Path, told: Written) -> None:
    assert told(HEAD + ENTRY, "update-sign.ipynb", "update-sign.at-home.py", ".update-sign.ipynb", "notes.txt") == []
    found = read_wrong_programs(folder, "s", ("uz", "en"))
    assert [(each.name, each.shown) for each in found] == [
        ("update-sign", "s/wrong/update-sign.at-home.py"),
        ("update-sign", "s/wrong/update-sign.ipynb"),
    ]


def test_programs_have_one_name_each(told: Written) -> None:
    assert told(HEAD + ENTRY, "update-sign.ipynb", "update-sign.py") == [
        "s/wrong/update-sign.py: duplicate program name: update-sign; rename one of the two"
    ]


def test_programs_are_read_in_the_order_of_the_list_with_their_variants(folder: Path, told: Written) -> None:
    text = HEAD + ENTRY + "  batch-mean:\n    hint: {en: The mean}\n    also: [scaled, batch-sum]\n"
    assert told(text, "batch-mean.py", "update-sign.py", "update-sign.in-place.py") == []
    found = read_wrong_programs(folder, "s", ("uz", "en"))
    assert [(each.name, each.also, each.shown) for each in found] == [
        ("update-sign", (), "s/wrong/update-sign.in-place.py"),
        ("update-sign", (), "s/wrong/update-sign.py"),
        ("batch-mean", ("scaled", "batch-sum"), "s/wrong/batch-mean.py"),
    ]
    # A text that a language lacks is told in English.
    assert [each.hint.said_in("uz") for each in found] == ["Belgi", "Belgi", "The mean"]


def test_a_course_without_wrong_programs_has_no_list_either(told: Written) -> None:
    assert told(None) == []


def test_what_belongs_to_neither_is_no_program(folder: Path, told: Written) -> None:
    (folder / "wrong" / "notes.txt").write_text("")
    assert told(HEAD + ENTRY, "update-sign.py") == []


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (None, ["s/misconceptions.yaml: this file cannot be read: No such file or directory"]),
        (b"a: \xff", ["s/misconceptions.yaml:1: this is not UTF-8 text; save the file again as UTF-8"]),
        ("", ["s/misconceptions.yaml:1:1: the key format_version is missing",
              "s/misconceptions.yaml:1:1: the key misconceptions is missing"]),
        (HEAD + "  - update-sign\n", ["s/misconceptions.yaml:3:3: expected names with their hints: "
                                      "{update-sign: {hint: …}}"]),
        ("format_version: 2\nmisconceptions:\n" + ENTRY,
         ["s/misconceptions.yaml:1:17: 2 is out of range; allowed: 1 … 1"]),
        (HEAD + "  update-sign: {}\n", ["s/misconceptions.yaml:3:16: the key hint is missing"]),
        (HEAD + "  update-sign: a hint\n",
         ["s/misconceptions.yaml:3:16: found a hint; expected keys: hint, also, unnamed"]),
        (HEAD + "  update-sign:\n    hint: {de: Vorzeichen}\n",
         ["s/misconceptions.yaml:4:12: unknown language de; allowed: uz, en"]),
        (HEAD + "  update-sign:\n    hint: {en: ''}\n", ["s/misconceptions.yaml:4:16: this text is empty"]),
        (HEAD + "  update-sign:\n    hint: The sign\n",
         ["s/misconceptions.yaml:4:11: found The sign; write the text in each language: {uz: …, en: …}"]),
        (HEAD + ENTRY + "    hints: {}\n",
         ["s/misconceptions.yaml:5:5: unknown key hints; did you mean hint? allowed: hint, also, unnamed"]),
        (HEAD + ENTRY + "    also: [Sign]\n",
         ["s/misconceptions.yaml:5:12: Sign is not an id; write it as sign-flipped"]),
        (HEAD + ENTRY + ENTRY, ["s/misconceptions.yaml:5:3: duplicate key update-sign; first in line 3"]),
        (HEAD + "  batch-mean:\n    hint: {en: The mean}\n",
         ["s/misconceptions.yaml:3:3: there is no wrong program wrong/batch-mean.py",
          "s/misconceptions.yaml:3:3: the wrong program update-sign.py has no entry here; add one with a hint"]),
        (HEAD + "  Update_Sign:\n    hint: {en: The sign}\n" + ENTRY,
         ["s/misconceptions.yaml:3:3: Update_Sign is not an id; write it as update-sign"]),
        (HEAD + ENTRY + "  batch-mean: {}\n  [a]: b\n", ["s/misconceptions.yaml:6:3: a key must be a single word"]),
    ],
)  # fmt: skip
def test_a_fault_is_told_once_with_its_place(told: Written, text: str | bytes | None, faults: list[str]) -> None:
    assert told(text, "update-sign.py") == faults


def test_a_program_that_cannot_be_read_is_told_by_its_own_name(folder: Path, told: Written) -> None:
    (folder / "wrong" / "update-sign.py").mkdir()
    assert told(HEAD + ENTRY) == ["s/wrong/update-sign.py: this file cannot be read: Is a directory"]


# Programs that cannot be observed

CHECK = Check(
    "forward", 1, (CompareValue(),), calls=(Call("forward", ()),), limits=Limits(wall=1.0, cpu=1.0, memory=2**28)
)
WORK = Coded(b"", (CHECK,))
SOLUTION = Source("def forward():\n    return 1.25\n", "solution.py")
RunTogether = Callable[[Sequence[Job]], list[Run]]
BROKEN = {
    "no-syntax": b"def (",
    "no-text": b"\xff\xfe\x00",
    "too-large": b"#" * 300_000,
    "hangs": b"while True:\n    pass\ndef forward():\n    while True:\n        pass\n",
    "exits": b"def forward():\n    import os\n    os._exit(3)\n",
    "killed": b"def forward():\n    import os\n    os.kill(os.getpid(), 9)\n",
    "right": b"def forward():\n    return 2.5 / 2\n",
    "twice": b"def forward():\n    return 2.5\n",
}


def program(name: str) -> WrongProgram:
    return WrongProgram(name, Text.of({"en": name}), (), BROKEN[name], f"{name}.py")


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    box = make_box("none", [])
    yield box
    box.close()


@pytest.fixture
def reference(box: Sandbox) -> Reference:
    jobs = [*program_jobs(CHECK, SOLUTION.text, SOLUTION.filename, b"", WORK, ours=True)]
    runs = [box.run(job) for job in jobs]
    return reference_of(CHECK, SOLUTION, b"", runs, runs)


class Scripted:
    """A box of which a test says what its shared children do, and its others."""

    isolation = "none"

    def __init__(self, run_together: RunTogether, run: Callable[[Job], Run]) -> None:
        self.run_together, self.run = run_together, run

    def start(self) -> None: ...

    def close(self) -> None: ...


@pytest.fixture
def observe(
    box: Sandbox, reference: Reference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[str]]:
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))

    def observe(run_together: RunTogether, *names: str, run: Callable[[Job], Run] = box.run) -> list[str]:
        observer = WrongObserver(WORK, [program(name) for name in names], SOLUTION, b"")
        scripted = Scripted(run_together, run)
        driven(observe_wrong(observer, [CHECK], {CHECK.name: reference}), InTurn(lambda: scripted))
        return [each.program.name for each in observer.answer_side(CHECK).wrong]

    return observe


def test_a_wrong_program_that_cannot_be_observed_or_holds_is_left_out_alone(
    box: Sandbox, observe: Callable[..., list[str]]
) -> None:
    assert observe(box.run_together, *BROKEN) == ["twice"]

    def never(jobs: Sequence[Job]) -> list[Run]:
        raise AssertionError("what was left out is remembered as well")

    assert observe(never, *BROKEN) == ["twice"]


def test_what_the_machine_did_to_a_program_is_not_remembered(box: Sandbox, observe: Callable[..., list[str]]) -> None:
    failed = Run(RunStatus.SANDBOX_FAILED)
    assert observe(lambda jobs: [failed], "twice", run=lambda job: failed) == []
    assert observe(box.run_together, "twice") == ["twice"]


def test_a_run_that_failed_once_leaves_the_other_programs_known(
    box: Sandbox, observe: Callable[..., list[str]]
) -> None:
    def failing(jobs: Sequence[Job]) -> list[Run]:
        runs = box.run_together(jobs)
        return [replace(run, status=RunStatus.SANDBOX_FAILED) for run in runs] if "5 / 2" in str(jobs[0]) else runs

    assert observe(failing, "right", "twice") == ["twice"]


def test_who_comes_while_another_observes_waits_and_does_not_observe_again(
    box: Sandbox, observe: Callable[..., list[str]]
) -> None:
    other_is_there, times = threading.Event(), []

    def counted(jobs: Sequence[Job]) -> list[Run]:
        times.append(len(jobs))
        assert other_is_there.wait(60)
        return box.run_together(jobs)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(observe, counted, "twice")
        second = pool.submit(observe, counted, "twice")
        other_is_there.set()
        assert first.result() == second.result() == ["twice"]
    assert len(times) == 1


def test_two_who_observe_many_checks_in_different_orders_do_not_wait_for_each_other(tmp_path: Path) -> None:
    """Locks are shared by many keys; each takes all it needs before it observes, in one order."""
    code = (
        "import sys; from grader.store.machine.cache import observing\n"
        "keys = [f'{i:02x}' for i in range(256)] * 2\n"
        "for _ in range(20):\n"
        "    with observing(keys if sys.argv[1] == 'up' else reversed(keys)): pass\n"
    )
    environment = {**os.environ, "COURSE_CACHE": str(tmp_path)}
    both = [subprocess.Popen([sys.executable, "-c", code, way], env=environment) for way in ("up", "down")]
    assert [each.wait(120) for each in both] == [0, 0]
