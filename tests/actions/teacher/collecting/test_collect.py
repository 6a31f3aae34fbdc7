"""What students handed in elsewhere is collected: each file to its student, once, and what is not clear is asked."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from grading import Class, Ended
from repository import ROOT

from grader.core.words.errors import UsageFault
from grader.store.students.matches import Matches, Row, read_matches, write_matches

DOWNLOADS = ROOT / "tests" / "downloads"


@pytest.fixture
def group(course: Path) -> Class:
    shutil.copy(DOWNLOADS / "roster.csv", course)
    return Class(course)


def collect(group: Class, *arguments: str, code: int = 0) -> Ended:
    ended = group.run("collect", *arguments)
    assert ended.code == code, ended
    return ended


def recorded(group: Class) -> set[tuple[str, str, str]]:
    """Return student, exercise and content of everything in submissions/."""
    root = group.course / "submissions"
    return {
        (path.relative_to(root).parts[0], path.stem, path.read_text(encoding="utf-8").strip())
        for path in root.rglob("*")
        if path.is_file() and path.name != "submission.json"
    }


def asked(group: Class) -> list[dict[str, str]]:
    content = (group.course / "matches.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline=""), delimiter=";" if content.count(";") > 9 else ","))


def answer(group: Class, **cells: str) -> None:
    """Fill in the one line, as a spreadsheet saves it."""
    (row,) = asked(group)
    text = ";".join(row) + "\n" + ";".join(f'"{value}"' for value in {**row, **cells}.values()) + "\n"
    (group.course / "matches.csv").write_text("\ufeff" + text, encoding="utf-8")


def zipped(path: Path, entries: dict[str, str]) -> str:
    with zipfile.ZipFile(path, "w") as file:
        for name, text in entries.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 18, 0, 0)), text)
    return str(path)


def moodle(name: str, file: str, number: int = 7) -> str:
    return f"{name}_{number}_assignsubmission_file_/{file}"


def test_nothing_is_recorded_until_the_teacher_says_yes(group: Class) -> None:
    ended = collect(group, str(DOWNLOADS / "gradescope"))
    assert "Gradescope, 3 people, 3 of them recognised as students" in ended.out
    assert "3 new, 0 known before. Nothing has been recorded; to do it: --yes" in ended.out
    assert not (group.course / "submissions").exists()


def test_what_is_certain_is_recorded_with_where_it_came_from_and_when(group: Class, tmp_path: Path) -> None:
    collect(group, zipped(tmp_path / "m.zip", {moodle("Valiyev Ali", "4.1 (1).yaml"): "dloss_dw: -8\n"}), "--yes")
    assert recorded(group) == {("s001", "4.1", "dloss_dw: -8")}
    (about,) = (group.course / "submissions").rglob("submission.json")
    told = json.loads(about.read_bytes())
    assert (told["trust"], told["file"], told["time"]) == ("archive", "4.1.yaml", "2026-11-20T18:00:00+00:00")
    assert told["from"] == {"system": "moodle", "download": "m.zip", "file": moodle("Valiyev Ali", "4.1 (1).yaml")}


def test_again_on_the_same_or_a_newer_download_only_what_is_new_is_taken(group: Class, tmp_path: Path) -> None:
    first = {moodle("Ali Valiyev", "4.1.yaml"): "dloss_dw: 0\n"}
    collect(group, zipped(tmp_path / "1.zip", first), "--yes")
    assert "0 recorded, 1 known before" in collect(group, str(tmp_path / "1.zip"), "--yes").out
    collect(group, zipped(tmp_path / "2.zip", {moodle("Ali Valiyev", "4.1.yaml"): "dloss_dw: -8\n"}), "--yes")
    assert recorded(group) == {("s001", "4.1", "dloss_dw: 0"), ("s001", "4.1", "dloss_dw: -8")}


def test_a_later_download_betters_the_time_of_the_same_bytes(group: Class, tmp_path: Path) -> None:
    collect(group, str(DOWNLOADS / "moodle"), "--yes", code=1)
    before = len(list((group.course / "submissions" / "s001").rglob("submission.json")))
    collect(group, str(DOWNLOADS / "gradescope"), "--yes")
    trusts = [
        json.loads(path.read_bytes())["trust"] for path in (group.course / "submissions" / "s001").rglob("*.json")
    ]
    assert (before, sorted(trusts)) == (1, ["file", "system"])


def test_who_is_not_clear_is_asked_and_the_answer_is_obeyed(group: Class, tmp_path: Path) -> None:
    source = zipped(tmp_path / "m.zip", {moodle("N. Karimova", "4.1.yaml"): "dloss_dw: -8\n"})
    collect(group, source, "--yes", code=1)
    (row,) = asked(group)
    assert (row["system"], row["key"], row["shown_name"], row["suggested"]) == ("moodle", "7", "N. Karimova", "s004")
    answer(group, student="s004")
    before = (group.course / "matches.csv").read_bytes()
    collect(group, source, "--yes")
    assert recorded(group) == {("s004", "4.1", "dloss_dw: -8")}
    assert (group.course / "matches.csv").read_bytes() == before


def test_who_is_not_of_this_class_is_left_out_without_a_word_of_complaint(group: Class, tmp_path: Path) -> None:
    entries = {moodle("Somebody Else", "4.1.yaml"): "x: 1\n", moodle("Ali Valiyev", "4.1.yaml", 8): "dloss_dw: -8\n"}
    source = zipped(tmp_path / "m.zip", entries)
    collect(group, source, code=1)
    answer(group, student="-")
    assert "Not of this class, as matches.csv says: 1" in collect(group, source, "--yes").out
    assert {student for student, _, _ in recorded(group)} == {"s001"}


def test_a_file_that_names_no_exercise_is_asked_or_told_on_the_line(group: Class, tmp_path: Path) -> None:
    source = zipped(tmp_path / "m.zip", {moodle("Ali Valiyev", "homework.yaml"): "dloss_dw: -8\n"})
    collect(group, source, code=1)
    assert asked(group)[0]["why"] == "its name says no exercise"
    answer(group, exercise="4,1")
    collect(group, source, "--yes")
    assert recorded(group) == {("s001", "4.1", "dloss_dw: -8")}


def test_the_exercise_of_nameless_files_can_be_told_on_the_line(group: Class, tmp_path: Path) -> None:
    source = zipped(tmp_path / "m.zip", {moodle("Ali Valiyev", "homework.yaml"): "dloss_dw: -8\n"})
    collect(group, source, "--exercise", "4.1", "--yes")
    assert recorded(group) == {("s001", "4.1", "dloss_dw: -8")}


def test_of_two_files_for_one_exercise_the_teacher_says_which(group: Class, tmp_path: Path) -> None:
    entries = {
        moodle("Ali Valiyev", "4.1.yaml"): "dloss_dw: 0\n",
        moodle("Ali Valiyev", "4.1 (1).yaml"): "dloss_dw: -8\n",
        moodle("Ali Valiyev", "copy/4.1.yaml"): "dloss_dw: -8\n",
    }
    source = zipped(tmp_path / "m.zip", entries)
    collect(group, source, "--yes", code=1)
    rows = asked(group)
    assert len(rows) == 2 and recorded(group) == set()
    next(row for row in rows if "(1)" in row["files"])["exercise"] = "4.1"
    lines = [",".join(rows[0]), *(",".join(f'"{value}"' for value in row.values()) for row in rows)]
    (group.course / "matches.csv").write_text("\n".join(lines), encoding="utf-8")
    collect(group, source, "--yes")
    assert recorded(group) == {("s001", "4.1", "dloss_dw: -8")}


def test_what_canvas_calls_late_is_listed_until_the_teacher_says_when(group: Class) -> None:
    source = str(DOWNLOADS / "canvas")
    ended = collect(group, source, "--yes", code=1)
    assert ended.below("Late without a time; fill in handed_in in matches.csv if it is to cost points:")
    rows = asked(group)
    for row in rows:
        row["handed_in"] = "2026-12-02 10:00" if row["key"] == "78" else ""
    file = io.StringIO()
    writer = csv.DictWriter(file, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    (group.course / "matches.csv").write_text(file.getvalue(), encoding="utf-8")
    collect(group, source, "--yes", code=1)
    times = {
        (told["trust"], told["time"])
        for path in (group.course / "submissions" / "s002").rglob("submission.json")
        if (told := json.loads(path.read_bytes()))
    }
    assert ("teacher", "2026-12-02T10:00:00+00:00") in times


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"student": "s999"}, "matches.csv:2: s999 is not in roster.csv"),
        ({"exercise": "9.9"}, "matches.csv:2: this course has no exercise 9.9"),
        ({"exercise": "4.may"}, "type '4.1 with an apostrophe"),
        ({"handed_in": "soon"}, "matches.csv:2: soon is not a date and time"),
        ({"handed_in": "32.12.2026 10:00"}, "matches.csv:2: 32.12.2026 10:00 is not a date and time"),
        ({"handed_in": "12/1/2026 23:59"}, "matches.csv:2: in 12/1/2026 23:59 nobody can tell the day from the month"),
        ({"handed_in": "01/12/26"}, "matches.csv:2: in 01/12/26 nobody can tell the day from the month"),
        ({"handed_in": "2026/12/01 23:59"}, "matches.csv:2: 2026/12/01 23:59 is not a date and time"),
        ({"handed_in": "25/12/2026 10:00"}, "matches.csv:2: 25/12/2026 10:00 is not a date and time"),
        ({"handed_in": "n/a"}, "matches.csv:2: n/a is not a date and time"),
    ],
)
def test_an_answer_that_is_none_is_told_with_its_line(
    group: Class, tmp_path: Path, cells: dict[str, str], said: str
) -> None:
    source = zipped(tmp_path / "m.zip", {moodle("Somebody", "4.1.yaml"): "x: 1\n"})
    collect(group, source, code=1)
    answer(group, **cells)
    assert said in collect(group, source, code=3).err


@pytest.mark.parametrize(
    "cell", ["03.12.2026 10:00", "3.12.2026 10:00:00", "03.12.2026, 10:00", "'2026-12-03 10:00", "2026-12-03T10:00"]
)
def test_a_time_is_read_as_spreadsheets_give_it_back(group: Class, tmp_path: Path, cell: str) -> None:
    source = zipped(tmp_path / "m.zip", {moodle("Somebody", "4.1.yaml"): "dloss_dw: -8\n"})
    collect(group, source, code=1)
    answer(group, student="s001", handed_in=cell)
    collect(group, source, "--yes")
    (about,) = (group.course / "submissions").rglob("submission.json")
    assert json.loads(about.read_bytes())["time"] == "2026-12-03T10:00:00+00:00"


@pytest.mark.parametrize("key", ["007", "123456789012345", "12e3", "77"])
def test_a_key_that_a_spreadsheet_would_read_as_a_number_stays_what_it_is(tmp_path: Path, key: str) -> None:
    path = tmp_path / "matches.csv"
    write_matches(path, Matches(), [Row("nbgrader", key, files="4.1.yaml")], [])
    ((_, cell),) = re.findall("^(nbgrader),([^,]*)", path.read_text(encoding="utf-8-sig"), re.MULTILINE)
    assert cell == ("77" if key == "77" else f"'{key}")
    assert [row.key for row in read_matches(path, "matches.csv", [], [], UTC).rows] == [key]


def test_a_name_never_becomes_a_formula_of_the_teachers_spreadsheet(group: Class, tmp_path: Path) -> None:
    source = zipped(tmp_path / "m.zip", {moodle("=HYPERLINK(1)", "4.1.yaml"): "x: 1\n"})
    collect(group, source, code=1)
    assert asked(group)[0]["shown_name"] == "'=HYPERLINK(1)"
    answer(group, student="s001")
    collect(group, source, "--yes")
    assert recorded(group) == {("s001", "4.1", "x: 1")}


def test_work_that_two_people_could_have_is_given_to_neither(group: Class, tmp_path: Path) -> None:
    entries = {moodle("Ali Valiyev", "4.1.yaml"): "x: 1\n", moodle("Valiyev Ali", "4.1.yaml", 8): "x: 2\n"}
    collect(group, zipped(tmp_path / "m.zip", entries), "--yes", code=1)
    assert recorded(group) == set() and len(asked(group)) == 2


def test_an_untouched_starter_is_no_work(group: Class, tmp_path: Path) -> None:
    starter = (group.course / "exercises" / "4.5" / "starter.py").read_text(encoding="utf-8").replace("\n", "\r\n")
    ended = collect(group, zipped(tmp_path / "m.zip", {moodle("Ali Valiyev", "4.5.py"): starter}), "--yes", code=1)
    assert "Starters without a change, which count as nothing handed in: 1" in ended.out and recorded(group) == set()


def test_without_a_roster_nobody_is_guessed(group: Class) -> None:
    for write in (lambda path: path.write_text("id;name;email\n"), Path.unlink):
        write(group.course / "roster.csv")
        assert "without a roster.csv that names students" in collect(group, str(DOWNLOADS / "moodle"), code=2).err


def test_where_no_student_has_a_name_the_columns_that_were_not_read_are_told(group: Class, tmp_path: Path) -> None:
    source = zipped(tmp_path / "m.zip", {moodle("Ali Valiyev", "4.1.yaml"): "dloss_dw: -8\n"})
    said = "No student in roster.csv has a name; columns that were not read: Laqab, Guruh"
    for roster, is_said in (("id,Laqab,Guruh\ns001,Ali,A\n", True), ("id,name,Guruh\ns001,Ali Valiyev,A\n", False)):
        (group.course / "roster.csv").write_text(roster, encoding="utf-8")
        assert (said in group.run("collect", source).out) is is_said


def test_what_is_no_download_is_told(group: Class, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"Rar!\x1a\x07\x00")
    assert "RAR archives are not read" in collect(group, str(tmp_path / "x.zip"), code=2).err
    assert "cannot be read" in collect(group, str(tmp_path / "gone.zip"), code=2).err


def test_a_record_that_was_interrupted_is_no_submission(group: Class, tmp_path: Path) -> None:
    source = zipped(tmp_path / "m.zip", {moodle("Ali Valiyev", "4.1.yaml"): "dloss_dw: -8\n"})
    draft = group.course / "submissions" / "s001" / "4.1" / ".draft-0011"
    draft.mkdir(parents=True)
    (draft / "4.1.yaml").write_text("half", encoding="utf-8")
    collect(group, source, "--yes")
    ended = group.run("grade", "submissions", "-j", "1", "--only", "4.1")
    assert (ended.code, ended.below("Not graded:"), ended.counted) == (0, [], (1, 0, 0))


def test_times_are_told_that_cost_nothing(group: Class) -> None:
    ended = collect(group, str(DOWNLOADS / "moodle"), code=1)
    assert "Timed only by the file, so that lateness costs nothing: 3" in ended.out


def test_work_recorded_by_an_answer_that_was_wrong_is_told_until_it_is_gone(group: Class, tmp_path: Path) -> None:
    source = zipped(tmp_path / "m.zip", {moodle("Somebody", "4.1.yaml"): "dloss_dw: -8\n"})
    collect(group, source, code=1)
    answer(group, student="s001")
    assert "another answer" not in collect(group, source, "--yes").out
    (folder,) = (group.course / "submissions" / "s001" / "4.1").iterdir()
    for student, now in (("s004", "s004 4.1"), ("-", "-")):
        answer(group, student=student)
        (told,) = collect(group, source, code=1).below(
            "Recorded before by another answer; it counts as it was recorded:"
        )
        assert folder.name in told and told.endswith(f"→ {now}")


def test_what_was_graded_as_a_wrong_students_can_be_withdrawn_and_is_the_right_ones(
    group: Class, tmp_path: Path
) -> None:
    source = zipped(tmp_path / "m.zip", {moodle("Somebody", "4.1.yaml"): "dloss_dw: -8\n"})
    collect(group, source, code=1)
    answer(group, student="s001")
    grade(group, source)
    answer(group, student="s004")
    grade(group, source, code=1)
    assert points(group) == {"s001": "1", "s004": "1"}
    taken = group.run("withdraw", "s001", "4.1", "--reason", "was handed in by s004", "--by", "teacher")
    assert (taken.code, taken.out.split()[-1]) == (0, "–/1")
    # Neither grading what lies there nor collecting the download again brings it back.
    for again in (str(group.course / "submissions"), source):
        grade(group, again)
        assert points(group) == {"s004": "1"}
    assert "teacher: was handed in by s004" in group.run("explain", "s001", "4.1").out
    again = group.run("withdraw", "s001", "4.1", "--reason", "once more", "--by", "teacher")
    assert again.code == 2 and "there is nothing of s001 at 4.1 to take back" in again.err
    group.run("withdraw", "s001", "4.1", "--reason", "it was both", "--by", "teacher", "--undo")
    assert points(group) == {"s001": "1", "s004": "1"}


def test_work_recorded_as_a_wrong_students_is_withdrawn_before_it_is_graded_too(group: Class, tmp_path: Path) -> None:
    entries = {moodle("Somebody", "4.1.yaml"): "dloss_dw: -8\n"}
    source = zipped(tmp_path / "m.zip", entries)
    collect(group, source, code=1)
    answer(group, student="s001")
    collect(group, source, "--yes")
    answer(group, student="s004")
    collect(group, source, "--yes", code=1)
    taken = group.run("withdraw", "s001", "4.1", "--reason", "was handed in by s004", "--by", "teacher")
    assert (taken.code, taken.out.split()[-1]) == (0, "–/1")
    for again in (str(group.course / "submissions"), source):
        grade(group, again)
        assert points(group) == {"s004": "1"}
    group.run("withdraw", "s001", "4.1", "--reason", "it was both", "--by", "teacher", "--undo")
    grade(group, str(group.course / "submissions"))
    assert points(group) == {"s001": "1", "s004": "1"}


def test_a_students_own_graded_work_is_never_withdrawn_in_place_of_what_is_not_graded(
    group: Class, tmp_path: Path
) -> None:
    own = zipped(tmp_path / "own.zip", {moodle("Ali Valiyev", "4.1.yaml", 8): "dloss_dw: -8\n"})
    grade(group, own)
    foreign = zipped(tmp_path / "m.zip", {moodle("Somebody", "4.1.yaml"): "dloss_dw: 0\n"})
    collect(group, foreign, code=1)
    answer(group, student="s001")
    collect(group, foreign, "--yes")
    asked_which = group.run("withdraw", "s001", "4.1", "--reason", "was handed in by s004", "--by", "teacher")
    digest = hashlib.sha256(b"dloss_dw: 0\n").hexdigest()[:12]
    assert asked_which.code == 2 and f"{digest} (2026-11-20 18:00)" in asked_which.err
    assert points(group) == {"s001": "1"}
    taken = group.run("withdraw", "s001", "4.1", digest, "--reason", "was handed in by s004", "--by", "teacher")
    assert (taken.code, taken.out.split()[-1]) == (0, "1/1")
    grade(group, str(group.course / "submissions"))
    assert points(group) == {"s001": "1"}


def grade(group: Class, source: str, code: int = 0) -> Ended:
    ended = group.run("grade", source, "-j", "1", "--only", "4.1", "--isolation", "none")
    assert ended.code == code, ended
    return ended


def points(group: Class) -> dict[str, str]:
    table = csv.DictReader(io.StringIO(group.run("export", "csv", "--only", "4.1").out))
    return {row["student"]: row["grade"] for row in table if row["grade"]}


def test_a_time_that_the_teacher_corrects_is_obeyed_however_often(group: Class, tmp_path: Path) -> None:
    source = zipped(tmp_path / "m.zip", {moodle("Somebody", "4.1.yaml"): "dloss_dw: -8\n"})
    collect(group, source, code=1)
    for day in (3, 2, 3):
        answer(group, student="s001", handed_in=f"2026-12-0{day} 10:00")
        grade(group, source)
        (line,) = (row for row in group.run("export", "csv", "--only", "4.1").out.splitlines() if "s001" in row)
        assert f"2026-12-0{day}T10:00" in line
    assert {stem for _, stem, _ in recorded(group)} == {"4.1", "set-aside"}


def times(group: Class) -> dict[str, str]:
    """Return the times of each content that were not set aside, by what stands in it."""
    found: dict[str, list[str]] = {}
    for path in (group.course / "submissions").rglob("submission.json"):
        if not (path.parent / "set-aside.json").exists():
            about = json.loads(path.read_bytes())
            content = (path.parent / about["file"]).read_text(encoding="utf-8").strip()
            found.setdefault(content, []).append(f"{about['trust']} {about['time'][:10]}")
    return {content: ", ".join(sorted(each)) for content, each in found.items()}


DOUBTFUL = "The time in handed_in no longer fits; write it anew in matches.csv:"


class TestATimeIsSaidOfTheseBytes:
    @pytest.fixture
    def source(self, group: Class, tmp_path: Path) -> str:
        """Return a download whose one file has a time that the teacher wrote down."""
        source = zipped(tmp_path / "m.zip", {moodle("Somebody", "4.1.yaml"): "dloss_dw: 0\n"})
        collect(group, source, code=1)
        answer(group, student="s001", handed_in="2026-12-03 10:00")
        collect(group, source, "--yes")
        assert times(group) == {"dloss_dw: 0": "teacher 2026-12-03"}
        return source

    def test_and_not_of_what_is_handed_in_later_under_the_same_name(
        self, group: Class, source: str, tmp_path: Path
    ) -> None:
        newer = zipped(tmp_path / "n.zip", {moodle("Somebody", "4.1.yaml"): "dloss_dw: -8\n"})
        (told,) = collect(group, newer, "--yes").below(DOUBTFUL)
        assert "4.1.yaml" in told and "this file held before" in told
        both = {"dloss_dw: 0": "teacher 2026-12-03", "dloss_dw: -8": "archive 2026-11-20"}
        assert times(group) == both
        answer(group, handed_in="2026-12-05 10:00")
        assert DOUBTFUL not in collect(group, newer, "--yes").out
        assert times(group)["dloss_dw: -8"] == "archive 2026-11-20, teacher 2026-12-05"
        # What is said of the newer one is not said of the older one either.
        assert DOUBTFUL not in collect(group, source, "--yes").out
        assert times(group)["dloss_dw: 0"] == "teacher 2026-12-03"

    def test_one_that_is_cleared_is_told_for_it_goes_on_counting(self, group: Class, source: str) -> None:
        answer(group, handed_in="")
        (told,) = collect(group, source, "--yes").below(DOUBTFUL)
        assert "4.1.yaml" in told and "is empty now" in told
        assert times(group) == {"dloss_dw: 0": "teacher 2026-12-03"}

    def test_one_that_was_corrected_stays_so_when_work_comes_back(self, group: Class, source: str) -> None:
        answer(group, handed_in="2026-12-02 10:00")
        collect(group, source, "--yes")
        grade(group, source)
        for undo in ((), ("--undo",)):
            given = group.run("withdraw", "s001", "4.1", "--reason", "why", "--by", "teacher", *undo)
            assert given.code == 0, given
        assert times(group) == {"dloss_dw: 0": "teacher 2026-12-02"}


def test_in_folders_by_person_who_somebody_is_is_said_of_one_download(group: Class, tmp_path: Path) -> None:
    for name in ("a", "b"):
        folder = tmp_path / name / "Alisher"
        folder.mkdir(parents=True)
        (folder / "4.1.yaml").write_text(f"dloss_dw: {ord(name)}\n", encoding="utf-8")
        (tmp_path / name / "Bobur").mkdir()
        (tmp_path / name / "Bobur" / "notes.txt").write_text("x", encoding="utf-8")
    collect(group, str(tmp_path / "a"), code=1)
    (row,) = asked(group)
    assert (row["system"], row["key"]) == ("folders", f"{tmp_path.as_posix()}/a/Alisher")
    answer(group, student="s001")
    collect(group, str(tmp_path / "a"), "--yes", code=1)
    collect(group, str(tmp_path / "b"), "--yes", code=1)
    assert recorded(group) == {("s001", "4.1", "dloss_dw: 97")}
    assert [row["key"] for row in asked(group)] == [f"{tmp_path.as_posix()}/{name}/Alisher" for name in "ab"]
    # A line of before downloads were named counts as it did.
    (first, _) = asked(group)
    text = ",".join(first) + "\n" + ",".join(f'"{value}"' for value in {**first, "key": "Alisher"}.values()) + "\n"
    (group.course / "matches.csv").write_text(text, encoding="utf-8")
    collect(group, str(tmp_path / "b"), "--yes", code=1)
    assert ("s001", "4.1", "dloss_dw: 98") in recorded(group)


class TestDownloadsOfOneName:
    """Groups' downloads lie in folders of their own, and are all called hw4.zip."""

    @pytest.fixture
    def sources(self, group: Class, tmp_path: Path) -> dict[str, str]:
        places = {"a": tmp_path / "a", "b": tmp_path / "b", "c": group.course}
        for place in places.values():
            place.mkdir(exist_ok=True)
        return {
            name: zipped(place / "hw4.zip", {"Alisher/4.1.yaml": f"dloss_dw: {ord(name)}\n", "Bobur/notes.txt": "x"})
            for name, place in places.items()
        }

    def said_by_name(self, group: Class) -> None:
        """Fill in the one line as one of before places were told apart."""
        answer(group, student="s001", key="hw4.zip/Alisher")

    def test_are_told_apart(self, group: Class, sources: dict[str, str], tmp_path: Path) -> None:
        collect(group, sources["a"], code=1)
        answer(group, student="s001")
        collect(group, *sources.values(), "--yes", code=1)
        assert recorded(group) == {("s001", "4.1", "dloss_dw: 97")}
        assert [row["key"] for row in asked(group)] == [
            f"{tmp_path.as_posix()}/a/hw4.zip/Alisher",
            f"{tmp_path.as_posix()}/b/hw4.zip/Alisher",
            # Whoever moves the course with what lies in it is not asked again.
            "./hw4.zip/Alisher",
        ]

    def test_a_line_of_before_is_said_of_the_one_that_it_was_used_for(
        self, group: Class, sources: dict[str, str]
    ) -> None:
        collect(group, sources["a"], code=1)
        self.said_by_name(group)
        for source in ("a", "b", "a"):
            collect(group, sources[source], "--yes", code=1)
            assert recorded(group) == {("s001", "4.1", "dloss_dw: 97")}
        assert [bool(row["student"]) for row in asked(group)] == [True, False]

    def test_a_line_of_before_is_said_of_neither_of_two(self, group: Class, sources: dict[str, str]) -> None:
        collect(group, sources["a"], code=1)
        self.said_by_name(group)
        collect(group, sources["a"], sources["b"], "--yes", code=1)
        assert recorded(group) == set() and len(asked(group)) == 3

    def test_what_was_recorded_of_one_is_not_told_to_be_the_others(self, group: Class, sources: dict[str, str]) -> None:
        zipped(Path(sources["b"]), {"Alisher/4.1.yaml": "dloss_dw: 97\n", "Bobur/notes.txt": "x"})
        collect(group, sources["a"], code=1)
        answer(group, student="s001", handed_in="2026-12-03 10:00")
        collect(group, sources["a"], "--yes", code=1)
        (group.course / "matches.csv").unlink()
        collect(group, sources["b"], code=1)
        answer(group, student="-")
        assert "Recorded before by another answer" not in collect(group, sources["b"], "--yes", code=1).out


