"""Grades leave for other systems: nothing is invented, nobody else's cell changes, and no cell becomes a formula."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.cohort.summary import Standing
from grader.core.course.policies.attempts import Attempt
from grader.core.course.policies.policy import Grade, Override, State
from grader.core.findings.telling import rows_of
from grader.core.people.student import Student
from grader.core.report.finding import finding
from grader.core.report.report import CheckResult, NamedMisconception, Report, Verdict
from grader.core.run.observation import RunStatus
from grader.core.words.errors import UsageFault
from grader.integrations.lms.canvas import fill_gradebook
from grader.integrations.lms.grade_table import COLUMNS, Style, write_csv, write_wide_csv
from grader.integrations.lms.gradescope import results_of, write_results
from grader.integrations.lms.moodle import fill_worksheet
from grader.integrations.lms.sheet import Filled, decimal_mark, grade_text, read_sheet

SUBMITTED = datetime(2026, 3, 4, 10, 0, tzinfo=timezone(timedelta(hours=5)))
ALI = Student("s1", "Ali Valiyev", "ali@example.org")
GULOM = Student("s2", "Gʻulom Oʻrinov", "gulom@example.org")
OLGA = Student("s3", "Ольга Ким", "olga@example.org")
LAYLA = Student("s4", "ليلى حسن", "layla@example.org")
QUOTED = Student("s5", 'Juan "Nito" García, Jr.', "juan@example.org")
CLASS = (ALI, GULOM, OLGA, LAYLA, QUOTED)
ROSTER = {student.id: student for student in CLASS}


def report(*checks: tuple[str, str, float], message: str = "", name: str = "") -> Report:
    causes = (NamedMisconception(name, finding("as-written", text="…")),) if name else ()
    said = (finding("as-written", text=message),) if message else ()
    results = (
        CheckResult(check, RunStatus.COMPLETED, Verdict(verdict), points, said, causes)
        for check, verdict, points in checks
    )
    return Report("4.1", "s1", "full", False, tuple(results))


def graded(student: str, exercise: str = "4.1", points: float = 1.5, penalty: float = 0.5) -> Standing:
    attempt = Attempt(SUBMITTED, points + penalty)
    late = timedelta(hours=2) if penalty else timedelta()
    grade = Grade(student, exercise, State.GRADED, 2.0, points + penalty, penalty, points, attempt, late, 3)
    return Standing(grade, report(("loss", "pass", 2.0), ("loop", "fail", 1.0), name="sum-not-mean"))


def missing(student: str, exercise: str = "4.1") -> Standing:
    return Standing(Grade(student, exercise, State.MISSING, 2.0))


def void(student: str, exercise: str = "4.1") -> Standing:
    grade = Grade(student, exercise, State.VOID, 2.0, attempt=Attempt(SUBMITTED, None), attempts=1)
    return Standing(grade, report(("loss", "pass", 1.0), ("loop", "void", 1.0)))


def by_hand(student: str, reason: str = "ill, retold") -> Standing:
    override = Override(2.0, reason, "teacher", SUBMITTED)
    return Standing(Grade(student, "4.1", State.OVERRIDDEN, 2.0, points=2.0, override=override))


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


# CSV


def test_a_line_holds_all_that_is_known_of_a_grade() -> None:
    (line,) = read(write_csv([graded("s1")], ROSTER))
    assert tuple(line) == COLUMNS
    assert list(line.values()) == [
        *("s1", "Ali Valiyev", "ali@example.org", "4.1", "graded", "2", "2", "0.5", "1.5"),
        *("2026-03-04T05:00:00+00:00", "7200", "3", "", "sum-not-mean", "0", "0", "0"),
    ]


@pytest.mark.parametrize("standing", [missing("s1"), void("s1")], ids=["missing", "void"])
def test_what_was_not_graded_is_empty_and_never_zero(standing: Standing) -> None:
    (line,) = read(write_csv([standing], ROSTER))
    assert (line["score"], line["penalty"], line["grade"]) == ("", "", "")


def test_missing_work_has_no_time_and_no_lateness() -> None:
    (line,) = read(write_csv([missing("s1")], ROSTER))
    assert (line["submitted"], line["late_seconds"], line["attempts"]) == ("", "", "0")


def test_a_mark_set_by_hand_carries_its_reason() -> None:
    (line,) = read(write_csv([by_hand("s1")], ROSTER))
    assert (line["state"], line["grade"], line["override_reason"]) == ("overridden", "2", "ill, retold")


def test_a_student_who_is_in_no_roster_is_exported_by_id() -> None:
    (line,) = read(write_csv([graded("stranger")], ROSTER))
    assert (line["student"], line["name"], line["email"]) == ("stranger", "", "")


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", " =1+1", "\u00a0=1", "\ufeff@A1"]
)
def test_no_name_becomes_a_formula(name: str) -> None:
    for write in (write_csv, write_wide_csv):
        (line,) = read(write([graded("s1")], {"s1": Student("s1", name)}))
        assert line["name"] == f"'{name}"


def test_no_reason_and_no_id_becomes_a_formula() -> None:
    (line,) = read(write_csv([by_hand("-s1", "=HYPERLINK(0)")], {}))
    assert (line["student"], line["override_reason"]) == ("'-s1", "'=HYPERLINK(0)")


def test_negative_numbers_stay_numbers() -> None:
    (line,) = read(write_csv([graded("s1", points=-1.0, penalty=0.0)], ROSTER))
    assert line["grade"] == "-1"


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"))), st.text(st.characters(exclude_categories=("Cc", "Cs"))))
def test_any_name_comes_back_as_it_was(name: str, email: str) -> None:
    rows = list(csv.reader(io.StringIO(write_csv([graded("s1")], {"s1": Student("s1", name, email)}), newline="")))
    assert len(rows) == 2 and len(rows[1]) == len(COLUMNS)
    for cell, text in zip(rows[1][1:3], (name, email), strict=True):
        assert cell in (text, f"'{text}")


@pytest.mark.parametrize("name", ["a\rb", "a\nb", "a\r\nb", '"', ",", QUOTED.name, LAYLA.name, GULOM.name])
def test_a_name_never_leaves_its_cell(name: str) -> None:
    (line,) = read(write_csv([graded("s1")], {"s1": Student("s1", name)}))
    assert line["name"] == name


def test_semicolons_go_with_decimal_commas() -> None:
    text = write_wide_csv([graded("s1")], ROSTER, Style(";", ","))
    assert text.splitlines() == ["student;name;email;4.1;total;max_total", f"s1;{ALI.name};{ALI.email};1,5;1,5;2"]


def test_the_matrix_has_a_line_for_each_student_and_a_column_for_each_exercise() -> None:
    lines = read(write_wide_csv([graded("s1"), void("s1", "4.2"), missing("s2"), graded("s2", "4.2")], ROSTER))
    assert [list(line.values()) for line in lines] == [
        ["s1", ALI.name, ALI.email, "1.5", "", "1.5", "4"],
        ["s2", GULOM.name, GULOM.email, "", "1.5", "1.5", "4"],
    ]
    assert list(lines[0]) == ["student", "name", "email", "4.1", "4.2", "total", "max_total"]


def test_a_student_with_nothing_recorded_has_no_total() -> None:
    (line,) = read(write_wide_csv([missing("s1"), void("s1", "4.2")], ROSTER))
    assert (line["total"], line["max_total"]) == ("", "4")


# Tables of others


CELLS = st.text(st.sampled_from(list('ab,;\t"\r\n \ufeffʻ1')))


@given(CELLS)
def test_a_table_in_which_nothing_changes_keeps_every_byte(text: str) -> None:
    assert read_sheet(text.encode(), "f.csv").filled({}) == text.encode()


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1), st.sampled_from(",;\t"), CELLS)
def test_a_filled_cell_says_what_was_put_there_and_no_other_cell_changes(
    rows: list[list[str]], delimiter: str, text: str
) -> None:
    rows = [[f"h{delimiter}" * 9, "h"], *([f"x{cell}" for cell in row] for row in rows)]
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    header = delimiter.join("abcdefghi") + "\r\n"
    sheet = read_sheet((header + file.getvalue()).encode(), "f.csv")
    again = read_sheet(sheet.filled({(2, 1): text}), "f.csv")
    rows[1][1] = text
    assert [list(row) for row in again.rows[1:]] == rows


def test_a_table_that_is_not_utf_8_is_refused_with_its_name() -> None:
    with pytest.raises(UsageFault) as fault:
        read_sheet("Оценка".encode("cp1251"), "grades.csv")
    assert fault.value.messages[0].said(str).startswith("grades.csv is not in UTF-8, in which the system writes it.")


@pytest.mark.parametrize(
    ("cells", "delimiter", "mark"),
    [(["100,00"], ",", ","), (["", "100.00"], ";", "."), (["100"], ";", ","), (["100"], ",", "."), (["a,b"], ",", ".")],
)
def test_the_decimal_mark_is_that_of_the_table(cells: list[str], delimiter: str, mark: str) -> None:
    assert decimal_mark(cells, delimiter) == mark


@pytest.mark.parametrize(
    ("value", "mark", "old", "text"),
    [(8.5, ",", "", "8,5"), (10.0, ".", "", "10"), (8.5, ".", "8.50", "8.50"), (10 / 3, ".", "3", "3.33333")],
)
def test_a_grade_is_written_as_people_write_it(value: float, mark: str, old: str, text: str) -> None:
    assert grade_text(value, mark, old) == text


# Moodle


MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
    'Participant 11,Ali Valiyev,ali@example.org,"Submitted for grading",,10.00,Yes,"Monday, 2 March",-,\n'
    "Participant 12,Gʻulom Oʻrinov,gulom@example.org,No submission,3.00,10.00,Yes,-,-,old\n"
    "Participant 13,Somebody Else,else@example.org,No submission,,10.00,Yes,-,-,\n"
)
SPANISH = (
    "Identificador;Nombre completo;Estado;Calificación;Calificación Máxima;Última modificación\r\n"
    "Participante 1;Ali Valiyev;Enviado;;100,00;-\r\n"
    'Participante 2;"Juan ""Nito"" García, Jr.";Enviado;;100,00;-\r\n'
)
RUSSIAN = (
    "\ufeffМаксимальная оценка,Оценка,Адрес электронной почты,Идентификатор,Отзыв в виде комментария\n"
    '"100,00",,olga@example.org,Участник7,\n'
)
UNKNOWN = (
    "Tunniste,Koko nimi,Tila,Arvosana,Paras arvosana,Muokattu\n"
    "Osallistuja 1,Ali Valiyev,Palautettu,,50.00,-\n"
    "Osallistuja 2,Ольга Ким,Palautettu,,50.00,-\n"
)


def moodle(text: str, points: dict[str, float | None], **options: Any) -> Filled:
    return fill_worksheet(text.encode(), "w.csv", points, CLASS, max_points=options.pop("max_points", 4.0), **options)


def cells(filled: Filled) -> list[list[str]]:
    return [list(row) for row in read_sheet(filled.content, "w.csv").rows]


def test_grades_are_scaled_to_the_worksheet_and_nothing_else_changes() -> None:
    filled = moodle(MOODLE, {"s1": 3.0})
    assert filled.content.decode() == MOODLE.replace('grading",,10', 'grading",7.5,10')
    assert filled.filled == 1


def test_where_nothing_is_recorded_the_cell_stays() -> None:
    filled = moodle(MOODLE, {"s1": None, "s2": None})
    assert filled.content.decode() == MOODLE and filled.filled == 0


def test_a_grade_of_zero_is_written() -> None:
    assert cells(moodle(MOODLE, {"s2": 0.0}))[2][4] == "0"


def test_a_worksheet_filled_twice_is_filled_once() -> None:
    points: dict[str, float | None] = {"s1": 4 / 3, "s2": 1.0}
    once = moodle(MOODLE, points)
    twice = moodle(once.content.decode(), points)
    assert once == twice


def test_lines_and_students_without_a_counterpart_are_listed() -> None:
    filled = moodle(MOODLE, {"s1": 1.0, "s3": 1.0, "s4": None})
    assert filled.unmatched_rows == ("Participant 13, Somebody Else",)
    assert filled.unmatched_students == ("s3",)


def test_a_spanish_worksheet_keeps_its_semicolons_line_ends_and_decimal_commas() -> None:
    filled = moodle(SPANISH, {"s1": 3.0, "s5": 0.5})
    expected = SPANISH.replace("Enviado;;", "Enviado;75;", 1).replace("Enviado;;", "Enviado;12,5;", 1)
    assert filled.content.decode() == expected


def test_a_russian_worksheet_with_a_bom_and_shuffled_columns_is_filled() -> None:
    filled = moodle(RUSSIAN, {"s3": 0.5})
    assert filled.content.decode() == RUSSIAN.replace('"100,00",,', '"100,00","12,5",')


def test_columns_in_an_unknown_language_are_found_by_what_they_hold() -> None:
    filled = moodle(UNKNOWN, {"s1": 4.0, "s3": 2.0})
    assert [row[3] for row in cells(filled)] == ["Arvosana", "50", "25"]


def test_tabs_separate_cells_too() -> None:
    filled = moodle(UNKNOWN.replace(",", "\t"), {"s1": 1.0})
    assert filled.content.decode().splitlines()[1] == "Osallistuja 1\tAli Valiyev\tPalautettu\t12.5\t50.00\t-"


def test_an_id_in_any_column_of_ids_finds_its_student() -> None:
    text = "Identifier,Matrikel,Grade,Maximum Grade\nParticipant 1,s2,,4\nParticipant 2,s1,,4\n"
    assert [row[2] for row in cells(moodle(text, {"s1": 1.0, "s2": 2.0}))[1:]] == ["2", "1"]


def test_a_handed_in_text_with_another_students_id_takes_no_grade() -> None:
    lines = "".join(f"Participant {n},Name {n},,4,-\n" for n in range(8))
    text = f"Identifier,Full name,Grade,Maximum Grade,Online text\n{lines}Participant 9,Thief,,4,s2\n"
    filled = moodle(text, {"s2": 4.0})
    assert filled.filled == 0 and filled.unmatched_students == ("s2",)


def test_namesakes_in_a_worksheet_are_listed_and_left_alone() -> None:
    filled = moodle(UNKNOWN.replace("Ольга Ким", "ali VALIYEV"), {"s1": 4.0})
    assert filled.filled == 0 and len(filled.unclear_rows) == 2


def test_a_column_that_cannot_be_found_is_asked_for_by_its_option() -> None:
    text = UNKNOWN.replace("Palautettu,,50.00", "Palautettu,x,50.00")
    with pytest.raises(UsageFault) as fault:
        moodle(text, {"s1": 1.0})
    said = "\n".join(message.said(str) for message in fault.value.messages)
    assert "--grade-column" in said and "“Arvosana”" in said


def test_named_columns_are_believed() -> None:
    text = "Kuka,Tulos,Raja,Nimi\n1,,9,Ali Valiyev\n2,,4,Ольга Ким\n"
    filled = moodle(text, {"s1": 4.0, "s3": 2.0}, grade_column="tulos", id_column="Kuka", max_column="Raja")
    assert [row[1] for row in cells(filled)[1:]] == ["9", "2"]


@pytest.mark.parametrize("column", ["Arvio", ""])
def test_a_named_column_that_is_not_there_is_told(column: str) -> None:
    with pytest.raises(UsageFault, match="not recognised"):
        moodle(UNKNOWN if column else "a,b\n1,2\n", {"s1": 1.0}, grade_column=column or None)


def test_an_assignment_graded_by_a_scale_is_refused() -> None:
    with pytest.raises(UsageFault, match="not a maximum grade"):
        moodle(MOODLE.replace("10.00", "-3.00"), {"s1": 1.0})


def test_an_assignment_with_a_column_for_its_scale_is_told_to_be_one() -> None:
    text = (
        'ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Skala,"Bewertung kann geändert werden"\n'
        'Teilnehmer/in1,"Ali Valiyev",ali@example.org,-,,"nicht bestanden    bestanden",Ja\n'
    )
    with pytest.raises(UsageFault, match="graded on a scale"):
        moodle(text, {"s1": 1.0})


def test_grades_that_moodle_would_pass_over_are_not_written_and_listed() -> None:
    text = MOODLE.replace('ali@example.org,"Submitted for grading",,10.00,Yes', "ali@example.org,-,4.00,10.00,No")
    filled = moodle(text, {"s1": 4.0, "s2": 6.0})
    assert filled.content.decode() == text
    assert (filled.filled, filled.locked, filled.above) == (0, ("s1",), ("s2",))


def test_a_line_with_the_name_of_one_and_the_address_of_another_takes_no_grade() -> None:
    text = MOODLE.replace("Ali Valiyev,ali@example.org", "Ali Valiyev,olga@example.org")
    filled = moodle(text, {"s1": 3.0, "s3": 4.0})
    assert filled.content.decode() == text
    assert filled.unclear_rows == ("Participant 11, Ali Valiyev (s3 Ольга Ким / s1 Ali Valiyev?)",)
    assert filled.unmatched_students == ("s1", "s3")


def test_a_line_that_the_teacher_decided_is_the_students() -> None:
    filled = moodle(MOODLE, {"s3": 4.0}, decided={"13": "s3", "11": None})
    assert filled.content.decode() == MOODLE.replace(
        "else@example.org,No submission,,", "else@example.org,No submission,10,"
    )


def test_full_marks_whose_sum_ends_a_digit_later_are_full_marks() -> None:
    filled = moodle(MOODLE, {"s1": 0.1 + 0.2 + 0.3}, max_points=0.6)
    assert (filled.above, cells(filled)[1][4]) == ((), "10")


def test_a_grade_in_the_file_that_is_not_here_any_more_is_told() -> None:
    assert moodle(MOODLE, {"s1": None, "s2": None}).kept == ("s2",)
    assert canvas(CANVAS, {"HW 1": {"s1": 1.0, "s2": None}}).kept == ("s2",)


@pytest.mark.parametrize("name", ["Али Валиев", "ALI VALIYEV", "Vàliyev Ali"])
def test_names_alone_find_their_students_however_they_are_spelled(name: str) -> None:
    text = f"Identifier,Full name,Grade,Maximum Grade\nParticipant 1,{name},,10.00\n"
    assert moodle(text, {"s1": 4.0}).filled == 1


def test_an_empty_worksheet_is_refused() -> None:
    with pytest.raises(UsageFault, match="empty"):
        moodle("\n", {})


# Canvas


CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,HW 1 (101),HW 2 (102),Final Score (2026)\n"
    ",,,,,Manual Posting,,\n"
    "    Points Possible,,,,,10.00,100.00,(read only)\n"
    '"Valiyev, Ali",1,s1,ali,"A, B",,EX,90.00\n'
    '"Oʻrinov, Gʻulom",2,,gulom@example.org,A,3.00,N/A,80.00\n'
    '"Ким, Ольга",3,,unknown,A,,7.00,80.00\n'
    '"Student, Test",4,,abc,A,,,\n'
)
MOST = {"HW 1": 4.0, "102": 4.0}


def canvas(text: str, columns: dict[str, dict[str, float | None]], most: dict[str, float] | None = None) -> Filled:
    return fill_gradebook(text.encode(), "g.csv", columns, CLASS, most or MOST)


def test_a_gradebook_is_filled_by_id_login_and_name() -> None:
    filled = canvas(CANVAS, {"HW 1": {"s1": 1.0, "s2": 2.0, "s3": 3.0}})
    assert [row[5] for row in cells(filled)[3:]] == ["2.5", "5", "7.5", ""]
    assert filled.filled == 3 and filled.unmatched_rows == ("Student, Test",)


def test_excused_and_unassigned_work_stays_so() -> None:
    filled = canvas(CANVAS, {"102": {"s1": 1.0, "s2": 2.0, "s3": 3.0}})
    assert [row[6] for row in cells(filled)[3:6]] == ["EX", "N/A", "75"] and filled.filled == 1


def test_a_gradebook_changes_only_where_it_is_filled() -> None:
    filled = canvas(CANVAS, {"HW 1": {"s1": 1.0, "s2": None}})
    assert filled.content.decode() == CANVAS.replace('"A, B",,', '"A, B",2.5,')


def test_a_gradebook_filled_twice_is_filled_once() -> None:
    columns: dict[str, dict[str, float | None]] = {"HW 1": {"s1": 4 / 3, "s2": 1.2}, "102": {"s3": 1.0}}
    once = canvas(CANVAS, columns)
    assert canvas(once.content.decode(), columns) == once


def test_a_gradebook_with_a_bom_semicolons_and_decimal_commas_keeps_them() -> None:
    text = "\ufeff" + CANVAS.replace(",", ";").replace("Ким;", "Ким,").replace(".00", ",00").replace("\n", "\r\n")
    filled = canvas(text, {"HW 1 (101)": {"s3": 1.0}}, {"HW 1 (101)": 4.0})
    assert filled.content.decode() == text.replace("unknown;A;;", "unknown;A;2,5;")


def test_first_and_last_names_in_columns_of_their_own_are_read() -> None:
    text = "LastName,FirstName,ID,SIS Login ID,HW 1 (101)\n    Points Possible,,,,4.00\nКим,Ольга,1,x,\n"
    assert cells(canvas(text, {"101": {"s3": 3.0}}, {"101": 4.0}))[2][4] == "3"


def test_an_assignment_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(UsageFault) as fault:
        canvas(CANVAS, {"HW 3": {}}, {"HW 3": 1.0})
    said = "\n".join(message.said(str) for message in fault.value.messages)
    assert "HW 3" in said and "“HW 1 (101)”, “HW 2 (102)”" in said and "Final" not in said


def test_a_table_from_elsewhere_is_no_gradebook() -> None:
    with pytest.raises(UsageFault, match="not a gradebook"):
        canvas(MOODLE, {})


def test_canvas_numbers_of_accounts_are_not_the_students() -> None:
    text = (
        "Student,ID,SIS Login ID,Section,HW (1)\n    Points Possible,,,,10\n"
        '"Karimova, Nodira",1001,nodira,A,\n"Valiyev, Ali",2002,ali.v,A,\n'
    )
    students = [Student("1001", "Ali Valiyev", "ali@uni.example")]
    filled = fill_gradebook(text.encode(), "g.csv", {"HW": {"1001": 1.0}}, students, {"HW": 1.0})
    assert filled.content.decode() == text.replace("ali.v,A,", "ali.v,A,10")
    assert filled.unmatched_rows == ("Karimova, Nodira",)


def test_a_line_of_canvas_that_the_teacher_decided_is_the_students() -> None:
    filled = fill_gradebook(CANVAS.encode(), "g.csv", {"HW 1": {"s4": 4.0}}, CLASS, {"HW 1": 4.0}, {"4": "s4"})
    assert [row[5] for row in cells(filled)[3:]] == ["", "3.00", "", "10"]


@pytest.mark.parametrize(
    ("possible", "written"),
    [
        *(("1,500.00", "562.5"), ("1.500,00", "562,5"), ("1 500,00", "562,5"), ("1\u202f500,00", "562,5")),
        *(("1500.00", "562.5"), ("1,500", "562.5"), ("1.500", "562,5"), ("1’500.00", "562.5"), ("1,500,000", "562500")),
    ],
)
def test_thousands_are_read_as_canvas_groups_them_and_the_mark_is_its_own(possible: str, written: str) -> None:
    text = f'Student,ID,SIS User ID,HW (1)\n    Points Possible,,,"{possible}"\n"Valiyev, Ali",7,s1,""\n'
    assert cells(canvas(text, {"HW": {"s1": 1.5}}, {"HW": 4.0}))[2][3] == written


def test_an_assignment_without_points_is_not_filled_with_zeros() -> None:
    with pytest.raises(UsageFault, match="no points"):
        canvas(CANVAS.replace("10.00", "0.00"), {"HW 1": {"s1": 1.0}})


def test_students_without_a_line_in_the_gradebook_are_listed() -> None:
    assert canvas(CANVAS, {"HW 1": {"s4": 1.0, "s5": None, "s9": 2.0}}).unmatched_students == ("s4", "s9")


# Gradescope


def test_a_report_becomes_tests_with_their_points_and_texts() -> None:
    rows = list(rows_of(report(("loss", "pass", 2.0), ("loop", "error", 1.0), message="w < 0 & <b>"), str, "en"))
    content = results_of(rows)
    assert content["score"] == 2.0 and content["visibility"] == "visible"
    assert [(test["status"], test["score"], test["max_score"]) for test in content["tests"]] == [
        ("passed", 2.0, 2.0),
        ("failed", 0.0, 1.0),
    ]
    assert content["tests"][0]["output"] == "w < 0 & <b>" and content["tests"][0]["output_format"] == "text"


def test_a_void_report_offers_gradescope_nothing_to_add_up() -> None:
    content = results_of(list(rows_of(report(("loss", "pass", 1.0), ("loop", "void", 1.0)), str, "en")))
    assert "score" not in content and "tests" not in content
    assert "no score is recorded" in content["output"]


def test_results_say_the_grade_recorded_after_lateness(tmp_path: Path) -> None:
    (path,) = write_results([graded("s1")], tmp_path)
    content = json.loads(path.read_bytes())
    assert content["score"] == 1.5 and content["output"] == "0.5 points less for lateness."
    assert path == tmp_path / "s1" / "4.1" / "results.json"


def test_scores_are_written_with_the_digits_of_a_gradebook(tmp_path: Path) -> None:
    (path,) = write_results([graded("s1", points=2 - 6 * 0.2, penalty=0.0)], tmp_path)
    assert '"score": 0.8\n}' in path.read_text("utf-8")


def test_missing_work_has_no_results_and_void_work_no_score(tmp_path: Path) -> None:
    (path,) = write_results([missing("s1"), void("s2")], tmp_path)
    assert path.parts[-3] == "s2" and "score" not in json.loads(path.read_bytes())


def test_a_mark_set_by_hand_stands_without_a_report_and_keeps_its_reason_to_the_teacher(tmp_path: Path) -> None:
    (path,) = write_results([by_hand("s1", "private")], tmp_path)
    assert json.loads(path.read_bytes())["score"] == 2.0 and "private" not in path.read_text("utf-8")


@pytest.mark.parametrize("student", ["../../x", "a/b", "CON", "Ғулом"])
def test_results_never_leave_their_folder(tmp_path: Path, student: str) -> None:
    (path,) = write_results([graded(student)], tmp_path / "out")
    assert path.resolve().is_relative_to(tmp_path / "out") and len(path.relative_to(tmp_path).parts) == 4


def test_a_time_is_written_in_utc() -> None:
    assert datetime.fromisoformat(read(write_csv([graded("s1")], ROSTER))[0]["submitted"]).tzinfo == UTC
