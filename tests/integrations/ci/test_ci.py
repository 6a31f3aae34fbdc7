"""What lets other systems check a course and grade a repository: each file is valid, and what it runs is run here."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import commanding
import pytest
import yaml
from formats import RUNNER, hold_to_classroom50, hold_to_gradescope
from repository import ROOT

from grader.actions.author.new_course import new_course
from grader.core.words.errors import UsageFault
from grader.store.course.changes import changed_exercises
from grader.store.course.course_files import find_course
from grader.store.course.templates import exercise_files, student_files
from grader.store.machine.new_files import write_new

Done = subprocess.CompletedProcess[str]
# `course` is on the PATH of a CI job: here it is this repository's.
COURSE = f'#!/bin/sh\nexec "{sys.executable}" -P -m grader "$@"\n'
RIGHT = {"y_hat": 7, "dloss_dw": -18}
SECRET = {"COURSE_SECRET": "the secret of the course"}
MARKS = (("--gradescope", "results.json"), ("--classroom50", "result.json"))


def run(folder: Path, *command: str, **environment: str) -> Done:
    own = {"PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8", **environment}
    return subprocess.run(
        command, cwd=folder, env=os.environ | own, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def course(folder: Path, *arguments: str, **environment: str) -> Done:
    return commanding.course(*arguments, cwd=folder, **environment)


def git(folder: Path, *arguments: str) -> None:
    own = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    done = run(folder, "git", *own, *arguments)
    assert done.returncode == 0, done.stderr


def in_ci(folder: Path, script: str, tools: Path, **environment: str) -> Done:
    """Run a step as GitHub and GitLab do: bash, ended by the first error."""
    tools.mkdir(exist_ok=True)
    (tools / "course").write_text(COURSE)
    (tools / "course").chmod(0o755)
    return run(folder, "bash", "-e", "-c", script, PATH=f"{tools}:{os.environ['PATH']}", **environment)


def step(path: Path, name: str) -> str:
    """Return the commands of a step of a GitHub workflow."""
    (job,) = yaml.safe_load(path.read_text())["jobs"].values()
    return next(step["run"] for step in job["steps"] if step.get("name") == name)


def answers(folder: Path, **numbers: float) -> None:
    folder.mkdir(exist_ok=True, parents=True)
    (folder / "1.1.yaml").write_text("".join(f"{name}: {number}\n" for name, number in numbers.items()))


@pytest.fixture
def tiny(tiny_course: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tiny_course, tmp_path / "tiny")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {"github-workflows": [], "gitlab-ci": []}
    for language in ("uz", "en"):
        root = tmp_path_factory.mktemp(language)
        new_course(root / "course", [language], None)
        write_new(root / "student", student_files("4", [language], "./grader.whl"))
        found["github-workflows"] += root.rglob("*.yml")
        found["gitlab-ci"] += root.rglob(".gitlab-ci.yml")
    found["github-workflows"] = [path for path in found["github-workflows"] if ".github" in path.parts]
    return found


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory, tiny_course: Path) -> Path:
    root = tmp_path_factory.mktemp("git") / "dl" / "course"
    shutil.copytree(tiny_course, root)
    git(root.parent, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "begun")
    return root


@pytest.fixture(scope="module")
def packed(tiny_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("packed") / "autograder.zip"
    arguments = ("export", "gradescope-autograder", "--only", "1.2", "--out", str(path))
    done = course(tiny_course, *arguments, COURSE_SECRET="the secret of the course")
    assert done.returncode == 0 and "to nobody else" in done.stdout, done.stderr
    return path


@pytest.fixture(scope="module")
def autograder(packed: Path) -> Path:
    root = packed.parent / "autograder"
    with zipfile.ZipFile(packed) as file:
        file.extractall(root / "source")
    return root


class TestTheFiles:
    """Held to the schemas that GitHub and GitLab publish, as check-jsonschema carries them."""

    @pytest.mark.parametrize("kind", ["github-workflows", "gitlab-ci"])
    def test_are_what_their_readers_take(self, written: dict[str, list[Path]], tmp_path: Path, kind: str) -> None:
        assert len(written[kind]) == 4
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{kind}"]
        command += ["--data-transform", "gitlab-ci"] if kind == "gitlab-ci" else []
        done = run(tmp_path, *command, *map(str, written[kind]))
        assert done.returncode == 0, done.stdout
        spoilt = tmp_path / "spoilt.yml"
        spoilt.write_text(written[kind][0].read_text().replace("timeout", "tiemout").replace("script:", "scirpt:"))
        assert run(tmp_path, *command, str(spoilt)).returncode == 1

    def test_run_commands_that_bash_reads(self, written: dict[str, list[Path]], tmp_path: Path) -> None:
        jobs = [job for paths in written.values() for path in paths for job in _jobs(path)]
        assert len(jobs) == 8
        for commands in jobs:
            assert run(tmp_path, "bash", "-n", "-c", "\n".join(commands)).stderr == ""


def _jobs(path: Path) -> list[list[str]]:
    content = yaml.safe_load(path.read_text())
    if "jobs" in content:
        return [[step["run"] for step in job["steps"] if "run" in step] for job in content["jobs"].values()]
    return [[*job["before_script"], *job["script"]] for job in content.values()]


class TestWhatHasChanged:
    @pytest.fixture
    def root(self, committed: Path, tmp_path: Path) -> Path:
        return shutil.copytree(committed.parent, tmp_path / "dl") / "course"

    def test_is_nothing_right_after_a_commit(self, root: Path) -> None:
        assert changed_exercises(find_course(root), "HEAD") == []

    @pytest.mark.parametrize(
        ("path", "ids"),
        [
            ("exercises/1.1/exercise.yaml", ["1.1"]),
            ("solutions/1.2/wrong/new.py", ["1.2"]),
            ("solutions/1.2/right/oʻz\n.py", ["1.2"]),
            ("course.yaml", ["1.1", "1.2"]),
            ("requirements.txt", ["1.1", "1.2"]),
            ("README.md", []),
            ("exercises/note.txt", []),
            ("../exercises/1.1/x", []),
        ],
    )
    def test_is_an_exercise_with_a_file_of_its_own(self, root: Path, path: str, ids: list[str]) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with (root / path).open("a") as file:
            file.write("\n# new\n")
        assert changed_exercises(find_course(root), "main") == ids
        git(root, "add", "-A", "..")
        git(root, "commit", "-qm", "changed")
        assert changed_exercises(find_course(root), "HEAD~1") == ids

    @pytest.mark.parametrize("folder", ["", ".."])
    @pytest.mark.parametrize(
        ("name", "all_of_them"),
        [
            ("own_kinds/mean.py", True),
            ("own_kinds/deep/er.py", True),
            ("own_kinds/note.md", False),
            ("other.py", False),
        ],
    )
    def test_is_all_where_a_plugin_is_another(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, folder: str, name: str, all_of_them: bool
    ) -> None:
        plugin = root / folder / "own_kinds" / "mean.py"
        plugin.parent.mkdir()
        plugin.write_text("x = 1\n")
        git(root, "add", "-A", "..")
        git(root, "commit", "-qm", "a plugin")
        monkeypatch.syspath_prepend(root / folder)
        files = find_course(root)
        files = replace(files, course=replace(files.course, plugins=("own_kinds.mean",)))
        assert changed_exercises(files, "HEAD") == []
        file = root / folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x = 2\n")
        assert changed_exercises(files, "HEAD") == (["1.1", "1.2"] if all_of_them else [])

    def test_is_not_changed_by_a_plugin_that_lies_in_no_repository(
        self, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "installed").mkdir()
        (tmp_path / "installed" / "own_kinds.py").write_text("x = 1\n")
        monkeypatch.syspath_prepend(tmp_path / "installed")
        files = find_course(root)
        assert changed_exercises(replace(files, course=replace(files.course, plugins=("own_kinds",))), "HEAD") == []

    def test_is_no_exercise_that_is_gone(self, root: Path) -> None:
        shutil.rmtree(root / "exercises" / "1.2")
        assert changed_exercises(find_course(root), "HEAD") == []

    def test_is_not_what_others_changed_meanwhile(self, root: Path) -> None:
        git(root, "checkout", "-qb", "mine")
        git(root, "checkout", "-q", "main")
        (root / "solutions" / "1.2" / "wrong" / "theirs.py").write_text("")
        git(root, "add", "-A")
        git(root, "commit", "-qm", "theirs")
        git(root, "checkout", "-q", "mine")
        answers = root / "exercises" / "1.1" / "exercise.yaml"
        answers.write_text(answers.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        assert changed_exercises(find_course(root), "main") == ["1.1"]

    @pytest.mark.parametrize("rev", ["nothing", "--output=owned", "", "0" * 40])
    def test_cannot_be_said_without_the_commit(self, root: Path, rev: str) -> None:
        with pytest.raises(UsageFault):
            changed_exercises(find_course(root), rev)
        assert not (root / "owned").exists()

    def test_cannot_be_said_without_git(self, tiny: Path) -> None:
        done = course(tiny, "check", "--changed-since", "main", GIT_CEILING_DIRECTORIES=str(tiny.parent))
        assert done.returncode == 2 and "git does not know the commit" in done.stderr


class TestTheCoursesOwnCi:
    @pytest.fixture
    def branch(self, tiny: Path, tmp_path: Path) -> Path:
        """Return a clone with a branch on which 1.1 has changed."""
        write_new(tiny, exercise_files("1.3", "stated", ["en", "uz"], None))
        git(tiny, "init", "-q")
        git(tiny, "add", "-A")
        git(tiny, "commit", "-qm", "begun")
        git(tmp_path, "clone", "-q", str(tiny), "clone")
        clone = tmp_path / "clone"
        git(clone, "checkout", "-qb", "mine")
        with (clone / "exercises" / "1.1" / "exercise.yaml").open("a") as file:
            file.write("ambiguous: it is the lecture's own\n")
        git(clone, "commit", "-qam", "changed")
        return clone

    def test_checks_what_changed_on_github(self, branch: Path, tmp_path: Path) -> None:
        script = step(branch / ".github/workflows/course.yml", "course check")
        done = in_ci(branch, script, tmp_path / "bin", BASE="main", ALL="false")
        assert done.returncode == 0 and "✓ 1.1" in done.stdout and "1.2:" not in done.stdout, done.stdout + done.stderr
        git(branch, "checkout", "-q", "main")
        assert "No exercise has changed" in in_ci(branch, script, tmp_path / "bin", BASE="main", ALL="false").stdout

    def test_checks_what_changed_on_gitlab(self, branch: Path, tmp_path: Path) -> None:
        (script,) = yaml.safe_load((branch / ".gitlab-ci.yml").read_text())["check"]["script"]
        own = {"CI_COMMIT_BRANCH": "mine", "CI_DEFAULT_BRANCH": "main"}
        done = in_ci(branch, script, tmp_path / "bin", **own)
        assert done.returncode == 0 and "✓ 1.1" in done.stdout and "1.2:" not in done.stdout, done.stdout + done.stderr

    @pytest.mark.parametrize("spoilt", ["1.1", "1.3"])
    def test_is_red_where_something_is_not_right(self, branch: Path, tmp_path: Path, spoilt: str) -> None:
        path = branch / "exercises" / spoilt / "exercise.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("asks:", "akss:"), encoding="utf-8")
        script = step(branch / ".github/workflows/course.yml", "course check")
        done = in_ci(branch, script, tmp_path / "bin", BASE="main", ALL=str(spoilt == "1.3").lower())
        assert done.returncode == 3 and f"exercises/{spoilt}/exercise.yaml:" in done.stderr


class TestSubmittingSeveral:
    def test_says_what_is_there_and_what_is_not(self, tiny: Path) -> None:
        answers(tiny / "work", **RIGHT)
        done = course(tiny, "submit", "all", "--json", "out.json")
        assert done.returncode == 1 and "nothing was handed in for 1.2" in done.stdout
        assert "Total: 3 of 7" in done.stdout
        (report,) = json.loads((tiny / "out.json").read_text())["reports"]
        assert (report["exercise"], report["score"]) == ("1.1", 3)

    @pytest.mark.parametrize("asked", ["1", "1.1,1.2", "1.2, 1.1,1.2"])
    def test_takes_a_lecture_or_a_list(self, tiny: Path, asked: str) -> None:
        assert "of 7" in course(tiny, "submit", asked).stdout

    @pytest.mark.parametrize("asked", ["7", "everything", "1.1,7.7", ","])
    def test_refuses_what_is_not_there(self, tiny: Path, asked: str) -> None:
        done = course(tiny, "submit", asked)
        assert done.returncode == 2 and "there is no exercise" in done.stderr

    def test_takes_files_from_another_folder_under_any_name_where_one_is_asked(
        self, tiny: Path, tmp_path: Path
    ) -> None:
        answers(tmp_path / "in", **RIGHT)
        (tmp_path / "in" / "1.1.yaml").rename(tmp_path / "in" / "my answers.yaml")
        done = course(tiny, "submit", "1.1", "--from", str(tmp_path / "in"), "--junit", str(tmp_path / "out.xml"))
        assert done.returncode == 0, done.stdout + done.stderr

    def test_follows_no_link(self, tiny: Path, tmp_path: Path) -> None:
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "1.2.py").symlink_to(tiny / "solutions" / "1.2" / "solution.py")
        done = course(tiny, "submit", "1.2", "--from", str(tmp_path / "in"), "--gradescope", "out.json", **SECRET)
        found = json.loads((tiny / "out.json").read_text())
        assert done.returncode == 1 and found["score"] == 0 and "cannot be read" in found["tests"][0]["output"]

    def test_is_no_place_for_one_exercises_answers(self, tiny: Path) -> None:
        assert course(tiny, "submit", "all", "--answer", "7").returncode == 2


class TestAStudentsRepository:
    @pytest.fixture
    def repository(self, tiny: Path) -> Path:
        """Return the course with the files that grade it."""
        for name in (".github", ".gitlab-ci.yml", "requirements.txt"):
            path = tiny / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        done = course(tiny, "export", "student-ci", "--only", "1.1", "--out", ".")
        assert done.returncode == 0, done.stderr
        return tiny

    @pytest.mark.parametrize(("y_hat", "code"), [(7, 0), (6, 1)])
    def test_grades_itself_on_github(self, repository: Path, tmp_path: Path, y_hat: float, code: int) -> None:
        answers(repository / "work", y_hat=y_hat, dloss_dw=-18)
        script = step(repository / ".github/workflows/grade.yml", "course submit")
        summary = tmp_path / "summary.md"
        own = {"GITHUB_ACTOR": 'ali"; touch owned; "', "GITHUB_STEP_SUMMARY": str(summary)}
        done = in_ci(repository, script, tmp_path / "bin", **own)
        assert done.returncode == code and not (repository / "owned").exists()
        failures = list(ET.parse(repository / "report.xml").getroot().iter("failure"))
        assert len(failures) == code and f"Score\\: {3 - code} of 3" in summary.read_text()

    def test_grades_itself_on_gitlab(self, repository: Path, tmp_path: Path) -> None:
        answers(repository / "work", **RIGHT)
        (script,) = yaml.safe_load((repository / ".gitlab-ci.yml").read_text())["grade"]["script"]
        assert in_ci(repository, script, tmp_path / "bin", GITLAB_USER_LOGIN="ali").returncode == 0
        assert (repository / "report.xml").is_file() and (repository / "report.md").is_file()

    def test_is_never_written_over(self, repository: Path) -> None:
        done = course(repository, "export", "student-ci", "--out", ".")
        assert done.returncode == 2 and "grade.yml" in done.stderr


class TestGradesForAnotherSystem:
    """Classroom 50 and Gradescope record what they are given: only the course's own secret makes that grades."""

    @pytest.fixture
    def copy(self, tiny: Path, tmp_path: Path) -> Path:
        done = course(tiny, "release", str(tmp_path / "copy"))
        assert done.returncode == 0, done.stderr
        return tmp_path / "copy"

    @pytest.mark.parametrize(("y_hat", "score"), [(7, 6), (6, 4)])
    def test_are_written_for_classroom_50_where_the_secret_is(self, tiny: Path, y_hat: float, score: int) -> None:
        answers(tiny / "work", y_hat=y_hat, dloss_dw=-18)
        done = course(tiny, "submit", "1.1", "--classroom50", "result.json", **RUNNER, **SECRET)
        assert done.returncode == (0 if y_hat == 7 else 1), done.stderr
        found = json.loads((tiny / "result.json").read_text())
        hold_to_classroom50(found)
        assert (found["score"], found["max-score"], found["owner"]) == (score, 6, "ali")

    def test_are_not_written_from_a_course_that_is_not_right(self, tiny: Path) -> None:
        (tiny / "course.yaml").write_text("id: 7")
        answers(tiny / "work", **RIGHT)
        done = course(tiny, "submit", "1.1", "--classroom50", "result.json", **RUNNER, **SECRET)
        assert done.returncode == 3 and not (tiny / "result.json").exists()

    @pytest.mark.parametrize(("option", "file"), MARKS)
    def test_are_never_made_of_practice(self, tiny: Path, option: str, file: str) -> None:
        answers(tiny / "work", **RIGHT)
        done = course(tiny, "submit", "1.1", option, file, "--junit", "out.xml", **RUNNER)
        assert done.returncode == 2 and not (tiny / file).exists() and not (tiny / "out.xml").exists()
        assert "practice" in done.stderr and "course's secret" in done.stderr and "course grade DIR" in done.stderr

    @pytest.mark.parametrize(("option", "file"), MARKS)
    def test_are_never_made_of_a_seed_of_ones_own(self, tiny: Path, option: str, file: str) -> None:
        answers(tiny / "work", **RIGHT)
        done = course(tiny, "submit", "all", "--seed", "7", option, file, **RUNNER, **SECRET)
        assert done.returncode == 2 and not (tiny / file).exists() and "--seed" in done.stderr

    @pytest.mark.parametrize("asked", ["1.1", "1.2", "all"])
    @pytest.mark.parametrize(("option", "file"), MARKS)
    def test_are_never_made_in_a_students_copy(self, copy: Path, option: str, file: str, asked: str) -> None:
        answers(copy / "work", **RIGHT)
        done = course(copy, "submit", asked, option, file, **RUNNER, **SECRET)
        assert done.returncode == 2 and not (copy / file).exists() and "students' copy" in done.stderr

    def test_are_not_made_in_a_students_copy_that_looks_like_the_course(self, copy: Path) -> None:
        (copy / "solutions").mkdir()
        (copy / "work").mkdir()
        shutil.copy(copy / "exercises" / "1.2" / "starter.py", copy / "work" / "1.2.py")
        done = course(copy, "submit", "1.2", "--gradescope", "results.json", **SECRET)
        assert done.returncode == 2 and not (copy / "results.json").exists() and "students' copy" in done.stderr

    def test_are_not_packed_from_a_students_copy(self, copy: Path) -> None:
        done = course(copy, "export", "gradescope-autograder", "--out", "autograder.zip", **SECRET)
        assert done.returncode == 2 and not (copy / "autograder.zip").exists() and "students' copy" in done.stderr

    def test_have_no_files_in_a_students_repository(self, tiny: Path, tmp_path: Path) -> None:
        course(tiny, "export", "student-ci", "--out", str(tmp_path / "out"))
        written = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*")}
        line = (tmp_path / "out" / "requirements.txt").read_text().splitlines()[-1]
        assert written == {".github", ".github/workflows/grade.yml", ".gitlab-ci.yml", "requirements.txt", line[2:]}

    def test_are_not_in_the_junit_file_of_practice(self, tiny: Path) -> None:
        answers(tiny / "work", **RIGHT)
        course(tiny, "submit", "1.1", "--junit", "practice.xml")
        course(tiny, "submit", "1.1", "--junit", "graded.xml", **SECRET)
        named = {
            name: [each.attrib["name"] for each in ET.parse(tiny / name).getroot().iter("property")]
            for name in ("practice.xml", "graded.xml")
        }
        assert named == {"practice.xml": ["practice"], "graded.xml": ["score", "max_score"] * 2}