def test_what_is_saved_in_matches_while_work_is_collected_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "matches.csv"
    row = Row("moodle", "7", "Somebody", files="4.1.yaml")
    write_matches(path, Matches(), [row], [])
    before = read_matches(path, "matches.csv", ["s001"], ["4.1"], UTC)
    saved = path.read_bytes() + b"moodle,8,Ali,,,,,s001,,\r\n"
    path.write_bytes(saved)
    with pytest.raises(UsageFault, match="changed meanwhile"):
        write_matches(path, before, [row, replace(row, key="9")], [])
    assert path.read_bytes() == saved
    # Nor is a file that was not there when the answers were read.
    with pytest.raises(UsageFault, match="changed meanwhile"):
        write_matches(path, Matches(), [row], [])


def test_where_lines_are_open_status_says_that_who_is_missing_may_not_be(group: Class, tmp_path: Path) -> None:
    entries = {moodle("Ali Valiyev", "4.1.yaml"): "dloss_dw: -8\n", moodle("N. Karimova", "4.1.yaml", 8): "x: 1\n"}
    source = zipped(tmp_path / "m.zip", entries)
    group.run("grade", source, "-j", "1", "--only", "4.1")
    said = "Open lines in matches.csv: 1. Who is missing here may have handed in all the same."
    assert said in group.run("status", "--only", "4.1").out
    answer(group, student="-")
    assert "Open lines" not in group.run("status", "--only", "4.1").out
    for content in (b"\xff", b""):
        (group.course / "matches.csv").write_bytes(content)
        assert group.run("status", "--only", "4.1").code == 0


