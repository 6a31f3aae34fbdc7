"""Every program under hostile/ gains nothing, learns nothing, and leaves the box as good as it was.

Such a program is a submission of exercise 4.5, a file or a notebook; the notebooks are made to get full marks where a
teacher's asserts run in the student's kernel. Its docstring's first line says what it tries; its last line, after
`Expect:`, the verdict of each check, alternatives between bars; a line `Limits: wall=2 memory=256` narrows each check.
Attackers are given the best of cases: <course>, <home>, <cache> and <others> in a program become the real paths.
"""

from __future__ import annotations

import ast
import getpass
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from reachable import where_reachable
from repository import HOSTILE, ROOT

from grader.core.course.checks.limits import Limits
from grader.core.course.exercise import Coded, Exercise
from grader.core.program.source import Source
from grader.core.report.report import Verdict
from grader.core.run.jobs import Job
from grader.core.run.observation import Run
from grader.grading.judge.answer_key import AnswerKey, Known, answer_key, practice_key
from grader.grading.judge.drivers import InTurn, SideBySide
from grader.grading.judge.judge import judge, known_of
from grader.grading.judge.steps import STOPPED
from grader.sandbox.choose import Trial, try_level
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import find_course
from grader.store.students.programs import read_program

if sys.platform != "linux":
    pytest.skip("only Linux can lock a box", allow_module_level=True)

FILES = sorted(HOSTILE.glob("*.py"))
NOTEBOOKS = sorted((HOSTILE / "notebooks").glob("*.ipynb"))
LEVELS = ("full", "reduced")
KINDS = ("deny", "escape", "forge", "leak")
# What forges or denies meets the same host at either level; only `make hostile` waits for its limits twice.
EVERYTHING = os.environ.get("COURSE_HOSTILE") == "all"
AT = {"full": KINDS, "reduced": KINDS if EVERYTHING else ("escape", "leak")}


def _name(file: Path) -> str:
    return f"forge_notebook_{file.stem}" if file.suffix == ".ipynb" else file.stem


TRIED = [
    (level, file) for level in LEVELS for file in (*FILES, *NOTEBOOKS) if _name(file).partition("_")[0] in AT[level]
]
# One of each way in which a child ends early: what it was to run after that is run alone, whatever ended it. What tries
# to leave the box meets the same kernel in every child.
ENDING = "abort busy_threads close_descriptors disk fork_bomb garbage memory_bytes sleep stdout".split()
SHARING = [
    file
    for file in (*FILES, *NOTEBOOKS)
    if EVERYTHING or _name(file).startswith(("forge_", "leak_")) or file.stem.removeprefix("deny_") in ENDING
]
SECRET = "qizil-olma-7391-sir"
CHECKS = ("forward", "loss", "loop")
_MIB = 2**20
_UNITS = {"memory": _MIB, "disk": _MIB, "output": _MIB}
_ORDINARY = 1000


@dataclass(frozen=True)
class Place:
    """Where the secrets lie: a course, a home, the cache, the other students' submissions."""

    course: Path
    home: Path
    cache: Path
    others: Path

    def told(self, text: str) -> str:
        for name in ("course", "home", "cache", "others"):
            text = text.replace(f"<{name}>", str(getattr(self, name)))
        return text


