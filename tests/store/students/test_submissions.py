"""What was submitted is kept as it was: bytes, hash, time and student, each in a folder of its own."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from repository import examples

from grader.store.students import submissions
from grader.store.students.submissions import Record, folder_name, folder_names, record_submission

NOW = datetime(2026, 3, 4, 5, 6, 7, 890, tzinfo=UTC)
CONTENT = "w = 1.0  # oʻquvchi\n".encode()

HOSTILE = [
    *("../../x", "..", ".", "...", "a/b", "a\\b", "/etc/passwd", "C:\\Windows", "~", "~root", "-rf", ".git", "a\0b"),
    *(
        "CON",
        "con",
        "nul",
        "NUL.txt",
        "COM1",
        "LPT9",
        "AUX ",
        "a.",
        "a. .",
        "a .",
        "a",
        "a:stream",
        'a*?<>|"b',
        "%2E%2E",
    ),
    *(
        "%2e%2e",
        "a\nb",
        "a\tb",
        "\x1b[2J",
        "\u202egnp.exe",
        "Gʻulom Oʻrinov",
        "Гулом Ўринов",
        "Ғулом",
        "学生",
        "é",
        "e\u0301",
    ),
    *(
        "x" * 300,
        "x" * 301,
        "Ў" * 300,
        "Ў" * 299 + "Ғ",
        "🎓" * 100,
        "s001",
        "s001@example.org",
        os.fsdecode(b"\xff\xfe"),
    ),
]


class FrozenClock(datetime):
    """The same moment again and again."""

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        return NOW


def record(root: Path, student: str = "s001", content: bytes = CONTENT) -> Record:
    return record_submission(root, student, "4.5", ".py", content)


def about(record: Record) -> dict[str, object]:
    content: dict[str, object] = json.loads((record.folder / "submission.json").read_bytes())
    return content


def test_the_bytes_are_kept_as_they_were(tmp_path: Path) -> None:
    content = b"\xff\r\n\0 not even text"
    assert (record(tmp_path, content=content).folder / "4.5.py").read_bytes() == content


def test_a_record_says_what_when_and_who(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "datetime", FrozenClock)
    assert about(record(tmp_path, "Gʻulom")) == {
        "format_version": 1,
        "exercise": "4.5",
        "student": "Gʻulom",
        "time": "2026-03-04T05:06:07.000890+00:00",
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
        "file": "4.5.py",
    }


def test_a_record_lies_under_its_student_and_exercise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "datetime", FrozenClock)
    digest = hashlib.sha256(CONTENT).hexdigest()[:12]
    folder = tmp_path / "submissions" / "s001" / "4.5" / f"20260304T050607.000890Z-{digest}"
    assert record(tmp_path).folder == folder


def test_the_same_file_again_is_a_second_record(tmp_path: Path) -> None:
    first, second = record(tmp_path), record(tmp_path)
    assert first.folder != second.folder
    assert first.sha256 == second.sha256
    assert (first.folder / "4.5.py").read_bytes() == (second.folder / "4.5.py").read_bytes() == CONTENT


def test_the_same_file_in_the_same_moment_is_a_second_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "datetime", FrozenClock)
    assert len({record(tmp_path).folder for _ in range(5)}) == 5


def test_nothing_of_a_record_can_be_written_over(tmp_path: Path) -> None:
    kept = record(tmp_path)
    kept.add_report({"score": 1.0})
    with pytest.raises(FileExistsError):
        kept.add_report({"score": 2.0})
    assert json.loads((kept.folder / "report.json").read_bytes()) == {"score": 1.0}
    assert [path.name for path in kept.folder.iterdir() if path.stat().st_mode & 0o222] == []


def test_a_report_lies_beside_the_submission(tmp_path: Path) -> None:
    kept = record(tmp_path)
    kept.add_report({"message": "∂loss/∂w"})
    assert sorted(path.name for path in kept.folder.iterdir()) == ["4.5.py", "report.json", "submission.json"]
    assert "∂loss/∂w" in (kept.folder / "report.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("student", HOSTILE, ids=lambda name: ascii(name)[1:-1][:20])
def test_a_hostile_name_stays_inside(tmp_path: Path, student: str) -> None:
    kept = record(tmp_path, student)
    assert kept.folder.resolve().parents[2] == (tmp_path / "submissions").resolve()
    assert [path.name for path in tmp_path.iterdir()] == ["submissions"]


@pytest.mark.parametrize("student", HOSTILE, ids=lambda name: ascii(name)[1:-1][:20])
def test_a_hostile_name_is_kept_in_the_record(tmp_path: Path, student: str) -> None:
    assert about(record(tmp_path, student))["student"] == student


def test_no_two_students_share_a_folder() -> None:
    assert len({folder_name(student) for student in HOSTILE}) == len(set(HOSTILE))


def test_a_plain_name_is_its_own_folder() -> None:
    assert folder_name("s001@example.org") == "s001@example.org"
    assert folder_name("Ali Valiyev") == "Ali Valiyev"


RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}


def fits_everywhere(name: str) -> bool:
    """Whether `name` is one component of a path, and can be made, on Linux, macOS and Windows."""
    return (
        0 < len(name.encode()) <= 255
        and name.isascii()
        and name.isprintable()
        and not set(name) & set('/\\:*?"<>|')
        and name[-1] not in ". "
        and name[0] != " "
        and name.partition(".")[0].rstrip().upper() not in RESERVED
    )


@pytest.mark.parametrize("student", HOSTILE, ids=lambda name: ascii(name)[1:-1][:20])
def test_a_folder_can_be_made_on_every_system(student: str) -> None:
    assert fits_everywhere(folder_name(student))


@settings(deadline=None)
@given(student=st.text(min_size=1))
@example(student=" ")
@example(student="Com1.py")
def test_every_name_has_a_folder_that_can_be_made_on_every_system(student: str) -> None:
    assert fits_everywhere(folder_name(student))


NEAR = st.text(alphabet="aA .%2Ee~/-", min_size=1, max_size=6)


@settings(deadline=None, max_examples=examples(300))
@given(names=st.lists(st.one_of(NEAR, st.text(min_size=1)), min_size=2, max_size=8, unique=True))
@example(names=["a.", "a .", "a. ", "a. ."])
@example(names=["x" * 300, "x" * 301])
def test_different_names_have_different_folders(names: list[str]) -> None:
    assert len({folder_name(name) for name in names}) == len(names)


def test_students_who_differ_in_case_alone_have_names_that_no_file_system_merges():
    names = folder_names(["Ali", "ali", "Vali"])
    assert names["Vali"] == "Vali"
    assert len({name.casefold() for name in names.values()}) == 3
