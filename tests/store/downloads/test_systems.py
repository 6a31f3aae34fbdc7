"""Each system's download is recognised and read: whose, which file, when, and who says so."""

from __future__ import annotations

import os
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from repository import ROOT

from grader.core.course.file_names import exercises_named
from grader.core.course.policies.trust import Trust
from grader.core.people.clues import whose
from grader.core.people.student import Student
from grader.core.words.errors import UsageFault
from grader.store.downloads.download import Download, Hints
from grader.store.downloads.systems import read_download
from grader.store.students.roster import read_roster

DOWNLOADS = ROOT / "tests" / "downloads"
STUDENTS = read_roster(DOWNLOADS / "roster.csv", "roster.csv")
TASHKENT = ZoneInfo("Asia/Tashkent")
HINTS = Hints(TASHKENT, frozenset({"4.1", "4.2", "5.1"}), STUDENTS)
Told = set[tuple[str, tuple[str, ...], str]]

RIGHT, HALF, WRONG, ZERO = "dloss_dw: -8", "dloss_dw: -4", "dloss_dw: 8", "dloss_dw: 0"
FOUR = ("4.1",)
TYPED = ("s004", (), "-8")
EXPECTED: dict[str, tuple[str, Told, Trust]] = {
    "moodle": (
        "moodle",
        {("s001", FOUR, RIGHT), ("s002", FOUR, HALF), ("s003", FOUR, WRONG), ("?1205", FOUR, RIGHT), TYPED},
        Trust.FILE,
    ),
    "moodle_flat": ("moodle", {("s001", FOUR, RIGHT), ("s004", (), RIGHT)}, Trust.FILE),
    "canvas": (
        "canvas",
        {("s001", FOUR, RIGHT), ("s002", FOUR, HALF), ("s003", FOUR, WRONG), ("?81", FOUR, "dloss_dw: 1"), TYPED},
        Trust.FILE,
    ),
    "gradescope": ("gradescope", {("s001", FOUR, RIGHT), ("s002", FOUR, HALF), ("s004", FOUR, HALF)}, Trust.SYSTEM),
    "blackboard": ("blackboard", {("s001", FOUR, RIGHT), ("s001", FOUR, ZERO), ("s002", FOUR, HALF)}, Trust.SYSTEM),
    "teams": ("teams", {("s001", FOUR, RIGHT), ("s004", FOUR, HALF)}, Trust.FILE),
    "nbgrader": ("nbgrader", {("s001", FOUR, RIGHT), ("s004", FOUR, HALF)}, Trust.FILE),
    "folders": (
        "folders",
        {
            *(("s001", FOUR, RIGHT), ("s002", FOUR, HALF), ("s004", FOUR, RIGHT)),
            *(("?Karimova", FOUR, RIGHT), ("s003", (), "no work")),
        },
        Trust.FILE,
    ),
    "google": (
        "folders",
        {("s001", FOUR, RIGHT), ("s002", FOUR, HALF), ("?4.1.yaml", FOUR, WRONG)},
        Trust.FILE,
    ),
    "mail": ("folders", {("s003", FOUR, WRONG), ("s004", FOUR, HALF), ("s004", (), "sent from my phone")}, Trust.FILE),
    "copies": ("folders", {("s001", FOUR, RIGHT), ("s002", FOUR, HALF)}, Trust.FILE),
}


def packed(folder: Path, archive: Path, below: str = "") -> Path:
    """Return a zip of a folder's files, each from 18:03:10 on November 20."""
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                info = zipfile.ZipInfo(below + path.relative_to(folder).as_posix(), (2026, 11, 20, 18, 3, 10))
                file.writestr(info, path.read_bytes())
    return archive