def test_all_that_is_left_aside_is_listed_however_much_it_is(group: Class, tmp_path: Path) -> None:
    entries = {moodle("Ali Valiyev", f"{number}.pdf"): "x" for number in range(30)}
    ended = collect(group, zipped(tmp_path / "m.zip", entries), code=1)
    assert len(ended.below("Left aside:")) == 30


@pytest.mark.parametrize(
    ("beside", "why"),
    [
        ("4.2.rar", "a submission must end in .py, .ipynb, .yaml"),
        ("4.2.txt", "a submission must end in .py, .ipynb, .yaml"),
        ("task2.yaml", "its name says no exercise"),
    ],
)
def test_what_may_be_work_beside_a_named_file_is_told(group: Class, tmp_path: Path, beside: str, why: str) -> None:
    entries = {
        moodle("Ali Valiyev", "4.1.yaml"): "dloss_dw: -8\n",
        moodle("Ali Valiyev", beside): "x: 1\n",
        moodle("Ali Valiyev", "4.1/data.csv"): "1,2\n",
    }
    ended = collect(group, zipped(tmp_path / "m.zip", entries), "--yes", code=1)
    assert ended.below("Left aside:") == [f"{moodle('Ali Valiyev', beside)}: {why}"]
    assert recorded(group) == {("s001", "4.1", "dloss_dw: -8")}


