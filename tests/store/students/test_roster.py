"""The roster, as teachers and their spreadsheets write it: every line that is not right is told at once."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.core.people.student import Student
from grader.core.words.errors import CourseInvalid
from grader.store.students.roster import read_roster, unread_columns

COLUMNS = "roster.csv:1: the first line must name the columns id, name, email; id is required"
TWO = (Student("s001", "Ali"), Student("s002", "Vali"))


def read(folder: Path, content: str | bytes) -> tuple[Student, ...]:
    path = folder / "roster.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_roster(path, "roster.csv")


def told(folder: Path, content: str | bytes) -> list[str]:
    """Return what is said against a roster."""
    with pytest.raises(CourseInvalid) as caught:
        read(folder, content)
    return [f"{fault.at}: {fault.message.said(str)}" for fault in caught.value.faults]


def test_a_roster_has_id_name_and_email(tmp_path: Path) -> None:
    assert read(tmp_path, "id,name,email\ns001,Ali,ali@example.org\n") == (Student("s001", "Ali", "ali@example.org"),)


@pytest.mark.parametrize(
    "content",
    [
        "id,name\ns001,Ali\ns002,Vali",
        "name,id\nAli,s001\nVali,s002\n",
        "\ufeffid,name\ns001,Ali\ns002,Vali\n",
        '\ufeff"id","name"\n"s001","Ali"\n"s002","Vali"\n',
        "id;name\ns001;Ali\ns002;Vali\n",
        "id\tname\ns001\tAli\ns002\tVali\n",
        "id,name\r\ns001,Ali\r\ns002,Vali\r\n",
        "id,name\rs001,Ali\rs002,Vali\r",
        "ID , Name\n s001 , Ali \ns002,Vali\n",
        "\n\n  \nid;name\n\ns001;Ali\n;\n  \ns002;Vali\n\n\n",
        "id,name,,\ns001,Ali,,\ns002,Vali,,,,\n",
        "group,id,name,phone\nA,s001,Ali,1\nB,s002,Vali,2\n",
        "sep=;\r\nid;name\ns001;Ali\ns002;Vali\n",
        "id\tname\ns001\tAli\ns002\tVali\n".encode("utf-16"),
    ],
    ids=[
        *("no end", "other order", "BOM", "BOM and quotes", "semicolons", "tabs", "Windows", "old Mac", "spaces"),
        *("blank lines", "empty cells behind", "other columns", "separator told", "Unicode text"),
    ],
)
def test_the_same_class_is_read_from_every_spelling(tmp_path: Path, content: str | bytes) -> None:
    assert read(tmp_path, content) == TWO


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ('"Oʻrinov, Gʻulom"', "Oʻrinov, Gʻulom"),
        ('"Ali ""the quick"" Valiyev"', 'Ali "the quick" Valiyev'),
        ("O'ktam", "O'ktam"),
        ('Ali "the quick"', 'Ali "the quick"'),
        ("Ғулом Ўринов", "Ғулом Ўринов"),
        ("علي بن أحمد", "علي بن أحمد"),
        ("学生", "学生"),
        ("Ali 🎓", "Ali 🎓"),
        ("Ali; Vali", "Ali; Vali"),
        ('"Ali\nValiyev"', "Ali\nValiyev"),
    ],
)
def test_a_name_in_any_script_is_kept(tmp_path: Path, cell: str, name: str) -> None:
    assert read(tmp_path, f"id,name,email\ns001,{cell},a@b\n") == (Student("s001", name, "a@b"),)


@pytest.mark.parametrize("spelling", ["email", "E-mail", "EMAIL", "e-Mail"])
def test_email_is_known_with_and_without_its_dash(tmp_path: Path, spelling: str) -> None:
    assert read(tmp_path, f"id,{spelling}\ns001,a@b\n")[0].email == "a@b"


def test_columns_may_be_called_as_moodle_calls_them(tmp_path: Path) -> None:
    assert read(tmp_path, "id,Full name,Email address\ns001,Ali,a@b\n") == (Student("s001", "Ali", "a@b"),)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("First name,Last name,id,Email address", "Ali,Valiyev,s001,a@b"),
        ("id,Surname,First name,E-mail", "s001,Valiyev,Ali,a@b"),
        ("id,Name,Surname,email", "s001,Ali,Valiyev,a@b"),
        ("id,Full name,First name,Last name,email", "s001,Ali Valiyev,Ali,Valiyev,a@b"),
        ("id,Full name,Last name,email", "s001,Ali Valiyev,Valiyev,a@b"),
        ("id,Full name,First name,Last name,email", "s001,,Ali,Valiyev,a@b"),
        ("id,Ism,Familiya,E-pochta", "s001,Ali,Valiyev,a@b"),
        ("id,F.I.Sh.,email", "s001,Ali Valiyev,a@b"),
        ("id,ФИО,Адрес электронной почты", "s001,Ali Valiyev,a@b"),
        ("id,Имя,Фамилия,Почта", "s001,Ali,Valiyev,a@b"),
        ("id;Исм;email", "s001;Ali Valiyev;a@b"),
    ],
)
def test_names_are_read_from_columns_as_lists_call_them(tmp_path: Path, header: str, cells: str) -> None:
    assert read(tmp_path, f"{header}\n{cells}\n") == (Student("s001", "Ali Valiyev", "a@b"),)


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        ("Alisher,Ali", "Alisher Ali"),
        ("KARIMOV Ali,Karimov", "KARIMOV Ali"),
        ("Ali Karimov Olimovich,Karimov", "Ali Karimov Olimovich"),
        ("Gʻani,G'aniyev", "Gʻani G'aniyev"),
        ("Gʻaniyev Ali,G'aniyev", "Gʻaniyev Ali"),
        ("Leo de la Cruz,de la Cruz", "Leo de la Cruz"),
    ],
)
def test_a_surname_is_added_to_a_name_that_lacks_it(tmp_path: Path, cells: str, name: str) -> None:
    assert read(tmp_path, f"id,Name,Surname\ns1,{cells}\n") == (Student("s1", name),)


def test_columns_that_say_nothing_here_are_known(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("group,id,Laqab,,email\nA,s001,Ali,,a@b\n", encoding="utf-8")
    assert unread_columns(tmp_path / "roster.csv", "roster.csv") == ("group", "Laqab")


def test_a_line_may_stop_early(tmp_path: Path) -> None:
    assert read(tmp_path, "id,name,email\ns001\n") == (Student("s001"),)


def test_ids_that_differ_in_zeros_or_capitals_are_two_students(tmp_path: Path) -> None:
    assert [student.id for student in read(tmp_path, "id\n1\n01\na\nA\n")] == ["1", "01", "a", "A"]


def test_a_roster_of_nobody_is_one(tmp_path: Path) -> None:
    assert read(tmp_path, "id,name\n") == ()


class TestFaults:
    def test_all_are_told_at_once_with_their_lines(self, tmp_path: Path) -> None:
        assert told(tmp_path, "id,name\n,Ali\ns001,Ali\n\ns001,Vali\ns002,Oʻrinov, Gʻulom\n") == [
            "roster.csv:2: the id is empty",
            "roster.csv:5: s001 is in the roster twice",
            "roster.csv:6: more values than columns: put a name with a comma in quotes",
        ]

    def test_lines_are_counted_in_the_file_not_in_its_rows(self, tmp_path: Path) -> None:
        assert told(tmp_path, 'id,name\r\ns001,"Ali\r\nValiyev"\r\n\r\n,"Vali\r\n"\r\n') == [
            "roster.csv:5: the id is empty"
        ]

    @pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
    def test_an_empty_file_is_told(self, tmp_path: Path, content: str) -> None:
        assert told(tmp_path, content) == [COLUMNS]

    @pytest.mark.parametrize("content", ["name,email\nAli,a@b\n", "s001,Ali\n", "person\ns001\n"])
    def test_a_missing_id_column_is_told(self, tmp_path: Path, content: str) -> None:
        assert told(tmp_path, content) == [COLUMNS]

    def test_a_quote_that_is_never_closed_loses_nobody_silently(self, tmp_path: Path) -> None:
        assert told(tmp_path, 'id,name\n,Ali\ns002,"Vali\ns003,Gʻani\n') == [
            "roster.csv:2: the id is empty",
            'roster.csv:3: this file cannot be read: unexpected end of data (")',
        ]

    def test_text_behind_a_quote_is_told(self, tmp_path: Path) -> None:
        (fault,) = told(tmp_path, 'id,name\ns001,"Ali\ns002,"Vali"\n')
        assert fault.startswith("roster.csv:2: this file cannot be read: ")

    def test_a_cell_without_end_is_told(self, tmp_path: Path) -> None:
        (fault,) = told(tmp_path, f"id,name\ns001,{'a' * 200_000}\n")
        assert fault.startswith("roster.csv:2: this file cannot be read: ")

    def test_a_file_that_is_not_utf8_is_told_with_what_to_choose_in_excel(self, tmp_path: Path) -> None:
        said = "roster.csv: this file is not UTF-8; save it again, in Excel as “CSV UTF-8 (Comma delimited)”"
        assert told(tmp_path, "id,name\ns001,Ўринов\n".encode("cp1251")) == [said]
        assert told(tmp_path, "id,name\ns001,Ali\n".encode("utf-16-le")) == [said]

    def test_a_folder_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(CourseInvalid) as caught:
            read_roster(tmp_path, "roster.csv")
        assert caught.value.faults[0].message.said(str).startswith("this file cannot be read: ")

    def test_a_file_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(CourseInvalid) as caught:
            read_roster(tmp_path / "none.csv", "none.csv")
        assert str(caught.value.faults[0].at) == "none.csv"


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=10)
STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])


@STEADY
@given(st.binary(max_size=200))
def test_any_bytes_are_a_roster_or_told(tmp_path: Path, content: bytes) -> None:
    try:
        read(tmp_path, b"id,name\n" + content)
    except CourseInvalid:
        pass


@STEADY
@given(st.lists(st.tuples(CELLS.map(str.strip).filter(bool), CELLS, CELLS), unique_by=lambda row: row[0]))
def test_what_a_spreadsheet_writes_is_read_back(tmp_path: Path, rows: list[tuple[str, str, str]]) -> None:
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("id", "name", "email"), *rows])
    found = read(tmp_path, file.getvalue())
    assert found == tuple(Student(id, name.strip(), email.strip()) for id, name, email in rows)


def test_more_columns_say_what_systems_call_a_student(tmp_path: Path) -> None:
    (student,) = read(tmp_path, "id,Canvas ID,GitHub username,login\ns001,77,ali-v,ali\n")
    assert student.known_as == {"canvas": "77", "github": "ali-v", "login": "ali"}


def test_what_is_no_number_of_canvas_is_not_taken_for_one(tmp_path: Path) -> None:
    assert read(tmp_path, "id,Canvas login\ns001,ali\n")[0].known_as == {}


@pytest.mark.parametrize("header", ["student,name", "Student ID,Full name", "student,name,id number"])
def test_without_a_column_id_that_of_students_is_it(tmp_path: Path, header: str) -> None:
    assert read(tmp_path, f"{header}\ns001,Ali\ns002,Vali\n") == TWO


def test_a_column_id_goes_before_one_of_students(tmp_path: Path) -> None:
    assert read(tmp_path, "student,id,name\nx,s001,Ali\ny,s002,Vali\n") == TWO