def told(download: Download) -> Told:
    """Return who handed in what; a stranger by what the system calls them."""
    people = {each.key: each.person for each in download.handed_in}
    sure = whose(people, STUDENTS).sure
    return {
        (
            sure.get(each.key, f"?{each.key}"),
            exercises_named(each.path, HINTS.exercises),
            each.file.read().decode().strip(),
        )
        for each in download.handed_in
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_a_folder_is_recognised_and_everybody_found(name: str) -> None:
    download = read_download(DOWNLOADS / name, HINTS)
    assert (download.system, told(download)) == EXPECTED[name][:2]


@pytest.mark.parametrize("below", ["", "Topshiriq 4/"], ids=["bare", "in a folder of its own"])
@pytest.mark.parametrize("name", EXPECTED)
def test_a_zip_says_the_same_as_the_folder(tmp_path: Path, name: str, below: str) -> None:
    download = read_download(packed(DOWNLOADS / name, tmp_path / f"{name}.zip", below), HINTS)
    assert (download.system, told(download)) == EXPECTED[name][:2]


@pytest.mark.parametrize("top", ["HW4", "HW4/Topshiriqlar"])
def test_a_folder_of_an_assignment_around_everybody_is_nobodys(tmp_path: Path, top: str) -> None:
    archive = tmp_path / "drive.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name in ("Ali Valiyev - 4.1", "Nodira Karimova - 4.1"):
            file.writestr(f"{top}/{name}.yaml", RIGHT)
    assert told(read_download(archive, HINTS)) == {("s001", FOUR, RIGHT), ("s004", FOUR, RIGHT)}


@pytest.mark.parametrize(
    ("entries", "who"),
    [
        (["Ali Valiyev/4.1.yaml", "Ali Valiyev/with Nodira Karimova/4.2.yaml"], "s001"),
        (["Ali Valiyev/Nodira Karimova - 4.1.yaml", "Ali Valiyev/Olga Kim - 4.2.yaml"], "s001"),
        (["HW4/Ali Valiyev - 4.1.yaml", "HW4/notes/4.2.yaml"], "?HW4"),
    ],
)
def test_a_folder_that_may_be_one_persons_is(tmp_path: Path, entries: list[str], who: str) -> None:
    archive = tmp_path / "one.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for entry in entries:
            file.writestr(entry, RIGHT)
    assert {whose for whose, *_ in told(read_download(archive, HINTS))} == {who}


def people_of(name: str, roster: str, folder: Path) -> dict[str, str]:
    """Return whose each person of a download is, by a roster."""
    (folder / "roster.csv").write_text(roster, encoding="utf-8")
    students = read_roster(folder / "roster.csv", "roster.csv")
    download = read_download(DOWNLOADS / name, HINTS)
    return dict(whose({each.key: each.person for each in download.handed_in}, students).sure)


def test_a_participants_number_is_no_account_at_moodle(tmp_path: Path) -> None:
    for column in ("moodle", "Moodle ID", "Moodle username"):
        roster = f"id,name,{column}\ns001,Ali Valiyev,77\ns009,Somebody Strange,1201\n"
        assert people_of("moodle", roster, tmp_path) == {"1201": "s001"}
    # Whoever copies the numbers of one assignment says so.
    assert people_of("moodle", "id,name,Participant\ns009,,1201\n", tmp_path) == {"1201": "s009"}


def test_a_login_at_canvas_speaks_against_nobody(tmp_path: Path) -> None:
    assert people_of("canvas", "id,name,Canvas login\ns001,Ali Valiyev,ali.v\n", tmp_path) == {"77": "s001"}


def test_a_login_at_blackboard_says_who(tmp_path: Path) -> None:
    roster = "id,name,blackboard\ns001,Somebody Else,ali\ns002,,gulom.o\n"
    assert people_of("blackboard", roster, tmp_path) == {"ali": "s001", "gulom.o": "s002"}


def test_an_untouched_zip_says_when_in_the_courses_time_zone(tmp_path: Path) -> None:
    download = read_download(packed(DOWNLOADS / "moodle", tmp_path / "m.zip"), HINTS)
    assert {(each.moment, each.trust) for each in download.handed_in} == {
        (datetime(2026, 11, 20, 18, 3, 10, tzinfo=TASHKENT), Trust.ARCHIVE)
    }


def test_what_a_student_packed_has_the_time_of_the_zip_and_not_that_of_their_own_clock(tmp_path: Path) -> None:
    inner = packed(DOWNLOADS / "copies" / "s001", tmp_path / "inner.zip")
    outer = tmp_path / "outer.zip"
    with zipfile.ZipFile(outer, "w") as file:
        name = "Ali Valiyev_1201_assignsubmission_file_/all.zip"
        file.writestr(zipfile.ZipInfo(name, (2026, 11, 25, 9, 0, 0)), inner.read_bytes())
    download = read_download(outer, HINTS)
    paths = {each.path for each in download.handed_in}
    assert {each.moment for each in download.handed_in} == {datetime(2026, 11, 25, 9, tzinfo=TASHKENT)}
    assert ("all.zip", "work", "4.1.yaml") in paths


def test_systems_own_records_of_the_time_are_believed() -> None:
    moments = {each.key: each.moment for each in read_download(DOWNLOADS / "gradescope", HINTS).handed_in}
    assert moments["ali@uni.example"] == datetime(2026, 11, 20, 16, 6, 11, 264830, tzinfo=UTC)
    assert moments["gulom@uni.example"] == moments["nodira@uni.example"] == datetime(2026, 11, 20, 20, tzinfo=UTC)
    moments = {each.file.shown(): each.moment for each in read_download(DOWNLOADS / "blackboard", HINTS).handed_in}
    name = "HW 4_gulom.o_attempt_2026-11-20-23-59-59_4.1.yaml"
    assert moments[name] == datetime(2026, 11, 20, 23, 59, 59, tzinfo=TASHKENT)
    stamped = [each for each in read_download(DOWNLOADS / "nbgrader", HINTS).handed_in if each.key == "s001"]
    assert [(each.moment, each.trust) for each in stamped] == [
        (datetime(2026, 11, 20, 18, 3, 11, tzinfo=UTC), Trust.SYSTEM)
    ]


def test_canvas_says_late_without_a_time() -> None:
    late = {each.key for each in read_download(DOWNLOADS / "canvas", HINTS).handed_in if each.late}
    assert late == {"78"}


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("Ali Valiyev_1201_assignsubmission_file_Nodira Karimova_1204_assignsubmission_file_4.1.yaml", "s001"),
        ("Ali Valiyev_1201_assignsubmission_file_/Nodira Karimova_1204_assignsubmission_file_/4.1.yaml", "s001"),
        ("Nodira Karimova_1204_assignsubmission_file_x_1201_assignsubmission_file_/4.1.yaml", "?1201"),
        ("valiyevali_77_9001_karimovanodira_80_9004_4.1.yaml", "s001"),
        ("HW_Ali Valiyev_attempt_2026-11-20-18-03-11_HW_s004_attempt_2026-11-20-18-03-11_4.1.yaml", "?Ali Valiyev"),
    ],
    ids=["Moodle, flat", "Moodle, inner", "Moodle, own name", "Canvas", "Blackboard"],
)
def test_a_files_own_name_makes_it_nobody_elses(tmp_path: Path, name: str, owner: str) -> None:
    archive = tmp_path / "download.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(name, RIGHT)
    assert told(read_download(archive, HINTS)) == {(owner, FOUR, RIGHT)}