def test_a_file_that_the_teacher_calls_no_work_is_not_left_aside(group: Class, tmp_path: Path) -> None:
    source = zipped(tmp_path / "m.zip", {moodle("Ali Valiyev", "homework.yaml"): "dloss_dw: -8\n"})
    collect(group, source, code=1)
    answer(group, exercise="-")
    assert "Left aside:" not in collect(group, source, code=1).out


def test_two_people_of_a_download_who_could_be_one_student_are_told_so(group: Class, tmp_path: Path) -> None:
    entries = {moodle("Ali Valiyev", "4.1.yaml"): "x: 1\n", moodle("Valiyev Ali", "4.1.yaml", 8): "x: 2\n"}
    collect(group, zipped(tmp_path / "m.zip", entries), code=1)
    assert all("so could other people of the download" in row["why"] for row in asked(group))


def test_a_download_of_nobody_ends_with_1_though_others_are_graded(group: Class, tmp_path: Path) -> None:
    collect(group, zipped(tmp_path / "m.zip", {moodle("Ali Valiyev", "4.1.yaml"): "dloss_dw: -8\n"}), "--yes")
    ended = group.run("grade", zipped(tmp_path / "empty.zip", {}), "-j", "1", "--only", "4.1")
    assert (ended.code, ended.counted) == (1, (1, 0, 0))
    assert "Nothing in these downloads is work of a student of the roster." in ended.err
    assert "left aside" not in ended.err


