"""pytest in a course repository, as an author runs it: a process of its own, in a course made by `course init`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import commanding
import pytest
from examined import SOLUTION, write_course
from repository import ROOT

from grader.store.course.templates import exercise_files
from grader.store.machine.new_files import write_new
from grader.store.release.folder import NAME

PARTS = ["yaml", "starter", "solution", "right/functions_of_torch"]
PARTS += [f"wrong/{name}" for name in ("bias-forgotten", "graph-cut", "loss-not-squared")]
PARTS += ["checks", "gradcheck", "seeds"]
STATED, CODED = "exercises/1.1/exercise.yaml", "exercises/1.2/exercise.yaml"
# What else is installed here takes longer to start than all that is tested.
ALONE = [
    word for name in ("cacheprovider", "hypothesispytest", "anyio", "platformdirs") for word in ("-p", f"no:{name}")
]
IMPORTED = """
import json, sys, pytest
code = pytest.main(sys.argv[1:])
print(json.dumps(sorted(sys.modules)))
sys.exit(code)
"""
Done = subprocess.CompletedProcess[str]


def started(folder: Path, *command: str, **environment: str) -> Done:
    own = {"PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8", "COLUMNS": "200", **environment}
    left_out = ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_CURRENT_TEST")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    command = (sys.executable, "-P", *command)
    return subprocess.run(
        command, cwd=folder, env=kept | own, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def pytest_in(folder: Path, *arguments: str, **environment: str) -> Done:
    return started(folder, "-m", "pytest", *ALONE, *arguments, **environment)


def collected(folder: Path, *arguments: str) -> list[str]:
    said = pytest_in(folder, "--collect-only", "-q", *arguments).stdout
    return [line for line in said.splitlines() if "::" in line]


def imported(folder: Path, *arguments: str) -> set[str]:
    return set(json.loads(started(folder, "-c", IMPORTED, *ALONE, *arguments).stdout.splitlines()[-1]))


def cases(path: Path) -> dict[str, ET.Element]:
    """Return the test cases of a JUnit file: exercise and part to element."""
    found = ET.parse(path).getroot().iter("testcase")
    return {f"{case.attrib['classname'].split('.', 1)[1][:3]} {case.attrib['name']}": case for case in found}


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def healthy(tiny_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course of which everything holds."""
    return shutil.copytree(tiny_course, tmp_path_factory.mktemp("plugin") / "healthy")


@pytest.fixture(scope="module")
def green(healthy: Path) -> Done:
    return pytest_in(healthy, "-v", "-n", "2", "--junitxml", "out.xml")