def test_a_name_with_a_hyphen_is_not_read_as_a_group_and_another_name(tmp_path: Path) -> None:
    archive = tmp_path / "download.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name in ("Bek-Ali Valiyev_1211", "Nodira Karimova_1204", "Olga Kim_1203"):
            file.writestr(f"{name}_assignsubmission_file_/4.1.yaml", RIGHT)
    strangers = {who for who, *_ in told(read_download(archive, HINTS)) if who.startswith("?")}
    assert strangers == {"?1211"}


def test_a_group_before_most_names_is_no_part_of_them(tmp_path: Path) -> None:
    archive = tmp_path / "download.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name in ("G1-Ali Valiyev_1201", "G1-Nodira Karimova_1204", "G2-Olga Kim_1203"):
            file.writestr(f"{name}_assignsubmission_file_/4.1.yaml", RIGHT)
    assert {who for who, *_ in told(read_download(archive, HINTS))} == {"s001", "s004", "?1203"}


def test_one_students_timestamp_leaves_everybody_elses_folder_what_it_is(tmp_path: Path) -> None:
    for name in ("Ali Valiyev", "Nodira Karimova", "Olga Kim/ps4"):
        (tmp_path / "all" / name).mkdir(parents=True)
        (tmp_path / "all" / name / "4.1.yaml").write_text(RIGHT, encoding="utf-8")
    (tmp_path / "all" / "Olga Kim" / "ps4" / "timestamp.txt").write_text("2026-11-01 10:00:00 UTC", encoding="utf-8")
    download = read_download(tmp_path / "all", HINTS)
    assert download.system == "folders"
    assert {who for who, *_ in told(download)} == {"s001", "s003", "s004"}


def test_a_timestamp_that_a_student_packed_is_not_believed(tmp_path: Path) -> None:
    inner, outer = tmp_path / "inner.zip", tmp_path / "outer.zip"
    with zipfile.ZipFile(inner, "w") as file:
        file.writestr("4.1.yaml", RIGHT)
        file.writestr("timestamp.txt", "2026-10-01 10:00:00 UTC")
    with zipfile.ZipFile(outer, "w") as file:
        file.writestr(zipfile.ZipInfo("Ali Valiyev.zip", (2026, 11, 25, 9, 0, 0)), inner.read_bytes())
        file.writestr(zipfile.ZipInfo("Nodira Karimova/4.1.yaml", (2026, 11, 25, 9, 0, 0)), RIGHT)
    found = {(each.moment, each.trust) for each in read_download(outer, HINTS).handed_in}
    assert found == {(datetime(2026, 11, 25, 9, tzinfo=TASHKENT), Trust.ARCHIVE)}