def test_nothing_is_recorded_where_the_command_names_no_exercise_of_the_course(group: Class, tmp_path: Path) -> None:
    source = zipped(tmp_path / "m.zip", {moodle("Ali Valiyev", "4.1.yaml"): "dloss_dw: -8\n"})
    assert group.run("grade", source, "--only", "9.9").code == 2
    assert not (group.course / "submissions").exists()


def test_work_of_a_forgotten_student_who_is_in_the_roster_is_told(group: Class, tmp_path: Path) -> None:
    source = zipped(tmp_path / "m.zip", {moodle("Ali Valiyev", "4.1.yaml"): "dloss_dw: -8\n"})
    grade = ("grade", source, "-j", "1", "--only", "4.1")
    assert group.run(*grade).code == 0
    group.run("forget", "s001", "--reason", "a slip")
    ended = group.run(*grade)
    told = ended.below("Forgotten though they are in the roster, so not graded; to take it back: course forget --undo")
    assert (ended.code, told) == (1, ["s001"])
    group.run("forget", "s001", "--undo", "--reason", "a slip")
    assert group.run(*grade).code == 0


def test_repositories_are_graded_as_the_docs_on_ci_say(group: Class, tmp_path: Path) -> None:
    words = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    assert (
        "clone each repository to `DIR/<student>`, called by the id of the roster, and run `course grade DIR`" in words
    )
    for student in ("s001", "s004"):
        repository = tmp_path / "DIR" / student
        (repository / "work").mkdir(parents=True)
        (repository / "work" / "4.1.yaml").write_text("dloss_dw: -8\n", encoding="utf-8")
        (repository / "course.yaml").write_text("id: x\n", encoding="utf-8")
        subprocess.run(["git", "init", "-q"], cwd=repository, check=True)
    grade(group, str(tmp_path / "DIR"))
    # The roster says another login of s001.
    assert points(group) == {"s001": "1", "s004": "1"}


