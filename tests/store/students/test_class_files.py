"""The submissions of a class on disk, in trees that students made: what is not understood is listed, never followed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.core.words.errors import UsageFault
from grader.store.students.class_files import ClassFiles
from grader.store.students.found import FoundSubmission
from grader.store.students.plain_files import MOST_BYTES, read_plain_file
from grader.store.students.submissions import folder_name, record_submission

IDS = ["4.1", "4.5", "4.10"]
CODE = b"w = 1.0\n"
NO_RECORD = "not a record of course submit"
NOT_PLAIN = "it cannot be read: no plain file"
NOT_UTF8 = "its name is not valid UTF-8"
LINK = "links are not followed"
NO_TIME = "not a time such as 2026-11-20 18:03:11 UTC; the times of the files are used instead"
linux = pytest.mark.skipif(sys.platform != "linux", reason="made with what Linux has")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "class"
    folder.mkdir()
    return folder


@pytest.fixture
def short() -> Iterator[Path]:
    """Return a folder whose path is short enough for a socket's name."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def memory(root: Path) -> Iterator[Path]:
    """Return a folder in a file system that keeps every time, where this machine has one."""
    if not Path("/dev/shm").is_dir():
        yield root
        return
    folder = Path(tempfile.mkdtemp(dir="/dev/shm"))
    yield folder
    shutil.rmtree(folder)