def test_files_beside_nbgraders_folders_are_told(tmp_path: Path) -> None:
    (tmp_path / "submitted" / "s001" / "hw4").mkdir(parents=True)
    (tmp_path / "submitted" / "s001" / "hw4" / "4.1.yaml").write_text(RIGHT, encoding="utf-8")
    (tmp_path / "submitted" / "s002").mkdir()
    (tmp_path / "submitted" / "s002" / "4.1.yaml").write_text(RIGHT, encoding="utf-8")
    assert len(read_download(tmp_path, HINTS).left) == 1


def test_damaged_metadata_of_gradescope_are_told(tmp_path: Path) -> None:
    (tmp_path / "submission_metadata.yml").write_text("a: [", encoding="utf-8")
    with pytest.raises(UsageFault, match="cannot be read"):
        read_download(tmp_path, HINTS)


# Checkouts


def commit(repository: Path, author: str, email: str, when: str) -> None:
    who = {"GIT_AUTHOR_NAME": author, "GIT_AUTHOR_EMAIL": email, "GIT_COMMITTER_NAME": author}
    dates = {"GIT_COMMITTER_EMAIL": email, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    own = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, **who, **dates}
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "done"]):
        subprocess.run(["git", *arguments], cwd=repository, env={**os.environ, **own}, check=True)


def checkout(root: Path, name: str, author: str, email: str, content: str = RIGHT) -> Path:
    repository = root / name
    (repository / "work").mkdir(parents=True)
    (repository / "work" / "4.1.yaml").write_text(content, encoding="utf-8")
    (repository / "course.yaml").write_text("id: x\n", encoding="utf-8")
    commit(repository, author, email, "2026-11-20T18:00:00+0500")
    return repository


@pytest.fixture
def checkouts(tmp_path: Path) -> Path:
    root = tmp_path / "hw4-submissions"
    checkout(root, "hw4-ali-v", "whoever", "x@home.example")
    checkout(root, "hw4-team-x", "Nodira Karimova", "nodira@uni.example", HALF)
    checkout(root, "hw4-teacher", "Teacher", "teacher@uni.example", WRONG)
    return root


def test_repositories_are_matched_by_login_and_by_who_committed(checkouts: Path) -> None:
    download = read_download(checkouts, HINTS)
    assert download.system == "github"
    assert told(download) == {("s001", FOUR, RIGHT), ("s004", FOUR, HALF), ("?hw4-teacher", FOUR, WRONG)}
    assert {(each.moment, each.trust) for each in download.handed_in} == {
        (datetime(2026, 11, 20, 13, tzinfo=UTC), Trust.COMMIT)
    }


def test_a_folder_may_be_named_from_where_the_teacher_is(checkouts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkouts.parent)
    assert {each.trust for each in read_download(Path(checkouts.name), HINTS).handed_in} == {Trust.COMMIT}


def test_a_login_of_one_and_commits_of_another_student_are_nobodys(tmp_path: Path) -> None:
    checkout(tmp_path / "all", "hw4-ali-v", "Nodira", "nodira@uni.example")
    assert told(read_download(tmp_path / "all", HINTS)) == {("?hw4-ali-v", FOUR, RIGHT)}


@pytest.mark.parametrize("ids", [("s001", "s004"), ("hw4-1", "hw4-2"), ("2026-0012", "2026-0013")])
def test_repositories_in_folders_that_are_called_as_students_are_theirs(tmp_path: Path, ids: tuple[str, str]) -> None:
    students = [Student(id, known_as={"github": login}) for id, login in zip(ids, ("ali-v", "nodira-k"), strict=True)]
    for id in (*ids, "hw4-3", "2026-0014"):
        checkout(tmp_path / "all", id, "whoever", "x@home.example")
    download = read_download(tmp_path / "all", replace(HINTS, students=students))
    sure = whose({each.key: each.person for each in download.handed_in}, students).sure
    assert sure == {id: id for id in ids}


@pytest.mark.parametrize("name", ["okim", "hw4-okim"])
def test_a_repository_in_a_folder_that_is_called_as_a_login_is_its_owners(tmp_path: Path, name: str) -> None:
    checkout(tmp_path / "all", name, "whoever", "x@home.example")
    assert told(read_download(tmp_path / "all", HINTS)) == {("s003", FOUR, RIGHT)}