@pytest.mark.parametrize("system", ["moodle", "canvas"])
def test_a_number_that_was_typed_into_a_system_is_the_answer(group: Class, system: str) -> None:
    # Two files of other people say no exercise of their own: the teacher names it for all.
    collect(group, str(DOWNLOADS / system), "--exercise", "4.1", "--yes", code=1)
    assert ("s004", "4.1", "dloss_dw: -8") in recorded(group)


@pytest.mark.parametrize(
    ("text", "exercise", "answers"),
    [
        ("<p>dloss_dw = -8</p>", "4.1", "dloss_dw: -8"),
        ("dL_dx = 15<br>dL_dy =−10,0", "4.2", "dL_dx: 15\ndL_dy: −10,0"),
        ("dL_dx: 15<br>dL_dy = 10", "4.2", "dL_dx: 15\ndL_dy: 10"),
    ],
)
def test_answers_that_were_typed_as_assignments_are_answers(
    group: Class, tmp_path: Path, text: str, exercise: str, answers: str
) -> None:
    source = zipped(tmp_path / "m.zip", {"Ali Valiyev_7_assignsubmission_onlinetext_/onlinetext.html": text})
    collect(group, source, "--exercise", exercise, "--yes")
    assert recorded(group) == {("s001", exercise, answers)}
    (folder,) = (group.course / "submissions" / "s001" / exercise).iterdir()
    assert (folder / f"{exercise}.yaml").is_file()