def put(path: Path, content: bytes = CODE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def record(folder: Path, content: object = None, **changes: object) -> Path:
    """Make a record as `course submit` does, with some of it changed; return its folder."""
    about = {"student": "s001", "file": "4.5.py", "time": "2026-11-20T18:03:11+00:00"} | changes
    put(folder / "4.5.py")
    put(folder / "submission.json", json.dumps(about if content is None else content).encode())
    return folder


def read(root: Path) -> ClassFiles:
    return ClassFiles(root, IDS).read()


def found(root: Path) -> list[tuple[str, str, str]]:
    """Return student, exercise and path of each submission."""
    return [(each.student, each.exercise, each.path.relative_to(root).as_posix()) for each in read(root).submissions]


def unknown(root: Path) -> dict[str, str]:
    """Return why something is no submission, by its path."""
    tree = read(root)
    return {os.fsdecode(each.path.relative_to(root)): each.why.said(str) for each in tree.unknown}


def only(root: Path) -> FoundSubmission:
    tree = read(root)
    (submission,) = tree.submissions
    assert not tree.unknown
    return submission


class TestLayouts:
    def test_files_as_people_collect_them(self, root: Path) -> None:
        for name in ("s001/4.1.yaml", "s001/4.5.py", "s002/4.10.ipynb"):
            put(root / name)
        assert found(root) == [
            ("s001", "4.1", "s001/4.1.yaml"),
            ("s001", "4.5", "s001/4.5.py"),
            ("s002", "4.10", "s002/4.10.ipynb"),
        ]

    def test_what_course_submit_records(self, root: Path) -> None:
        kept = record_submission(root, "s001", "4.5", ".py", CODE)
        tree = root / "submissions"
        submission = only(tree)
        assert submission.path == kept.folder / "4.5.py"
        assert (submission.student, submission.exercise, submission.sha256) == ("s001", "4.5", kept.sha256)

    def test_both_for_one_student(self, root: Path) -> None:
        put(root / "s001" / "4.1.yaml")
        record(root / "s001" / "4.5" / "first")
        assert [each[:2] for each in found(root)] == [("s001", "4.1"), ("s001", "4.5")]
        assert read(root).students == ["s001"]

    @pytest.mark.parametrize(
        "student", ["Gʻulom Oʻrinov", "a/b", "..", "100%", "a%2Fb", "x" * 300, "Ў" * 100, "🎓", "nul"]
    )
    def test_a_student_of_any_name_is_known_by_it(self, root: Path, student: str) -> None:
        record_submission(root, student, "4.5", ".py", CODE)
        assert only(root / "submissions").student == student
        assert read(root / "submissions").students == [student]

    def test_a_folder_is_named_as_records_name_it(self, root: Path) -> None:
        put(root / folder_name("Oʻrinov/Gʻulom") / "4.5.py")
        assert only(root).student == "Oʻrinov/Gʻulom"

    @pytest.mark.parametrize("name", ["%61li", "a%2fb", "100%25 x%", "a%00b", "%FF", "a%ED%B3%BF", "%"])
    def test_a_percent_sign_that_records_would_not_write_is_one_of_the_name(self, root: Path, name: str) -> None:
        put(root / name / "4.5.py")
        assert only(root).student == name

    def test_a_folder_that_is_written_like_another_students_name_is_a_student_of_its_own(self, root: Path) -> None:
        for name in ("ali", "%61li"):
            put(root / name / "4.5.py")
        assert found(root) == [("%61li", "4.5", "%61li/4.5.py"), ("ali", "4.5", "ali/4.5.py")]

    @pytest.mark.parametrize(
        ("one", "other"), [("e\u0301lan", "\u00e9lan"), ("Oʻktam", folder_name("Oʻktam"))], ids=["unicode", "percent"]
    )
    def test_work_in_two_folders_of_one_student_is_left_out_and_told(self, root: Path, one: str, other: str) -> None:
        for name in (one, other):
            put(root / name / "4.5.py")
        put(root / "vali" / "4.5.py")
        assert [each[0] for each in found(root)] == ["vali"]
        assert unknown(root) == {
            one: f"{other} is the same student; keep the work of one student in one folder",
            other: f"{one} is the same student; keep the work of one student in one folder",
        }

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            *(("Ali", "ali"), ("ali", "ali "), ("a li", "a  li"), ("ali", "ａｌｉ"), ("ali", "ali\u200b")),
            ("O'ktam", "O\u2018ktam"),
        ],
    )
    def test_names_that_look_alike_are_two_students_and_told(self, root: Path, one: str, other: str) -> None:
        for name in (one, other):
            put(root / name / "4.5.py")
        assert {each[0] for each in found(root)} == {one, other}
        (why,) = unknown(root).values()
        assert why.startswith("graded as a student other than ")

    def test_two_spellings_of_a_folder_are_one_student(self, root: Path) -> None:
        put(root / "O'ktam" / "4.1.yaml")
        record_submission(root, "O'ktam", "4.5", ".py", CODE)
        shutil.move(root / "submissions" / folder_name("O'ktam"), root / "O%27ktam")
        (root / "submissions").rmdir()
        assert [each[:2] for each in found(root)] == [("O'ktam", "4.1"), ("O'ktam", "4.5")]
        assert read(root).students == ["O'ktam"]

    def test_an_accent_is_one_letter_with_its_own_or_two(self, root: Path) -> None:
        put(root / "e\u0301lan" / "4.5.py")
        (root / "e\u0301lan" / "4.1").mkdir()
        assert [each[0] for each in found(root)] == read(root).students == ["\u00e9lan"]

    def test_a_student_who_handed_in_nothing_is_one(self, root: Path) -> None:
        (root / "s001").mkdir()
        assert read(root).students == ["s001"] and not read(root).unknown

    def test_attempts_are_in_the_order_in_which_they_came(self, root: Path) -> None:
        for name, day in (("a", 3), ("b", 1), ("c", 2)):
            record(root / "s001" / "4.5" / name, time=f"2026-11-0{day}T00:00:00+00:00")
        put(root / "s000" / "4.5.py")
        assert [path for _, _, path in found(root)] == [
            "s000/4.5.py",
            "s001/4.5/b/4.5.py",
            "s001/4.5/c/4.5.py",
            "s001/4.5/a/4.5.py",
        ]

    def test_an_empty_folder_is_a_class_of_nobody(self, root: Path) -> None:
        tree = read(root)
        assert (tree.students, tree.submissions, tree.unknown) == ([], [], [])

    def test_what_systems_leave_behind_is_passed_over(self, root: Path) -> None:
        for name in (".DS_Store", "roster.csv", "s001/Thumbs.db", "s001/__pycache__/4.5.pyc", "__MACOSX/s001/4.5.py"):
            put(root / name)
        put(root / "s001" / ".ipynb_checkpoints" / "4.5.ipynb")
        assert (found(root), unknown(root), read(root).students) == ([], {}, ["s001"])

    @pytest.mark.parametrize("name", ["none", "file"])
    def test_a_folder_that_is_not_there_is_told(self, root: Path, name: str) -> None:
        put(root / "file")
        with pytest.raises(UsageFault):
            read(root / name)