class RecordingBox:
    """One box for a whole level: keeps what came out of it; whoever borrows it cannot close it."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self.isolation = box.isolation
        self.runs: list[Run] = []

    def start(self) -> None:
        self._box.start()

    def run(self, job: Job) -> Run:
        run = self._box.run(job)
        self.runs.append(run)
        return run

    def run_together(self, jobs: Sequence[Job]) -> list[Run]:
        runs = self._box.run_together(jobs)
        self.runs += runs
        return runs

    def close(self) -> None:
        pass


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Lay the secrets out, where they would lie, and into the environment."""
    base = tmp_path_factory.mktemp("secrets")
    place = Place(base / "course", base / "home", Path(os.environ["COURSE_CACHE"]), base / "course" / "submissions")
    shutil.copytree(ROOT / "exercises" / "4.5", place.course / "exercises" / "4.5")
    shutil.copytree(ROOT / "solutions" / "4.5", place.course / "solutions" / "4.5")
    shutil.copy(ROOT / "course.yaml", place.course)
    with (place.course / "solutions" / "4.5" / "solution.py").open("a") as solution:
        solution.write(f"# {SECRET}\n")
    for file in (
        place.others / "s002" / "4.5" / "submission.py",
        place.home / ".config" / "course-grader" / "secret",
        place.home / ".ssh" / "id_ed25519",
        place.cache / "secret",
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# {SECRET}\n")
        # Nothing but the box keeps these from anybody.
        file.chmod(0o644)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_SECRET", SECRET)
        patch.setenv("HOME", str(place.home))
        yield place


@pytest.fixture(scope="session")
def boxes(place: Place) -> Iterator[Callable[[str], RecordingBox]]:
    """Yield what returns the box of a level, the same for all programs."""
    from grader.sandbox.linux import levels
    from grader.sandbox.linux.fork import ForkBox

    @cache
    def of(level: str) -> RecordingBox:
        box = ForkBox(["torch", "warm"], {"full": levels.full, "reduced": levels.reduced}[level]())
        made.append(box)
        recording = RecordingBox(box)
        # The honest one first: from here on the reference is known, and no hostile program runs beside it.
        assert _verdicts(_honest(place), recording, place) == dict.fromkeys(CHECKS, "pass")
        return recording

    made: list[ForkBox] = []
    yield of
    for box in made:
        box.close()


@pytest.fixture
def box(level: str, boxes: Callable[[str], RecordingBox]) -> RecordingBox:
    # A parameter of a fixture of the session would make pytest start a box for every program.
    trial = _trial(level)
    if not trial.holds:
        _skip(f"hostile submissions were NOT tried at level {level}: {trial.why}; {trial.mend}")
    return boxes(level)


@cache
def _trial(level: str) -> Trial:
    return try_level(level)


@pytest.mark.parametrize(("level", "file"), TRIED, ids=[f"{level}-{_name(file)}" for level, file in TRIED])
def test_a_hostile_submission_gains_nothing_and_the_next_one_is_judged_right(
    file: Path, box: RecordingBox, place: Place
) -> None:
    source = _source(file, place)
    expected, limits = _told_by(source.text)
    box.runs.clear()
    seen = _verdicts(source, box, place, limits)
    said = "".join(f"{run.stdout}{run.stderr}{run.detail}" for run in box.runs)
    frames = b"".join(frame for run in box.runs for frame in run.frames)
    assert {name: verdict in expected[name] for name, verdict in seen.items()} == dict.fromkeys(CHECKS, True), (
        f"{seen}, {[(run.status.value, run.stop, run.detail) for run in box.runs]}, {said[-2000:]}"
    )
    # One run of forward, one of loss, three of the loop, or one that was stopped and stands for those after it.
    assert len(box.runs) >= (3 if any(run.status in STOPPED for run in box.runs) else 5)
    assert SECRET not in said
    assert SECRET.encode() not in frames
    # Straight after, in the same box; in one child, which is as much the box's next as five.
    assert _verdicts(_honest(place), box, place, together=True) == dict.fromkeys(CHECKS, "pass")


@pytest.mark.parametrize("file", SHARING, ids=_name)
@pytest.mark.parametrize("level", ["full"])
def test_where_all_checks_share_a_child_it_gains_nothing_either(file: Path, box: RecordingBox, place: Place) -> None:
    source = _source(file, place)
    expected, limits = _told_by(source.text)
    box.runs.clear()
    seen = _verdicts(source, box, place, limits, together=True)
    said = "".join(f"{run.stdout}{run.stderr}{run.detail}" for run in box.runs)
    assert {name: verdict in expected[name] for name, verdict in seen.items()} == dict.fromkeys(CHECKS, True), seen
    assert SECRET not in said
    assert SECRET.encode() not in b"".join(frame for run in box.runs for frame in run.frames)
    assert _verdicts(_honest(place), box, place, together=True) == dict.fromkeys(CHECKS, "pass")


# Only what reaches out of the box meets another host where the user is another one.
@pytest.mark.parametrize(
    ("level", "kind"),
    [(level, kind) for level in LEVELS for kind in KINDS] if EVERYTHING else [("full", "escape")],
)
def test_the_same_holds_for_an_ordinary_user(level: str, kind: str) -> None:
    if os.getuid() != 0:
        pytest.skip(f"these tests run as {getpass.getuser()} already")
    here, own = (
        Path(sys.executable),
        [Path(sys.base_prefix), Path(sys.prefix), ROOT, Path(sysconfig.get_path("purelib"))],
    )
    with tempfile.TemporaryDirectory(prefix="course-hostile-") as base:
        os.chown(base, _ORDINARY, _ORDINARY)
        tests = [
            str(Path(__file__)),
            "-k",
            f"hostile_submission and {level} and {kind}_",
            "-p",
            "no:cacheprovider",
            "-rs",
        ]
        tests += ["-p", "no:xdist", "-o", "addopts=-q", f"--basetemp={base}/tests", f"--rootdir={ROOT}"]
        command = ["setpriv", f"--reuid={_ORDINARY}", f"--regid={_ORDINARY}", "--clear-groups"]
        command += [str(here), "-m", "pytest", *tests]
        environment = {**os.environ, "HOME": base, "TMPDIR": base, "PYTHONPATH": str(ROOT)}
        environment = {name: value for name, value in environment.items() if not name.startswith("PYTEST_")}
        ended = subprocess.run(
            where_reachable(command, own), env=environment, cwd="/", capture_output=True, text=True, timeout=600
        )
    if ended.returncode in (126, 127) or "NOT tried" in ended.stdout:
        words = f"{ended.stdout[-500:]}{ended.stderr[-500:]}"
        _skip(f"hostile submissions were NOT tried as uid {_ORDINARY} at level {level}: {words}")
    assert ended.returncode == 0, f"{ended.stdout[-6000:]}{ended.stderr[-2000:]}"


def _skip(why: str) -> None:
    warnings.warn(why, pytest.PytestWarning, stacklevel=2)
    pytest.skip(why)


def _honest(place: Place) -> Source:
    return Source((ROOT / "solutions" / "4.5" / "solution.py").read_text(encoding="utf-8"), "4.5.py")


def _source(file: Path, place: Place) -> Source:
    source = read_program(place.told(file.read_text(encoding="utf-8")).encode(), file.name)
    assert isinstance(source, Source)
    return source


def _told_by(text: str) -> tuple[dict[str, set[str]], dict[str, float]]:
    """Return the accepted verdicts of each check, and the limits that the docstring names."""
    lines = (ast.get_docstring(ast.parse(text)) or "").strip().split("\n")
    assert lines[-1].startswith("Expect: ")
    expected = {name: set(verdicts.split("|")) for name, verdicts in _pairs(lines[-1])}
    assert set(expected) == set(CHECKS)
    assert set().union(*expected.values()) <= {verdict.value for verdict in Verdict} - {"void"}
    limits = {
        name: float(number) * _UNITS.get(name, 1)
        for line in lines
        if line.startswith("Limits: ")
        for name, number in _pairs(line)
    }
    return expected, limits


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    for word in line.split()[1:]:
        name, _, value = word.partition("=")
        yield name, value


def _verdicts(
    source: Source,
    box: RecordingBox,
    place: Place,
    limits: dict[str, float] | None = None,
    together: bool = False,
) -> dict[str, str]:
    known = _known(place, frozenset((limits or {}).items()))
    if together:
        judged = judge(known, source, InTurn(lambda: box))
    else:
        with SideBySide(lambda: box) as run:
            judged = judge(known, source, run)
    return {check.name: check.verdict.value for check in judged.checks}


@cache
def _known(place: Place, limits: frozenset[tuple[str, float]]) -> Known:
    key = _key(place)
    # The seed is that of the exercise as it stands: the reference is known already.
    # A few wrong programs are enough: what hostile ones send is then diagnosed as well.
    return known_of(replace(key, exercise=_narrowed(key.exercise, dict(limits)), wrong=key.wrong[:3]))


@cache
def _key(place: Place) -> AnswerKey:
    files = find_course(place.course)
    # A mark has two sets of numbers; every day one is enough.
    return (answer_key if EVERYTHING else practice_key)(files, files.exercise("4.5"), SECRET.encode())


def _narrowed(exercise: Exercise, limits: dict[str, float]) -> Exercise:
    work = exercise.work
    assert isinstance(work, Coded)
    checks = tuple(replace(check, limits=_limits(check.limits, limits)) for check in work.checks)
    return replace(exercise, work=replace(work, checks=checks))


def _limits(limits: Limits, named: dict[str, float]) -> Limits:
    types = {name: type(getattr(limits, name)) for name in named}
    return replace(limits, **{name: types[name](number) for name, number in named.items()})