@pytest.mark.parametrize(
    "text",
    [
        *("import torch<br>dloss_dw = -8", "w = torch.tensor(1.0)<br>l = w * 2", "a = b = 3"),
        *("w.grad = -8", "w = 3<br>b = 2"),
    ],
)
def test_a_program_that_was_typed_where_answers_are_asked_is_left_aside(
    group: Class, tmp_path: Path, text: str
) -> None:
    source = zipped(tmp_path / "m.zip", {"Ali Valiyev_7_assignsubmission_onlinetext_/onlinetext.html": text})
    (told,) = collect(group, source, "--exercise", "4.1", "--yes", code=1).below("Left aside:")
    assert told.endswith("the file for exercise 4.1 must end in .yaml")


@pytest.mark.parametrize("damaged", [False, True])
def test_what_cannot_be_read_of_one_student_keeps_nobody_elses_work_back(
    group: Class, tmp_path: Path, damaged: bool
) -> None:
    long = "dloss_dw = -8\n" + "#" * (10 if damaged else 32 * 2**20)
    entries = {moodle("Olga Kim", "typed.py", 8): long, moodle("Ali Valiyev", "4.1.yaml"): "dloss_dw: -8\n"}
    source = Path(zipped(tmp_path / "m.zip", entries))
    if damaged:
        source.write_bytes(source.read_bytes().replace(b"dloss_dw = -8", b"dloss_dw = -7"))
    (told,) = collect(group, str(source), "--exercise", "4.1", "--yes", code=1).below("Left aside:")
    assert "typed.py" in told
    assert recorded(group) == {("s001", "4.1", "dloss_dw: -8")}