class TestUnknown:
    def test_each_is_listed_with_a_reason(self, root: Path) -> None:
        for name in ("4.5.py", "s001/4.6.py", "s001/4.5.txt", "s001/notes/a.py", "s001/4.5", "s002/4.5/x.py"):
            put(root / name)
        (root / "s001" / "4.10.py").mkdir()
        assert unknown(root) == {
            "4.5.py": "expected one folder per student",
            "s001/4.10.py": "this course has no exercise 4.10.py",
            "s001/4.5": "a submission must end in .py, .ipynb, .yaml",
            "s001/4.5.txt": "a submission must end in .py, .ipynb, .yaml",
            "s001/4.6.py": "this course has no exercise 4.6",
            "s001/notes": "this course has no exercise notes",
            "s002/4.5/x.py": NO_RECORD,
        }

    def test_one_does_not_hide_the_others(self, root: Path) -> None:
        put(root / "s001" / "junk.bin")
        put(root / "s001" / "4.5.py")
        assert [each[:2] for each in found(root)] == [("s001", "4.5")]


class TestTimes:
    def test_a_file_was_handed_in_when_it_was_changed(self, root: Path) -> None:
        os.utime(put(root / "s001" / "4.5.py"), (0, 1_800_000_000))
        assert only(root).submitted == datetime.fromtimestamp(1_800_000_000, UTC)

    @pytest.mark.parametrize(
        "stamp",
        [
            "2026-11-20 18:03:11 UTC",
            "2026-11-20 18:03:11",
            "2026-11-20 18:03:11.000000 UTC\n",
            "2026-11-20T23:03:11+05:00",
        ],
    )
    def test_what_nbgrader_says_goes_before_that(self, root: Path, stamp: str) -> None:
        put(root / "s001" / "4.5.py")
        put(root / "s001" / "timestamp.txt", stamp.encode())
        assert only(root).submitted == datetime(2026, 11, 20, 18, 3, 11, tzinfo=UTC)

    @pytest.mark.parametrize(
        "stamp",
        [
            *(b"", b"yesterday", b"\xff\xfe", b"2026-11-20 18:03:11 Mars/Base", b"0001-01-01 00:00:00+05:00"),
            *(b"9999-12-31 23:59:59-05:00", b"\0"),
        ],
        ids=lambda stamp: ascii(stamp[:12]),
    )
    def test_a_timestamp_that_says_nothing_is_listed_and_the_files_time_taken(self, root: Path, stamp: bytes) -> None:
        os.utime(put(root / "s001" / "4.5.py"), (0, 1_800_000_000))
        put(root / "s001" / "timestamp.txt", stamp)
        (submission,) = read(root).submissions
        assert submission.submitted == datetime.fromtimestamp(1_800_000_000, UTC)
        assert unknown(root) == {"s001/timestamp.txt": NO_TIME}

    def test_a_timestamp_that_is_a_folder_is_listed(self, root: Path) -> None:
        put(root / "s001" / "4.5.py")
        (root / "s001" / "timestamp.txt").mkdir()
        assert [each[0] for each in found(root)] == ["s001"]
        assert unknown(root) == {"s001/timestamp.txt": NO_TIME}

    def test_a_record_says_when_it_was_made(self, root: Path) -> None:
        record(root / "s001" / "4.5" / "a", time="2026-11-20T23:03:11+05:00")
        assert only(root).submitted == datetime(2026, 11, 20, 18, 3, 11, tzinfo=UTC)

    @pytest.mark.parametrize("seconds", [2**40, -(2**40)])
    def test_a_file_of_an_impossible_year_is_listed(self, memory: Path, seconds: int) -> None:
        path = put(memory / "s001" / "4.5.py")
        os.utime(path, (0, seconds))
        if path.stat().st_mtime != seconds:
            pytest.skip("this file system has no such time")
        assert unknown(memory) == {"s001/4.5.py": "it cannot be read: its time is out of range"}