# Tries to read what lies beside it, and to write its own marks.
THIEF = """
import os
for name in ("source/secret", "source/course/solutions/1.2/solution.py"):
    try:
        stolen = open(os.path.join({root!r}, name)).read()
    except OSError:
        continue
    raise RuntimeError("stolen: " + stolen)
try:
    open(os.path.join({root!r}, "results/results.json"), "w").write('{{"score": 99}}')
    raise RuntimeError("written")
except OSError:
    pass
"""


class TestGradescopesAutograder:
    """The zip is unpacked, and its run_autograder run, in a folder that stands for /autograder."""

    def graded(self, root: Path, program: str, limit: str = "unlimited") -> tuple[Done, dict[str, Any]]:
        """Run the autograder on a submission, as Gradescope does but for the place."""
        shutil.rmtree(root / "submission", ignore_errors=True)
        shutil.rmtree(root / "results", ignore_errors=True)
        (root / "submission").mkdir()
        (root / "submission" / "hw1.py").write_text(program)
        own = {"AUTOGRADER_ROOT": str(root), "AUTOGRADER_PYTHON": sys.executable, "PYTHONPATH": ""}
        own |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        command = f'ulimit -v {limit}; exec bash "$0"'
        done = run(root, "sh", "-c", command, str(root / "source" / "run_autograder"), **own)
        results: dict[str, Any] = json.loads((root / "results" / "results.json").read_text())
        hold_to_gradescope(results)
        return done, results

    def test_holds_what_it_needs_and_nothing_of_students(self, packed: Path) -> None:
        with zipfile.ZipFile(packed) as file:
            names = file.namelist()
            for name in ("setup.sh", "run_autograder"):
                assert stat.S_IMODE(file.getinfo(name).external_attr >> 16) == 0o755
            needed = file.read("requirements.txt").decode().splitlines()
        assert {"grader/__main__.py", "course/course.yaml", "course/solutions/1.2/solution.py", "secret"} <= set(names)
        assert f"numpy=={version('numpy')}" in needed and f"torch=={version('torch').partition('+')[0]}" in needed
        assert not [line for line in needed if "hypothesis" in line or "extra" in line]

    def test_is_the_same_zip_for_the_same_course(self, tiny_course: Path, packed: Path, tmp_path: Path) -> None:
        other = tmp_path / "other.zip"
        arguments = ("export", "gradescope-autograder", "--only", "1.2", "--out", str(other))
        course(tiny_course, *arguments, COURSE_SECRET="the secret of the course")
        assert other.read_bytes() == packed.read_bytes()

    def test_has_scripts_that_bash_reads(self, autograder: Path) -> None:
        for name in ("setup.sh", "run_autograder"):
            assert run(autograder, "bash", "-n", f"source/{name}").stderr == ""

    def test_gives_a_right_program_its_marks(self, autograder: Path, tiny_course: Path) -> None:
        program = (tiny_course / "solutions/1.2/right/functions_of_torch.py").read_text()
        done, results = self.graded(autograder, program)
        assert done.returncode == 0 and results["score"] == 4, done.stdout + done.stderr
        assert [test["status"] for test in results["tests"]] == ["passed", "passed"]

    def test_gives_a_wrong_and_thievish_one_what_it_earns(self, autograder: Path, tiny_course: Path) -> None:
        program = (tiny_course / "solutions/1.2/wrong/loss-not-squared.py").read_text()
        done, results = self.graded(autograder, program + THIEF.format(root=str(autograder)))
        assert done.returncode == 0 and results["score"] == 2, results
        assert "stolen" not in json.dumps(results) and "written" not in json.dumps(results)

    def test_gives_no_score_where_it_cannot_judge(self, autograder: Path, tiny_course: Path) -> None:
        program = (tiny_course / "solutions/1.2/solution.py").read_text()
        done, results = self.graded(autograder, program, limit="500000")
        assert done.returncode == 0 and "score" not in results and "tests" not in results
        assert "no score is recorded" in results["output"]
