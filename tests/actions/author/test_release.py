"""The students' copy: what is in it and what is not, that it judges and names as the course does, and that it holds."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import commanding
import pytest
from examined import write_course
from grading import notebook
from hypothesis import given, settings
from hypothesis import strategies as st
from repository import ROOT, examples

from grader.actions.author.new_course import new_course
from grader.actions.author.release import release
from grader.actions.student.submission import Request
from grader.actions.student.submit import submit
from grader.core.course.exercise import Stated
from grader.core.findings.report_json import as_json
from grader.core.judge.digests import JUDGING
from grader.core.program.features.code_digest import digest_of
from grader.core.program.features.code_features import features
from grader.core.program.source import Source, read_source
from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.grading.judge import answer_key as grading_judge
from grader.sandbox.choose import box_maker
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import find_course
from grader.store.release.files import _MAGIC as MAGIC
from grader.store.release.files import NotAsReleased, pack, unpack
from grader.store.release.folder import NAME
from grader.store.release.wheel import wheel
from grader.store.students.programs import PROGRAMS, read_program

SECRET = "do-not-tell-anyone-7391"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new course, with an exercise of this repository and one with tests beside its own."""
    root = tmp_path_factory.mktemp("released") / "course"
    new_course(root, ["en", "uz"], None)
    examined = write_course(root.parent / "examined")
    for side in ("exercises", "solutions"):
        shutil.copytree(ROOT / side / "4.4", root / side / "4.4")
        shutil.copytree(examined / side / "9.1", root / side / "9.1")
    wrong = root / "solutions/1.2/wrong"
    bias = (wrong / "bias-forgotten.py").read_text(encoding="utf-8")
    (wrong / "bias-forgotten.ipynb").write_text(notebook(f"%matplotlib inline\n{bias}"), encoding="utf-8")
    (wrong / "bias-forgotten.py").unlink()
    text = (root / "course.yaml").read_text(encoding="utf-8")
    own = "gradebook: postgresql+psycopg://teacher:pa55word@db/grades\n"
    (root / "course.yaml").write_text(text + own, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def first(course: Path) -> Path:
    """Return its students' copy, as it was released."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_SECRET", SECRET)
        release(find_course(course), course.parent / "copy", box_maker("none"))
    return course.parent / "copy"


@pytest.fixture
def copy(first: Path, tmp_path: Path) -> Path:
    """Return a students' copy that a test may change."""
    return shutil.copytree(first, tmp_path / "copy")


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return commanding.course(*arguments, cwd=folder, COLUMNS="300", **environment)


def no_box(preload: Iterable[str]) -> NoReturn:
    raise AssertionError("a box was started")


def submitted(folder: Path, request: Request, make_box: Callable[[Iterable[str]], Sandbox] = no_box) -> dict[str, Any]:
    judgement = submit(find_course(folder), request, make_box)
    return as_json(judgement.report, str, "en")


def unpacked(path: Path) -> bytes:
    return zlib.decompress(path.read_bytes()[len(MAGIC) + 32 :])


def everything(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestTheCopy:
    def test_has_the_exercises_and_nothing_of_their_authors(self, course: Path, first: Path) -> None:
        programs = {f"exercises/{id}/{name}" for id in ("1.2", "4.4") for name in ("exercise.yaml", "starter.py", NAME)}
        stated = {f"exercises/1.1/{name}" for name in ("exercise.yaml", NAME)}
        tested = {f"exercises/9.1/{name}" for name in ("exercise.yaml", "starter.py", "tests/test_open.py", NAME)}
        assert everything(first).keys() == programs | stated | tested | {
            "course.yaml",
            "README.md",
            ".gitignore",
            ".gitattributes",
            ".release.json",
            wheel()[0],
        }

    def test_comes_out_of_git_on_windows_as_it_went_in(self, first: Path, tmp_path: Path) -> None:
        shutil.copytree(first, tmp_path / "copy")
        git = ["git", "-c", "core.autocrlf=true", "-c", "user.name=a", "-c", "user.email=a@example.org"]
        for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "course"]):
            subprocess.run([*git, *command], cwd=tmp_path / "copy", check=True, capture_output=True)
        subprocess.run([*git, "clone", "-q", "copy", "clone"], cwd=tmp_path, check=True, capture_output=True)
        cloned = {name: content for name, content in everything(tmp_path / "clone").items() if name[:5] != ".git/"}
        assert cloned == everything(first)

    def test_keeps_what_an_author_calls_like_a_key_of_ours(self, tmp_path: Path) -> None:
        root = tmp_path / "course"
        new_course(root, ["en"], None)
        path = root / "exercises/1.1/exercise.yaml"
        text = path.read_text(encoding="utf-8")
        renamed = re.sub(r"\bx\b", "expect", text)
        assert "at: {expect: 3, " in renamed
        path.write_text(renamed, encoding="utf-8")
        copy = tmp_path / "copy"
        release(find_course(root), copy, box_maker("none"))
        work = find_course(copy).exercise("1.1").work
        assert isinstance(work, Stated) and "expect" in work.at
        assert "expect: 7" not in (copy / "exercises/1.1/exercise.yaml").read_text(encoding="utf-8")

    def test_holds_no_line_of_a_solution_or_of_a_wrong_program_packed_or_not(self, course: Path, first: Path) -> None:
        given = b"".join(path.read_bytes() for path in course.glob("exercises/**/*") if path.is_file())
        lines = {
            line.strip()
            for path in course.glob("solutions/**/*.*")  # the hidden tests among them
            if path.suffix in PROGRAMS and isinstance(source := read_program(path.read_bytes(), path.name), Source)
            for line in source.text.encode().splitlines()
            if len(line.strip()) > 6 and line.strip() not in given
        }
        assert len(lines) > 30
        held = [*everything(first).values(), *map(unpacked, first.glob(f"exercises/*/{NAME}"))]
        assert [line for line in lines if any(line in content for content in held)] == []

    def test_holds_no_secret_no_gradebook_and_no_expected_value(self, course: Path, first: Path) -> None:
        held = b"\n".join([*everything(first).values(), *map(unpacked, first.glob(f"exercises/*/{NAME}"))])
        for secret in (SECRET.encode(), b"pa55word", b"expect:", b"gradebook:"):
            assert secret not in held
        assert b"expect: -18" in (course / "exercises/1.1/exercise.yaml").read_bytes()

    def test_tells_no_word_of_a_solution_to_who_tries_a_dictionary(self, course: Path, first: Path) -> None:
        for id in ("1.2", "4.4"):
            solution = read_source((course / f"solutions/{id}/solution.py").read_bytes(), "solution.py")
            assert isinstance(solution, Source)
            words = features(solution)
            dictionary = digest_of(solution, (), Source("", "")).habits
            assert len(words) > 5 and len(dictionary) > 5
            held = unpacked(first / f"exercises/{id}" / NAME)
            assert b'"habits"' in held and not [each for each in dictionary if each.encode() in held]

    def test_cannot_be_read_in_passing(self, first: Path) -> None:
        hints = (b"graph-cut", b"bias-forgotten")
        content = (first / "exercises/1.2" / NAME).read_bytes()
        assert not any(hint in content for hint in hints) and all(
            hint in unpacked(first / "exercises/1.2" / NAME) for hint in hints
        )

    def test_has_a_readme_in_each_language_of_the_course(self, first: Path) -> None:
        text = (first / "README.md").read_text(encoding="utf-8")
        assert "Do not change anything in `exercises/`" in text and "Ishingiz `work/` papkasida turadi" in text
        torch, own = (line.strip() for line in text.splitlines()[:20] if "pip install" in line)
        # No name that an index could have: torch from its own, and the grader from the file beside.
        assert torch == "python -m pip install torch --index-url https://download.pytorch.org/whl/cpu"
        assert own == f"python -m pip install ./{wheel()[0]}"
        assert "course start 1.2" in text and "course submit 1.1 --answer" in text and "$" not in text