class TestHostileTrees:
    @linux
    def test_a_link_to_anothers_work_is_not_followed(self, root: Path) -> None:
        put(root / "s002" / "4.5.py")
        (root / "s001").mkdir()
        (root / "s001" / "4.5.py").symlink_to("../s002/4.5.py")
        assert [each[0] for each in found(root)] == ["s002"]
        assert unknown(root) == {"s001/4.5.py": LINK}

    @linux
    @pytest.mark.parametrize("target", ["/etc/passwd", "../../outside.py", "nowhere", "4.5.py"])
    def test_a_link_to_the_outside_is_not_followed(self, root: Path, target: str) -> None:
        put(root.parent / "outside.py")
        (root / "s001").mkdir()
        (root / "s001" / "4.5.py").symlink_to(target)
        assert unknown(root) == {"s001/4.5.py": LINK}

    @linux
    def test_a_linked_folder_is_not_followed(self, root: Path) -> None:
        record(root.parent / "other" / "4.5" / "a")
        put(root.parent / "other" / "4.1.yaml")
        (root / "s001").symlink_to("../other")
        record(root / "s002" / "4.10" / "a", file="4.10.py", student="s002").rename(root.parent / "moved")
        (root / "s002" / "4.10" / "a").symlink_to("../../../moved")
        (root / "s002" / "4.5").symlink_to("../../other/4.5")
        assert found(root) == []
        assert unknown(root) == {
            "s001": LINK,
            "s002/4.10/a": NO_RECORD,
            "s002/4.5": LINK,
        }

    @linux
    @pytest.mark.parametrize("name", ["4.5.py", "submission.json"])
    def test_a_link_inside_a_record_is_not_followed(self, root: Path, name: str) -> None:
        folder = record(root / "s001" / "4.5" / "a")
        (folder / name).rename(root.parent / name)
        (folder / name).symlink_to(root.parent / name)
        assert found(root) == []
        assert list(unknown(root).values()) == [LINK if name == "4.5.py" else NO_RECORD]

    @linux
    def test_a_pipe_is_not_waited_for(self, root: Path) -> None:
        (root / "s001").mkdir()
        os.mkfifo(root / "s001" / "4.5.py")
        os.mkfifo(root / "s001" / "timestamp.txt")
        os.mkfifo(root / "s003")
        folder = record(root / "s002" / "4.5" / "a")
        (folder / "submission.json").unlink()
        os.mkfifo(folder / "submission.json")
        assert unknown(root) == {
            "s001/4.5.py": NOT_PLAIN,
            "s001/timestamp.txt": NO_TIME,
            "s002/4.5/a": NO_RECORD,
            "s003": "expected one folder per student",
        }

    @linux
    def test_a_socket_is_no_submission(self, short: Path) -> None:
        (short / "s001").mkdir()
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(short / "s001" / "4.5.py"))
            assert list(unknown(short)) == ["s001/4.5.py"]

    def test_folders_where_files_belong_use_nothing_up(self, root: Path) -> None:
        for number in range(50):
            folder = root / "s001" / "4.5" / f"{number}"
            (folder / "submission.json").mkdir(parents=True)
        (root / "s002" / "4.5" / "a").mkdir(parents=True)
        record(root / "s003" / "4.5" / "a", student="s003")
        (root / "s003" / "4.5" / "a" / "4.5.py").unlink()
        (root / "s003" / "4.5" / "a" / "4.5.py").mkdir()
        before = os.open(root / "s003" / "4.5" / "a" / "submission.json", os.O_RDONLY)
        os.close(before)
        reasons = unknown(root)
        after = os.open(root / "s003" / "4.5" / "a" / "submission.json", os.O_RDONLY)
        os.close(after)
        assert after == before
        assert list(reasons.values()) == [NO_RECORD] * 51 + [NOT_PLAIN]

    def test_of_a_huge_file_no_more_is_read_than_a_submission_may_have(self, root: Path) -> None:
        path = put(root / "s001" / "4.5.py")
        os.truncate(path, 2**36)
        content, _ = read_plain_file(path)
        assert len(content) == MOST_BYTES
        assert only(root).sha256 == hashlib.sha256(content).hexdigest()

    @linux
    @pytest.mark.parametrize("name", [b"\xff\xfe", b"a\xe9"])
    def test_a_student_whose_name_no_database_takes_is_listed(self, root: Path, name: bytes) -> None:
        put(root / os.fsdecode(name) / "4.5.py")
        assert unknown(root) == {os.fsdecode(name): NOT_UTF8}
        assert read(root).students == []

    @linux
    def test_a_file_whose_name_cannot_be_read_is_listed(self, root: Path) -> None:
        put(root / "s001" / os.fsdecode(b"4.5\xff.py"))
        assert list(unknown(root).values()) == ["this course has no exercise 4.5?"]

    def test_control_characters_in_names_do_not_reach_a_terminal(self, root: Path) -> None:
        put(root / "s001" / "\x1b[2J\u202e.py")
        assert list(unknown(root).values()) == ["this course has no exercise ?[2J?"]


