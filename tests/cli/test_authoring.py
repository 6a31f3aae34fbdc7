"""A new course, a new exercise, the schemas and `course try`, as an author meets them: through the real command."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from commanding import course
from examined import Lent
from jsonschema import Draft202012Validator
from repository import ROOT, lecture

from grader.core.program.source import Source
from grader.core.report.report import CheckResult
from grader.core.words.errors import CourseInvalid
from grader.grading.judge.answer_key import practice_key
from grader.grading.judge.judge import judge_submission, known_closely
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import find_course
from grader.store.course.schemas import SCHEMAS, schema_text
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(*arguments: str, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        return course(*arguments, cwd=cwd, HOME=str(tmp_path))

    return run


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what `course init` writes."""
    folder = tmp_path_factory.mktemp("written")
    done = course("init", "mine", "--language", "uz", "--language", "en", cwd=folder, HOME=str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "mine"


@pytest.fixture
def begun(written: Path, tmp_path: Path) -> Path:
    return shutil.copytree(written, tmp_path / "mine")


def submitted(run: Run, course: Path, *arguments: str) -> dict[str, Any]:
    done = run("submit", *arguments, "--json", cwd=course)
    report: dict[str, Any] = json.loads(done.stdout)
    assert "error" not in report, report
    return report


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    box = make_box("none", ["torch", "warm"])
    yield Lent(box)
    box.close()


def hold_programs(run: Run, course: Path, exercise: str, box: Sandbox) -> None:
    """Submit the solution, and hold every program and the starter to what they are: these in one box."""
    solutions = course / "solutions" / exercise
    report = submitted(run, course, exercise, str(solutions / "solution.py"))
    assert report["score"] == report["max_score"] == 4
    files = find_course(course)
    key = practice_key(files, files.exercise(exercise), b"seed")

    def checks(program: Path) -> tuple[CheckResult, ...]:
        return judge_submission(
            known_closely(key), Source(program.read_text(encoding="utf-8"), program.name), lambda _: box
        ).checks

    for right in (solutions / "right").glob("*.py"):
        assert sum(check.score for check in checks(right)) == 4, right
    wrong = sorted((solutions / "wrong").glob("*.py"))
    assert len(wrong) >= 2
    for program in wrong:
        named = [check.causes[0].name for check in checks(program) if check.causes]
        assert named == [program.stem], program
    assert sum(check.score for check in checks(course / "exercises" / exercise / "starter.py")) == 0


def everything(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestANewCourse:
    def test_grades_its_own_programs_as_what_they_are(self, run: Run, begun: Path, box: Sandbox) -> None:
        hold_programs(run, begun, "1.2", box)

    def test_grades_stated_values(self, run: Run, begun: Path) -> None:
        right = submitted(run, begun, "1.1", "--answer", "y_hat=7", "--answer", "dloss_dw=-18")
        assert right["score"] == right["max_score"] == 3
        assert submitted(run, begun, "1.1", "--answer", "y_hat=6")["score"] == 0

    def test_keeps_work_and_secrets_out_of_git(self, begun: Path) -> None:
        ignored = (begun / ".gitignore").read_text().split()
        assert {"work/", "submissions/", "feedback/", "gradebook.db*", "*.secret"} <= set(ignored)

    def test_keeps_its_bytes_in_git_on_every_system(self, begun: Path) -> None:
        for command in (["init", "-q"], ["check-attr", "text", "exercises/1.1/exercise.yaml", "solutions/x/data.csv"]):
            done = subprocess.run(["git", *command], cwd=begun, check=True, capture_output=True, text=True)
        assert done.stdout.count("text: unset") == 2
        shutil.rmtree(begun / ".git")

    def test_is_never_written_over_another(self, run: Run, begun: Path) -> None:
        before = everything(begun)
        done = run("init", "mine")
        assert done.returncode == 2 and "course.yaml" in done.stderr and "nothing was written" in done.stderr
        assert everything(begun) == before

    def test_writes_nothing_where_one_file_is_in_the_way(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "README.md").write_text("mine")
        done = run("init", "mine")
        assert done.returncode == 2 and "README.md" in done.stderr
        assert everything(tmp_path / "mine") == {"README.md": b"mine"}

    def test_in_another_language_begins_in_english_and_says_so(self, run: Run, tmp_path: Path) -> None:
        done = run("init", "mine", "--language", "ru", "--language", "uz")
        assert done.returncode == 0 and "The texts in ru are still in English" in done.stdout
        exercise = find_course(tmp_path / "mine").exercise("1.1")
        assert dict(exercise.title.texts) == {"ru": "A tiny graph", "uz": "Kichik graf"}

    def test_needs_a_language_code(self, run: Run, tmp_path: Path) -> None:
        assert run("init", "mine", "--language", "O'zbek").returncode == 2
        assert not (tmp_path / "mine").exists()

    @pytest.mark.parametrize("name", ["Mashinali oʻqitish!", "ﬁ 1", "😀"])
    def test_has_an_id_whatever_its_folder_is_called(self, run: Run, tmp_path: Path, name: str) -> None:
        assert run("init", name).returncode == 0
        assert find_course(tmp_path / name).course.id


TITLES = ['"a": b', "a\nb # c", "😀 'x' \\n", "- [{&*!|>%@`", "null", "\x85\u2028\ufeff\x07", "ŷ $title {x} \\1", "9.9"]


class TestATitle:
    @pytest.mark.parametrize("title", TITLES)
    def test_comes_back_as_the_same_text(self, run: Run, begun: Path, tmp_path: Path, title: str) -> None:
        assert run("new", "1.3", "--kind", "stated", "--title", title, cwd=begun).returncode == 0
        exercise = find_course(begun).exercise("1.3")
        assert dict(exercise.title.texts) == {"uz": title.strip(), "en": title.strip()}
        assert run("init", "other", "--title", title).returncode == 0
        assert find_course(tmp_path / "other").course.title.said_in("en") == title.strip()

    def test_that_is_empty_is_refused(self, run: Run, begun: Path) -> None:
        before = everything(begun)
        assert run("new", "1.3", "--kind", "code", "--title", " ", cwd=begun).returncode == 2
        assert everything(begun) == before


class TestANewExercise:
    def test_that_asks_for_a_program_is_right_as_written(self, run: Run, begun: Path, box: Sandbox) -> None:
        done = run("new", "5.1", "--kind", "code", cwd=begun)
        assert done.returncode == 0 and '{id: "5"' in done.stdout
        hold_programs(run, begun, "5.1", box)

    def test_that_asks_for_values_is_right_as_written(self, run: Run, begun: Path) -> None:
        done = run("new", "1.10", "--kind", "stated", cwd=begun)
        assert done.returncode == 0 and "lecture" not in done.stdout
        assert submitted(run, begun, "1.10", "--answer", "y_hat=7", "--answer", "dloss_dw=-18")["score"] == 3

    def test_takes_the_line_that_it_says_for_its_lecture(self, run: Run, begun: Path) -> None:
        line = run("new", "5.1", "--kind", "code", cwd=begun).stdout.splitlines()[-1]
        path = begun / "course.yaml"
        text = path.read_text(encoding="utf-8").replace("lectures:\n", f"lectures:\n{line}\n")
        path.write_text(text, encoding="utf-8")
        assert [lecture.id for lecture in find_course(begun).course.lectures] == ["5", "1"]

    @pytest.mark.parametrize("id", ["1.1", "../5.1", "5.1/..", "5", "", "5.1\n", "٥.١", "/5.1", "5.1.", "-h5.1"])
    def test_is_refused_under_an_id_that_is_taken_or_none(self, run: Run, begun: Path, id: str) -> None:
        before = everything(begun.parent)
        done = run("new", "--kind", "code", "--", id, cwd=begun)
        assert done.returncode == 2 and done.stderr
        assert everything(begun.parent) == before


class TestTrying:
    def test_shows_values_gradients_and_usage(self, run: Run, begun: Path) -> None:
        done = run("try", "solutions/1.2/wrong/graph-cut.py", "--json", cwd=begun)
        seen = json.loads(done.stdout)
        (one,) = seen["checks"][0]["runs"]
        assert (seen["exercise"], one["status"]) == ("1.2", "completed") and one["usage"]["wall"] > 0
        first = one["calls"][0]
        assert first["inputs"] == {"w": 1.0, "b": 0.5, "x": 4} and first["values"][0]["data"] == 4.5
        assert first["gradients"]["w"] == "none"

    def test_shows_a_training_step_by_step(self, run: Run) -> None:
        done = run("try", "solutions/4.5/solution.py", "--json", cwd=ROOT)
        loop = json.loads(done.stdout)["checks"][2]["runs"]
        assert loop[0]["inputs"]["x_soat"] == [1.0, 2.0, 3.0] and len(loop[0]["trace"]["loss"]) == 30

    def test_says_that_it_is_for_authors(self, run: Run, begun: Path) -> None:
        done = run("try", "exercises/1.2/starter.py", "1.2", cwd=begun)
        assert done.returncode == 0 and "For authors: nothing is judged" in done.stdout and "forward(x)" in done.stdout

    @pytest.mark.parametrize("arguments", [["nothing.py"], ["nothing.py", "1.2"], ["x.py", "1.1"], ["x.py", "7.7"]])
    def test_refuses_what_it_cannot_run(self, run: Run, begun: Path, arguments: list[str]) -> None:
        assert run("try", *arguments, cwd=begun).returncode == 2


def plain(node: y.Node) -> Any:
    """Return what an editor sees: the values of YAML 1.2's core schema."""
    match node:
        case y.Mapping(entries=entries):
            return {key.text: plain(value) for key, value in entries}
        case y.Sequence(items=items):
            return [plain(item) for item in items]
        case y.Scalar(text=text, plain=True):
            if text in ("", "~", "null"):
                return None
            if text in ("true", "false"):
                return text == "true"
            if re.fullmatch(r"[-+]?[0-9]+", text):
                return int(text)
            if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
                return float(text)
            return text
        case y.Scalar(text=text):
            return text


VALIDATORS = {name: Draft202012Validator(json.loads(schema_text(name))) for name in SCHEMAS}
FILES = sorted(
    [(ROOT / "course.yaml", "course")]
    + [(path, "exercise") for path in (ROOT / "exercises").glob("*/exercise.yaml")]
    + [(path, path.stem) for path in (ROOT / "solutions").glob("*/*.yaml")]
    + [(path, "exercise") for path in (ROOT / "tests" / "courses").glob("*/exercises/*/exercise.yaml")]
    + [(path, path.stem) for path in (ROOT / "tests" / "courses").glob("*/solutions/*/answers.yaml")]
)


def faults(name: str, content: str) -> list[str]:
    return [error.message for error in VALIDATORS[name].iter_errors(plain(y.parse_yaml(content.encode(), name)))]


def keys_of(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for word, below in schema.items():
            if word == "properties":
                yield from below
            yield from keys_of(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from keys_of(below)


SABOTAGE = [
    ("points: 2\n", "pionts: 2\n"),
    ("points: 2\n", "points: two\n"),
    ("points: 2\n", "points: [2]\n"),
    ("call: forward(x)", "call: forward"),
    ("uniform: [0.5, 3]", "uniform: [0.5]"),
    ("uniform: [0.5, 3]", "unifrom: [0.5, 3]"),
    ("{uniform: [0.5, 3]}", "{uniform: [0.5, 3], scale_of: b, by: 2}"),
    ("args: {x: {uniform: [-5, 5]}}", "args: {x: {parameter: 3}}"),
    ("repeat: 4\n", "repeat: 4.5\n"),
    ("repeat: 4\n", "repeat: 4000\n"),
    ("[value, {gradient: [w, b]}]", "[values]"),
    ("[value, {gradient: [w, b]}]", "[]"),
    ("[value, {gradient: [w, b]}]", "[{gradient: w, final: w}]"),
    ("wall: 10 s", "wall: 10"),
    ("memory: 512 MiB", "memory: 512 miles"),
    ("memory: 512 MiB", "memroy: 512 MiB"),
    ('id: "1.2"', "id: 1.2"),
    ("format_version: 1", "format_version: 2"),
    ("format_version: 1\n", ""),
    ("checks:", "graph: y = x\nchecks:"),
    ("checks:", "reveal: perhaps\nchecks:"),
    ("checks:", "without: np.max\nchecks:"),
    ("checks:", "without: torch.\nchecks:"),
    ("checks:", "lines: 0\nchecks:"),
    ('  en: "Model and loss"', "  en: []"),
]


class TestTheSchemas:
    @pytest.mark.parametrize("name", SCHEMAS)
    def test_are_schemas_and_come_from_the_command(self, run: Run, name: str) -> None:
        Draft202012Validator.check_schema(VALIDATORS[name].schema)
        done = run("schema", name)
        assert (done.returncode, json.loads(done.stdout)) == (0, VALIDATORS[name].schema)

    @pytest.mark.parametrize(("path", "name"), FILES, ids=str)
    def test_take_every_file_of_this_repository(self, path: Path, name: str) -> None:
        assert faults(name, path.read_text(encoding="utf-8")) == []

    def test_take_every_file_of_a_new_course(self, begun: Path) -> None:
        for path in begun.rglob("*.yaml"):
            assert faults(path.stem, path.read_text(encoding="utf-8")) == [], path
            pointed = path.read_text(encoding="utf-8").splitlines()[0].rpartition("=")[2]
            assert (path.parent / pointed).resolve() == begun / ".schemas" / f"{path.stem}.schema.json"
            assert (path.parent / pointed).is_file()

    @pytest.mark.parametrize(("old", "new"), SABOTAGE, ids=str)
    def test_refuse_what_the_readers_refuse(self, begun: Path, old: str, new: str) -> None:
        path = begun / "exercises" / "1.2" / "exercise.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(CourseInvalid):
            find_course(begun).exercise("1.2")
        assert faults("exercise", path.read_text(encoding="utf-8"))

    def test_know_every_key_that_the_readers_ask_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: set[str] = set()
        fields = Reading.fields

        def spied(self: Reading, node: y.Node, required: Any, optional: Any) -> dict[str, object]:
            asked.update(required, optional)
            return fields(self, node, required, optional)

        monkeypatch.setattr(Reading, "fields", spied)
        files = find_course(ROOT)
        # The answers to questions, which other lectures have, are under names of the author's.
        for id in lecture(files.exercise_ids(), every=False):
            files.exercise(id)
            files.wrong_programs(id)
            files.equivalents(id)
        known = {key for validator in VALIDATORS.values() for key in keys_of(validator.schema)}
        assert asked <= known