class TestJudgingThere:
    def test_gives_a_right_program_full_marks_and_says_practice(self, course: Path, copy: Path) -> None:
        for id in ("1.2", "4.4"):
            done = run(copy, "submit", id, str(course / f"solutions/{id}/solution.py"), "--json", COURSE_SECRET="mine")
            report = json.loads(done.stdout)
            assert done.returncode == 0 and report["practice"] is True and report["score"] == report["max_score"]

    def test_names_a_mistake_as_the_course_does(self, course: Path, copy: Path) -> None:
        box = box_maker("none")
        programs = sorted(course.glob("solutions/1.2/wrong/*"))
        assert [path.suffix for path in programs] == [".ipynb", ".py", ".py"]
        for path in programs:
            report = submitted(copy, Request("1.2", path, student="s001"), box)
            named = [each for check in report["checks"] for each in check.get("misconceptions", [])]
            assert named and named[0]["name"] == path.stem and named[0]["hint"]

    def test_of_stated_values_starts_no_box_and_asks_for_no_torch(
        self, copy: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def none_here() -> NoReturn:
            raise AssertionError("torch was asked for")

        monkeypatch.setattr("grader.grading.judge.reference.torch_version", none_here)
        monkeypatch.setattr("grader.actions.student.submit.torch_version", none_here)
        report = submitted(copy, Request("1.1", answers=("y_hat=7", "dloss_dw=-18"), student="s001"))
        assert (report["score"], report["practice"]) == (3, True)
        wrong = submitted(copy, Request("1.1", answers=("y_hat=7", "dloss_dw=18"), student="s001"))
        assert "sign-flipped" in [each["name"] for each in wrong["checks"][1]["misconceptions"]]

    def test_of_stated_values_imports_no_torch(self, copy: Path) -> None:
        program = (
            "import sys; from grader.cli.boundary import run\n"
            "try: run()\n"
            "finally: print(sorted({'torch', 'sqlalchemy'} & set(sys.modules)), file=sys.stderr)"
        )
        done = subprocess.run(
            [sys.executable, "-P", "-c", program, "submit", "1.1", "--answer", "y_hat=7"],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "[]")

    def test_puts_the_public_tests_to_a_program_and_says_which_are_not_there(self, course: Path, copy: Path) -> None:
        box, solution = box_maker("none"), course / "solutions/9.1/solution.py"
        report = submitted(copy, Request("9.1", solution, student="s001"), box)
        came = {check["name"]: (check["verdict"], check.get("message")) for check in report["checks"]}
        kept_back = ("skipped", "Not checked: its tests are not in the students' copy.")
        assert report["practice"] and came == {"mean": kept_back, "refuses": ("pass", ""), "running": kept_back}
        empty = copy / "empty.py"
        empty.write_text("", encoding="utf-8")
        checks = submitted(copy, Request("9.1", empty, student="s001"), box)["checks"]
        assert "mean" in checks[1]["message"] and checks[1]["verdict"] != "pass"

    def test_status_is_where_the_student_stands(self, copy: Path) -> None:
        me = {"COURSE_STUDENT": "Lola"}
        assert run(copy, "submit", "1.1", "--answer", "y_hat=5", **me).returncode == 1
        assert run(copy, "submit", "1.1", "--answer", "y_hat=7", **me).returncode in (0, 1)
        done = run(copy, "status", "--lang", "en", **me)
        lines = [line.split() for line in done.stdout.splitlines()]
        assert done.returncode == 0 and [line[0] for line in lines[1:3]] == ["1.1", "1.2"], done.stderr
        assert lines[1][-1] == "2" and lines[2][-3:] == ["not", "handed", "in"]
        assert "practice" in done.stdout and "1.1" not in run(copy, "status", "--only", "1.2", **me).stdout

    def test_hints_and_draws_pages(self, course: Path, copy: Path) -> None:
        told = run(copy, "submit", "1.2", str(course / "solutions/1.2/wrong/graph-cut.py")).stdout
        hints = [run(copy, "hint", "1.2").stdout for _ in range(3)]
        assert "no gradient reaches it" in told and "goes along the graph only" in hints[-1] and len(set(hints)) == 3
        done = run(copy, "feedback", "1.2")
        page = (copy / "feedback/1.2.html").read_text(encoding="utf-8")
        assert done.returncode == 1 and "graph-cut" in page

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (("grade", "class"), "practice and gives no grades"),
            (("check",), "students' copy"),
            (("release", "again"), "students' copy"),
            (("submit", "1.1", "--answer", "y_hat=7", "--seed", "x"), "leave --seed out"),
        ],
    )
    def test_refuses_what_only_the_course_can_do(self, copy: Path, arguments: tuple[str, ...], sentence: str) -> None:
        (copy / "class").mkdir()
        done = run(copy, *arguments)
        assert done.returncode == 2 and sentence in done.stderr and "A secret was created" not in done.stderr