class TestHostileRecords:
    def test_a_record_that_names_another_student_is_listed(self, root: Path) -> None:
        record(root / "s001" / "4.5" / "a", student="s002")
        assert found(root) == []
        assert unknown(root) == {"s001/4.5/a": "it belongs to another student: s002"}

    @pytest.mark.parametrize(
        "file", ["4.1.yaml", "4.10.py", "4.5.pyc", "../x.py", "/etc/passwd", "submission.json", "", "."]
    )
    def test_a_record_names_a_file_of_its_exercise(self, root: Path, file: str) -> None:
        put(root / "s001" / "4.5" / "x.py")
        record(root / "s001" / "4.5" / "a", file=file)
        assert found(root) == []
        assert unknown(root)["s001/4.5/a"] == NO_RECORD

    def test_a_record_without_its_file_is_listed(self, root: Path) -> None:
        record(root / "s001" / "4.5" / "a", file="4.5.ipynb")
        assert unknown(root) == {"s001/4.5/a": "4.5.ipynb is missing"}

    @pytest.mark.parametrize(
        "time", ["2026-11-20T18:03:11", "soon", "", "0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"]
    )
    def test_a_record_has_a_time_with_its_zone(self, root: Path, time: str) -> None:
        record(root / "s001" / "4.5" / "a", time=time)
        assert unknown(root) == {"s001/4.5/a": NO_RECORD}

    @pytest.mark.parametrize("key", ["student", "file", "time"])
    @pytest.mark.parametrize("wrong", [None, 1, True, [], ["s001"], {}, {"s001": 1}], ids=ascii)
    def test_a_record_of_wrong_types_is_listed(self, root: Path, key: str, wrong: object) -> None:
        record(root / "s001" / "4.5" / "a", **{key: wrong})
        assert unknown(root) == {"s001/4.5/a": NO_RECORD}

    @pytest.mark.parametrize("student", ["\ud800", "s001\0", ""], ids=ascii)
    def test_a_record_of_a_name_that_no_database_takes_is_listed(self, root: Path, student: str) -> None:
        record(root / folder_name(student or "s001") / "4.5" / "a", student=student)
        assert found(root) == [] and len(unknown(root)) == 1

    @pytest.mark.parametrize(
        "content",
        [
            *(b"", b"[]", b'"student"', b"null", b"{}", b"\xff", b"\0", b"[" * 60_000, b'{"a":' * 10_000),
            b'{"student": "s001", "file": "4.5.py", "time": "2026-11-20T18:03:11Z", "x": "' + b"x" * 2**20 + b'"}',
        ],
        ids=lambda content: ascii(content[:12]),
    )
    def test_a_record_that_is_no_json_of_ours_is_listed(self, root: Path, content: bytes) -> None:
        put(record(root / "s001" / "4.5" / "a") / "submission.json", content)
        assert unknown(root) == {"s001/4.5/a": NO_RECORD}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes().map(str),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries({"student": JSON, "file": JSON, "time": JSON}) | JSON)
def test_any_record_is_read_or_listed(root: Path, content: object) -> None:
    put(root / "s001" / "4.5" / "a" / "submission.json", json.dumps(content).encode())
    assert list(unknown(root)) == ["s001/4.5/a"]
