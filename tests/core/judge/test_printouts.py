"""What is printed stands beside the numbers that are asked for, and the first that is lacking is marked."""

from __future__ import annotations

import numpy as np
import pytest

from grader.core.compare.kinds.output import CompareOutput
from grader.core.compare.printed_numbers import Printed, aligned, printed_numbers
from grader.core.course.checks.given import Given
from grader.core.course.draws.draw import Array
from grader.core.course.draws.uniform import Uniform
from grader.core.course.exercise import Check
from grader.core.findings.telling import told
from grader.core.judge.printouts import printout
from grader.core.report.evidence import Printout

DRAWN = Check("output", 3.0, (CompareOutput(),), script=True, given={"x": Given(Uniform(0.5, 3.0))})
FIXED = Check("output", 3.0, (CompareOutput(),), script=True)
X = {"x": Array((3,), (1.0, 2.0, 3.0))}


def beside(text: str, solution: str, check: Check = DRAWN) -> Printout | None:
    allowed = np.full(len(printed_numbers(solution)), 1e-4)
    found = printout(check, (text, solution), allowed, X)
    return None if found is None else found[0]


def rows(text: str, solution: str, check: Check = DRAWN) -> list[tuple[str | None, str]]:
    seen = beside(text, solution, check)
    assert seen is not None
    return [(row.actual, row.expected) for row in seen.rows]


def test_a_wrong_number_stands_beside_the_one_that_is_asked_for() -> None:
    seen = beside("grad: -2.0\ngrad: 0.0\nloss: 7.25\n", "-2.0\n-7.84\n7.25\n")
    assert seen is not None and seen.departure == 1
    assert [(row.actual, row.expected) for row in seen.rows] == [
        ("grad: -2.0", "-2"),
        ("grad: 0.0", "-7.84"),
        ("loss: 7.25", "7.25"),
    ]


def test_numbers_without_a_line_of_their_own_stand_alone() -> None:
    assert rows("4.5\n7.25\n", "4.5\n-2.5\n-7.84\n7.25\n") == [
        ("4.5", "4.5"),
        (None, "-2.5"),
        (None, "-7.84"),
        ("7.25", "7.25"),
    ]


def test_lines_that_nobody_asked_for_have_nothing_beside_them() -> None:
    assert rows("Training\n4.5\n\nepochs: 10\n", "4.5\n-2.5\n") == [
        ("Training", ""),
        ("4.5", "4.5"),
        ("epochs: 10", "-2.5"),
    ]


def test_several_numbers_in_one_line_stand_together() -> None:
    assert rows("-2.5 7.25\n1.5\n", "-2.5\n7.25\n3.5\n") == [("-2.5 7.25", "-2.5 7.25"), ("1.5", "3.5")]


def test_a_number_that_comes_again_far_below_hides_nothing_before_it() -> None:
    seen = beside("4.5\n-16.23\n-9.07\n-2.5\n", "4.5\n-2.5\n-16.23\n-9.07\n")
    assert seen is not None and seen.rows[seen.departure].expected == "-2.5"
    assert seen.rows[seen.departure].actual is None


def test_decimal_commas_are_read_as_they_are_judged() -> None:
    assert rows("4,52\n7,25\n", "4.52\n7.84\n") == [("4,52", "4.52"), ("7,25", "7.84")]


def test_nothing_is_shown_where_no_number_is_lacking() -> None:
    assert beside("a 4.5\n", "4.5\n") is None


def test_nothing_is_shown_beside_an_output_without_numbers() -> None:
    assert beside("Training has ended.\n", "4.5\n") is None


def test_of_the_solution_only_numbers_are_shown() -> None:
    assert rows("1.5\n", "the answer is 2.5: w -= rate * w.grad\n") == [("1.5", "2.5")]


def test_where_nothing_is_drawn_no_number_is_told_behind_the_first_that_is_lacking() -> None:
    solution = "4.5\n-2.5\n7.84\n8.25\n"
    assert rows("4.5\n1.5\n1.25\n", solution, FIXED) == [("4.5", "4.5"), ("1.5", "-2.5"), ("1.25", ""), (None, "")]
    found = printout(FIXED, ("4.5\n1.5\n1.25\n", solution), np.full(4, 1e-4), {})
    assert found is not None and "7.84" not in told(found[1]).said(str) and "8.25" not in told(found[1]).said(str)


def test_where_nothing_is_drawn_a_line_of_several_numbers_tells_the_first_alone() -> None:
    assert rows("0.12\n", "1.5 2.5 3.5\n", FIXED) == [("0.12", "1.5")]
    assert rows("0.12\n", "1.5 2.5 3.5\n") == [("0.12", "1.5 2.5 3.5")]


def test_an_output_that_nobody_reads_is_not_shown() -> None:
    assert beside("1.5\n" + "a\n" * 20_000, "4.5\n") is None


def test_long_outputs_are_shown_around_the_first_number_that_is_lacking() -> None:
    solution = "".join(f"{step}.25\n" for step in range(400))
    seen = beside(solution.replace("300.25", "0"), solution)
    assert seen is not None and len(seen.rows) == 60
    assert seen.rows[seen.departure].expected == "300.25"
    assert seen.before + len(seen.rows) + seen.after == 400


def test_what_a_program_prints_moves_no_cursor_and_fills_no_screen() -> None:
    text = "\x1b[2J\u202e1.5" + "a" * 100_000 + "\n" + "\r\x07 2\n" * 9_000
    found = printout(DRAWN, (text, "2.5\n" * 30), np.full(30, 1e-4), X)
    assert found is not None
    seen, finding = found
    words = told(finding).said(str)
    assert not {"\x1b", "\u202e", "\x07", "\r"} & {*words, *"".join(row.actual or "" for row in seen.rows)}
    assert len(words) < 1000 and sum(len(row.actual or "") for row in seen.rows) < 10_000


def test_the_terminal_marks_the_line_and_says_what_the_program_was_run_with() -> None:
    found = printout(DRAWN, ("grad: -2.5\nw: 3.5\n", "-2.5\n7.84\n"), np.full(2, 1e-4), X)
    assert found is not None
    first, *lines = told(found[1]).said(str).splitlines()
    assert "x = [1, 2, 3]" in first
    assert lines == ["    grad: -2.5  -2.5", "  → w: 3.5      7.84"]


@pytest.mark.parametrize("text", ["1.5 2.5 3.55", "1.5 nan 2.50 3 3.549", "1e400 -2.5 1", ""])
def test_numbers_are_aligned_as_one_by_one_they_tell(text: str) -> None:
    ours, theirs = printed_numbers("1.5 2.504 3.55 1e400"), printed_numbers(text)
    tolerance = np.array([1e-4, 1e-3, 1e-4, 1e-4])

    def tells(at: int, number: Printed) -> bool:
        return number.tells(ours[at].value, float(tolerance[at]), ours[at].half_digit if ours[at].decimals else 0.0)

    found = aligned(ours, theirs, tolerance)
    assert found is not None
    assert all(place is None or tells(at, theirs[place]) for at, place in enumerate(found))
    alone = [next((place for place, each in enumerate(theirs) if tells(at, each)), None) for at in range(len(ours))]
    assert [place is None for place in found] == [place is None for place in alone]


def test_what_is_too_much_to_align_is_not_aligned() -> None:
    many = printed_numbers("1.5 " * 2000)
    assert aligned(many, many, np.zeros(2000)) is None