def test_what_follows_any_hyphen_of_a_repository_is_no_login(tmp_path: Path) -> None:
    root = tmp_path / "all"
    for name in ("hw4-okim", "hw4-bek-ali-v", "hw4-teacher"):
        checkout(root, name, "whoever", "x@home.example")
    assert "?hw4-bek-ali-v" in {who for who, *_ in told(read_download(root, HINTS))}


def test_an_assignment_may_hold_hyphens(tmp_path: Path) -> None:
    root = tmp_path / "all"
    for name in ("lecture-4-ali-v", "lecture-4-x", "lecture-4-y"):
        checkout(root, name, "whoever", "x@home.example")
    assert {who for who, *_ in told(read_download(root, HINTS))} == {"s001", "?lecture-4-x", "?lecture-4-y"}


def test_github_classrooms_table_says_who_and_when(checkouts: Path) -> None:
    (checkouts / "grades.csv").write_text(
        "github_username,roster_identifier,student_repository_name,submission_timestamp\n"
        "okim,olga@uni.example,hw4-teacher,2026-11-21 10:00:00 UTC\n",
        encoding="utf-8",
    )
    checkout(checkouts, "hw4-none", "x", "x@home.example", ZERO)
    found = {each.key: each for each in read_download(checkouts, HINTS).handed_in}
    assert (found["hw4-teacher"].moment, found["hw4-teacher"].trust) == (
        datetime(2026, 11, 21, 10, tzinfo=UTC),
        Trust.SYSTEM,
    )
    assert ("s003", FOUR, WRONG) in told(read_download(checkouts, HINTS))


def test_a_repositorys_own_configuration_runs_nothing(tmp_path: Path) -> None:
    repository = checkout(tmp_path / "all", "hw4-ali-v", "Ali", "ali@uni.example")
    flag = tmp_path / "flag"
    program = tmp_path / "program.sh"
    program.write_text(f"#!/bin/sh\ntouch {flag}\n", encoding="utf-8")
    program.chmod(0o755)
    with (repository / ".git" / "config").open("a", encoding="utf-8") as file:
        file.write(f"[core]\n fsmonitor = {program}\n pager = {program}\n hooksPath = {tmp_path}\n[log]\n")
        file.write(f" showSignature = true\n[gpg]\n program = {program}\n[pager]\n log = {program}\n")
    assert told(read_download(tmp_path / "all", HINTS)) == {("s001", FOUR, RIGHT)}
    assert not flag.exists()


@pytest.mark.parametrize(
    "head", ["ref: ../../secret", "ref: refs/heads/../../../x", "--all", "", "ref: refs/heads/gone"]
)
def test_a_head_that_leads_elsewhere_says_nothing(tmp_path: Path, head: str) -> None:
    repository = checkout(tmp_path / "all", "hw4-ali-v", "Nodira", "nodira@uni.example")
    (repository / ".git" / "HEAD").write_text(head, encoding="utf-8")
    (each,) = read_download(tmp_path / "all", HINTS).handed_in
    assert each.trust is Trust.FILE and "nodira@uni.example" not in each.person.unsure


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (["s001_4.1.yaml", "4.1 s002.yaml", "s001-4.1 (2).yaml"], {"s001", "s002"}),
        (["20231234_4.1.yaml", "12_4.1.yaml"], {"20231234", "12"}),
        (["ali@uni.example_4.1.yaml", "Ali (ali@uni.example) 4.1.yaml"], {"ali@uni.example", "Ali (ali@uni.example)"}),
        (["lecture 4 Ali.yaml", "hw4_Ali 4.1.yaml", "Ali 2026-11-20 4.1 final (3).yaml"], {"Ali"}),
    ],
)
def test_an_id_or_address_in_a_files_name_is_kept_whole(tmp_path: Path, names: list[str], keys: set[str]) -> None:
    for name in names:
        (tmp_path / name).write_text("dloss_dw: -8\n")
    assert {each.key for each in read_download(tmp_path, HINTS).handed_in} == keys


@pytest.mark.parametrize("name", ["4.1 (1).yaml", "Somebody (1)/4.1.yaml"])
def test_the_number_of_a_copy_is_no_students(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("dloss_dw: -8\n")
    (found,) = read_download(tmp_path, HINTS).handed_in
    assert whose({found.key: found.person}, [Student("1", "Ali Valiyev")]).sure == {}