@pytest.fixture(scope="module")
def sick(healthy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = shutil.copytree(healthy, tmp_path_factory.mktemp("sick") / "course")
    for id in ("1.3", "1.4"):
        write_new(root, exercise_files(id, "code", ["en", "uz"], None))
    change(root / STATED, "b: 1, y: 10}", "b: 1, y: 5}")
    change(root / STATED, "expect: -18", "expect: 12")
    solutions = root / "solutions"
    change(solutions / "1.2" / "solution.py", "x * w + b", "x * w.detach() + b")
    shutil.copy(solutions / "1.2" / "solution.py", root / "exercises" / "1.2" / "starter.py")
    change(root / CODED, '  uz: "Model va xatolik"\n', "")
    change(solutions / "1.3" / "solution.py", "x * w + b", "x * w + c")
    for path in (solutions / "1.4" / "wrong").glob("*.py"):
        shutil.copy(solutions / "1.4" / "solution.py", path)
    change(solutions / "1.4" / "right" / "functions_of_torch.py", "error = y", "error = (y < 0) * 0.01 + y")
    return root


@pytest.fixture(scope="module")
def red(sick: Path) -> Done:
    return pytest_in(sick, "--junitxml", "out.xml")


@pytest.fixture(scope="module")
def found(red: Done, sick: Path) -> dict[str, ET.Element]:
    return cases(sick / "out.xml")


@pytest.fixture
def course(healthy: Path, tmp_path: Path) -> Path:
    return shutil.copytree(healthy, tmp_path / "course")


class TestWhatIsCollected:
    def test_is_an_item_for_each_part_of_the_proof(self, healthy: Path) -> None:
        stated = [f"{STATED}::{part}" for part in ("yaml", "autograd", "inputs")]
        assert collected(healthy) == stated + [f"{CODED}::{part}" for part in PARTS]

    def test_can_be_chosen_by_words_and_by_node_ids(self, healthy: Path) -> None:
        assert collected(healthy, "-k", "graph-cut or autograd") == [f"{STATED}::autograd", f"{CODED}::wrong/graph-cut"]
        assert collected(healthy, "-k", "1.1") == [f"{STATED}::{part}" for part in ("yaml", "autograd", "inputs")]
        assert collected(healthy, f"{CODED}::wrong/graph-cut") == [f"{CODED}::wrong/graph-cut"]
        assert collected(healthy, "exercises/1.2") == [f"{CODED}::{part}" for part in PARTS]

    def test_may_be_a_notebook(self, course: Path) -> None:
        folder = course / "solutions/1.2"
        (folder / "right/functions_of_torch.py").rename(folder / "right/functions_of_torch.ipynb")
        (folder / "wrong/graph-cut.in-place.ipynb").touch()
        (folder / "wrong/.ipynb_checkpoints").mkdir()
        (folder / "wrong/.graph-cut.ipynb").touch()
        here = [item.partition("::")[2] for item in collected(course, CODED)]
        assert here == sorted([*PARTS, "wrong/graph-cut.in-place"], key=here.index) and len(here) == len(PARTS) + 1

    def test_is_found_without_torch_numpy_or_yaml(self, healthy: Path) -> None:
        modules = imported(healthy, "--collect-only")
        assert not modules & {"torch", "numpy", "yaml", "grader.core", "grader.store", "grader.actions"}

    def test_is_nothing_that_needs_solutions_where_there_are_none(self, course: Path) -> None:
        shutil.rmtree(course / "solutions")
        assert [line for line in collected(course) if CODED in line] == [f"{CODED}::yaml"]

    def test_is_the_yaml_alone_in_the_students_copy(self, course: Path) -> None:
        shutil.rmtree(course / "solutions")
        for id in ("1.1", "1.2"):
            (course / "exercises" / id / NAME).touch()
        assert collected(course) == [f"{STATED}::yaml", f"{CODED}::yaml"]

    def test_stands_beside_tests_of_the_authors_own(self, course: Path) -> None:
        (course / "test_mine.py").write_text("def test_mine(): pass")
        assert "test_mine.py::test_mine" in collected(course) and f"{CODED}::solution" in collected(course)


class TestElsewhere:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """Return a folder that has everything but course.yaml."""
        path = tmp_path / STATED
        path.parent.mkdir(parents=True)
        path.write_text("checks: here")
        (tmp_path / "submissions").mkdir()
        (tmp_path / "submissions" / "test_mine.py").write_text("def test_mine(): pass")
        return tmp_path

    def test_the_plugin_collects_nothing_and_hides_nothing(self, folder: Path) -> None:
        assert collected(folder) == ["submissions/test_mine.py::test_mine"]

    def test_the_plugin_imports_nothing_of_ours_but_itself(self, folder: Path) -> None:
        ours = {name for name in imported(folder) if name.partition(".")[0] == "grader"}
        assert ours == {"grader", "grader.integrations", "grader.integrations.pytest_plugin"}

    def test_the_plugin_can_be_switched_off(self, healthy: Path) -> None:
        assert collected(healthy, "-p", "no:course") == []
        assert "grader" not in imported(healthy, "-p", "no:course", "--collect-only")

    def test_this_repositorys_own_tests_are_not_disturbed(self) -> None:
        assert not [line for line in collected(ROOT, "tests/core/words/test_numbers.py") if "exercise.yaml" in line]
        assert collected(ROOT, "exercises/4.1") == [
            f"exercises/4.1/exercise.yaml::{part}" for part in ("yaml", "autograd", "inputs")
        ]


class TestStudentsPrograms:
    @pytest.mark.parametrize("folder", ["submissions/ali/4.5", "work", "solutions/1.2/wrong"])
    def test_are_never_imported(self, course: Path, folder: str) -> None:
        (course / folder).mkdir(parents=True, exist_ok=True)
        for name in ("conftest.py", "test_4.py", "conftest/__init__.py"):
            path = course / folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text("import pathlib; pathlib.Path(__file__).parents[9].joinpath('owned').touch(); 1 / 0")
        done = pytest_in(course, "--collect-only", "-q")
        assert done.returncode == 0 and "ZeroDivisionError" not in done.stdout and "test_4.py" not in done.stdout


class TestAHealthyCourse:
    def test_is_green_on_two_workers(self, green: Done) -> None:
        assert green.returncode == 0, green.stdout
        assert f"{3 + len(PARTS)} passed" in green.stdout

    def test_has_a_case_for_each_item_in_junit(self, green: Done, healthy: Path) -> None:
        found = cases(healthy / "out.xml")
        assert set(found) == {*(f"1.1 {part}" for part in ("yaml", "autograd", "inputs")), *(f"1.2 {p}" for p in PARTS)}


class TestAnExerciseWithTests:
    def test_is_proved_by_its_tests(self, tmp_path: Path) -> None:
        starter = write_course(tmp_path) / "exercises/9.1/starter.py"
        starter.write_text(SOLUTION.replace("mean(numbers[: i + 1])", "0"), encoding="utf-8")
        done = pytest_in(tmp_path, "--junitxml", "out.xml")
        found = cases(tmp_path / "out.xml")
        assert done.returncode == 1, done.stdout
        assert set(found) == {f"9.1 {part}" for part in ("yaml", "starter", "solution", "checks")}
        assert [place for place, case in found.items() if case.find("failure") is not None] == ["9.1 checks"]
        assert "no wrong program fails check refuses" in done.stdout


class TestASickCourse:
    """Each exercise is broken in its own way; `course check` says of all what it finds, and pytest shows where."""

    def test_shows_in_its_items_all_that_course_check_finds(self, sick: Path, found: dict[str, ET.Element]) -> None:
        proofs = json.loads(commanding.course("check", "--no-mutation", "--json", cwd=sick).stdout)["exercises"]
        checked = {f"{proof['exercise']} {finding['name']}" for proof in proofs for finding in proof["findings"]}
        shown = {
            f"{place[:3]} {each.attrib['value']}"
            for place, case in found.items()
            for each in case.iter("property")
            if each.attrib["name"] == "finding"
        }
        assert shown == checked and len(checked) >= 8

    @pytest.mark.parametrize(
        ("item", "finding"),
        [
            ("1.1 inputs", "ambiguous-inputs"),
            ("1.2 yaml", "text-missing"),
            ("1.2 starter", "starter-full-marks"),
            ("1.2 gradcheck", "gradient-wrong"),
            ("1.4 wrong/graph-cut", "wrong-full-marks"),
            ("1.4 checks", "check-not-needed"),
            ("1.4 seeds", "right-flaky"),
        ],
    )
    def test_turns_the_item_red_that_it_is_about(self, found: dict[str, ET.Element], item: str, finding: str) -> None:
        failure = found[item].find("failure")
        assert failure is not None and f"[{finding}]" in (failure.text or "")

    def test_leaves_green_what_holds(self, found: dict[str, ET.Element]) -> None:
        for item in ("1.1 yaml", "1.1 autograd", "1.2 solution", "1.4 gradcheck", "1.4 solution"):
            assert found[item].find("failure") is None, item

    def test_says_a_broken_solution_once(self, found: dict[str, ET.Element]) -> None:
        red = [item for item, case in found.items() if item[:3] == "1.3" and case.find("failure") is not None]
        assert red == ["1.3 solution"]
        skipped = found["1.3 wrong/graph-cut"].find("skipped")
        assert skipped is not None and "solution has to pass first, and does not" in skipped.attrib["message"]
        assert skipped.text is not None and "1.3/exercise.yaml:1: solution" in skipped.text

    def test_is_told_with_places_and_without_tracebacks(self, red: Done) -> None:
        assert red.returncode == 1
        assert (
            "exercises/1.1/exercise.yaml:" in red.stdout and "exercises/1.2/starter.py: the starter gets" in red.stdout
        )
        assert "Traceback" not in red.stdout and "pytest_plugin.py" not in red.stdout


def test_what_this_machine_cannot_do_is_an_error_and_no_failure(healthy: Path, tmp_path: Path) -> None:
    own = {"COURSE_CACHE": str(tmp_path), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    arguments = [sys.executable, "-m", "pytest", *ALONE, f"{CODED}::starter"]
    # Enough for Python, too little for torch.
    done = subprocess.run(
        ["sh", "-c", 'ulimit -v 500000; exec "$@"', "sh", *arguments],
        cwd=healthy,
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and "1 error" in done.stdout and "FAILURES" not in done.stdout, done.stdout
    assert "Traceback" not in done.stdout and "During handling" not in done.stdout


class TestAFileThatIsNotRight:
    @pytest.fixture
    def broken(self, course: Path) -> Path:
        change(course / CODED, "points: 2", "pionts: 2")
        return course

    def test_is_told_once_with_line_and_column(self, broken: Path) -> None:
        done = pytest_in(broken, CODED)
        assert done.returncode == 1 and f"1 failed, {len(PARTS) - 1} skipped" in done.stdout
        assert f"{CODED}:" in done.stdout and "did you mean points?" in done.stdout

    def test_is_told_by_whatever_was_asked_for(self, broken: Path) -> None:
        done = pytest_in(broken, "-k", "graph-cut")
        assert done.returncode == 1 and "1 failed" in done.stdout and "did you mean points?" in done.stdout

    def test_ends_a_run_that_stops_at_the_first(self, broken: Path) -> None:
        assert "1 failed in" in pytest_in(broken, CODED, "-x").stdout

    def test_is_told_in_the_language_of_the_machine(self, broken: Path) -> None:
        assert "points demoqchimisiz" in pytest_in(broken, f"{CODED}::yaml", LANG="uz_UZ.UTF-8").stdout

    def test_may_be_the_courses_own(self, course: Path) -> None:
        change(course / "course.yaml", "languages:", "langauges:")
        done = pytest_in(course, "-k", "yaml and not starter")
        assert done.returncode == 1 and "course.yaml:" in done.stdout and "Traceback" not in done.stdout


# --- Other kinds of exercise ---


def test_questions_are_proved_by_their_files_alone(tmp_path: Path) -> None:
    root = Path(shutil.copytree(ROOT / "tests" / "courses" / "questions", tmp_path / "course"))
    shutil.rmtree(root / "golden", ignore_errors=True)
    ids = sorted(path.name for path in (root / "exercises").iterdir())
    right = pytest_in(root, "-q", "exercises")
    assert right.returncode == 0 and f"{len(ids)} passed" in right.stdout, right.stdout
    # An option with no reason for being wrong, and an answer that nobody could type.
    change(root / "solutions" / "1.2" / "answers.yaml", 'accepts: ["0.025"]', "accepts: []")
    wrong = pytest_in(root, "-q", "exercises/1.2")
    assert wrong.returncode == 1 and "answers.yaml" in wrong.stdout, wrong.stdout


def test_programs_of_several_files_are_parts_of_their_own(tmp_path: Path) -> None:
    for folder in ("exercises", "solutions"):
        shutil.copytree(ROOT / "tests" / "courses" / "asking" / folder / "30.2", tmp_path / folder / "30.2")
    shutil.copy(ROOT / "tests" / "courses" / "asking" / "course.yaml", tmp_path)
    parts = [line.rpartition("::")[2] for line in collected(tmp_path)]
    assert {"right/three_lines", "right/whole_module", "wrong/no-step", "wrong/loss-summed"} <= set(parts)
    proved = pytest_in(tmp_path, "-q", "exercises", "-k", "wrong/no-step or three_lines or starter")
    assert proved.returncode == 0 and "3 passed" in proved.stdout, proved.stdout