def test_moodles_worksheet_says_when_work_was_handed_in(group: Class, tmp_path: Path) -> None:
    text = (group.course / "course.yaml").read_text(encoding="utf-8")
    late = 'policies:\n  timezone: Asia/Tashkent\n  due: {"4": 2026-11-20}\n  late: {penalty: 50 %}\n'
    (group.course / "course.yaml").write_text(text + late, encoding="utf-8")
    entries = {moodle("Ali Valiyev", "4.1.yaml"): "dloss_dw: -8\n", moodle("Olga Kim", "4.1.yaml", 8): "dloss_dw: -8\n"}
    sheet = tmp_path / "Grades.csv"
    sheet.write_text(
        "Identifier,Full name,Last modified (submission)\n"
        'Participant 7,Ali Valiyev,"Saturday, 21 November 2026, 12:10 AM"\n'
        'Participant 8,Olga Kim,"Friday, 20 November 2026, 11:50 PM"\n',
        encoding="utf-8",
    )
    ended = group.run("grade", zipped(tmp_path / "m.zip", entries), str(sheet), "-j", "1", "--only", "4.1")
    assert "Times of Moodle's worksheet, read on the clock of Asia/Tashkent: 2" in ended.out
    assert points(group) == {"s001": "0.5", "s003": "1"}