def said_of(copy: Path) -> str:
    with pytest.raises(CouldNotJudge) as told:
        submitted(copy, Request("1.1", answers=("y_hat=7",), student="s001"))
    return told.value.message.said(lambda words: words, "en")


class TestACopyThatIsNotAsReleased:
    def test_says_that_its_exercise_was_changed(self, copy: Path) -> None:
        path = copy / "exercises/1.1/exercise.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("points: 2", "points: 9"), encoding="utf-8")
        assert "exercises/1.1/exercise.yaml is not the one that was released" in said_of(copy)
        done = run(copy, "submit", "1.1", "--answer", "y_hat=7")
        assert done.returncode == 4 and "your own work in work/ stays" in done.stderr

    def test_a_remark_in_its_exercise_changes_nothing(self, copy: Path) -> None:
        path = copy / "exercises/1.1/exercise.yaml"
        path.write_text("# A remark.\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
        assert run(copy, "submit", "1.1", "--answer", "y_hat=7").returncode in (0, 1)

    @pytest.mark.parametrize(
        ("theirs", "ours", "mend"),
        [
            (JUDGING + 1, JUDGING, f'{wheel()[0]}"'),
            (JUDGING, JUDGING + 1, "Get the course's files again"),
        ],
    )
    def test_says_that_its_grader_judged_by_other_rules(
        self, copy: Path, monkeypatch: pytest.MonkeyPatch, theirs: int, ours: int, mend: str
    ) -> None:
        monkeypatch.setattr(grading_judge, "JUDGING", ours)
        path = copy / "exercises/1.1" / NAME
        path.write_bytes(pack(replace(unpack(path.read_bytes()), judging=theirs)))
        assert mend in said_of(copy)

    def test_says_which_torch_made_it_and_judges_all_the_same(self, course: Path, copy: Path) -> None:
        path = copy / "exercises/1.2" / NAME
        path.write_bytes(pack(replace(unpack(path.read_bytes()), torch="1.0.0+cpu")))
        done = run(copy, "submit", "1.2", str(course / "solutions/1.2/solution.py"))
        assert done.returncode == 0 and "pip install torch==1.0.0" in done.stderr

    @pytest.mark.parametrize(
        "change",
        [
            lambda content: b"",
            lambda content: content[:-1],
            lambda content: content + b"x",
            lambda content: content[:60] + bytes([content[60] ^ 1]) + content[61:],
            lambda content: pickle.dumps({"grader": "mine"}),
            lambda content: packed(b'{"judging":' + b"[" * 100_000),
            lambda content: packed(b"{}\n"),
            lambda content: packed(bytes(129 * 2**20)),
            lambda content: packed(unpacked_body(content).replace(b'"reference":[[', b'"reference":[[1,', 1)),
            lambda content: packed(unpacked_body(content).replace(b'"torch":', b'"extra":1,"torch":', 1)),
            lambda content: pack(replace(unpack(content), reference=[[b"\0\0\0\1\0\0\0\0{", b""]])),
            lambda content: pack(replace(unpack(content), reference=[[b""]])),
            lambda content: pack(replace(unpack(content), reference=[])),
        ],
    )
    def test_is_not_believed(self, copy: Path, change: Callable[[bytes], bytes]) -> None:
        path = copy / "exercises/1.1" / NAME
        path.write_bytes(change(path.read_bytes()))
        assert "has been changed since it was released" in said_of(copy)


def unpacked_body(content: bytes) -> bytes:
    return zlib.decompress(content[len(MAGIC) + 32 :])


def packed(body: bytes) -> bytes:
    """Return a file whose hash is right: a student can write that as well."""
    return MAGIC + hashlib.sha256(body).digest() + zlib.compress(body)


@settings(max_examples=examples(200), deadline=None)
@given(st.binary(max_size=200), st.data())
def test_no_bytes_make_the_reader_do_anything_but_refuse(first: Path, some: bytes, data: st.DataObject) -> None:
    body = unpacked_body((first / "exercises/1.1" / NAME).read_bytes())
    at = data.draw(st.integers(0, len(body)))
    for content in (some, MAGIC + some, packed(some), packed(body[:at] + some + body[at + len(some) :])):
        try:
            unpack(content)
        except NotAsReleased:
            continue


class TestReleasingAgain:
    def test_brings_the_copy_up_to_date_and_leaves_what_students_wrote(
        self, course: Path, copy: Path, tmp_path: Path
    ) -> None:
        mine = {"work/1.2.py": b"mine", "notes.txt": b"mine too", "submissions/x": b"1"}
        for name, content in mine.items():
            (copy / name).parent.mkdir(exist_ok=True)
            (copy / name).write_bytes(content)
        later = shutil.copytree(course, tmp_path / "later")
        shutil.rmtree(later / "exercises/4.4")
        path = later / "exercises/1.2/starter.py"
        path.write_text(path.read_text(encoding="utf-8") + "# new\n", encoding="utf-8")
        release(find_course(later), copy, box_maker("none"))
        now = everything(copy)
        assert now.items() >= mine.items() and now["exercises/1.2/starter.py"].endswith(b"# new\n")
        assert not any(name.startswith("exercises/4.4") for name in now)

    @pytest.mark.parametrize("name", ["exercises/1.2/starter.py", "README.md"])
    def test_never_writes_over_what_was_changed_there(self, course: Path, copy: Path, name: str) -> None:
        (copy / name).write_text("mine", encoding="utf-8")
        before = everything(copy)
        with pytest.raises(UsageFault) as told:
            release(find_course(course), copy, box_maker("none"))
        assert name in told.value.messages[0].said(lambda words: words, "en") and everything(copy) == before

    def test_never_writes_into_a_folder_of_something_else(self, course: Path, tmp_path: Path) -> None:
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "thesis.tex").write_text("x")
        for folder in (tmp_path / "other", course):
            before = everything(folder)
            with pytest.raises(UsageFault):
                release(find_course(course), folder, box_maker("none"))
            assert everything(folder) == before

    def test_believes_no_list_that_leads_outside(self, course: Path, copy: Path, tmp_path: Path) -> None:
        victim = tmp_path / "victim"
        victim.write_bytes(b"x")
        manifest = json.loads((copy / ".release.json").read_text())
        manifest["files"] |= dict.fromkeys(("../victim", str(victim)), hashlib.sha256(b"x").hexdigest())
        (copy / ".release.json").write_text(json.dumps(manifest))
        release(find_course(course), copy, box_maker("none"))
        assert victim.read_bytes() == b"x"
