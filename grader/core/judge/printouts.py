"""What a program printed beside the numbers that are asked for, line by line, as two files are compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from grader.core.compare.printed_numbers import Printed, aligned, points_for_commas, printed_numbers, uncoloured
from grader.core.course.draws.draw import Array
from grader.core.course.exercise import Check
from grader.core.report.evidence import PrintedRow, Printout
from grader.core.report.finding import Finding, finding
from grader.core.run.trace import Floats
from grader.core.words.message import clean
from grader.core.words.numbers import show

_WIDEST, _MOST_ROWS, _ROWS_BEFORE = 120, 60, 20
# Where a terminal shows it.
_BEFORE, _AFTER, _WIDEST_COLUMN = 2, 2, 48
_MOST_INPUTS = 8
_MOST_LINES = 10_000
_CUT = "…"

# A line, or what is asked for in one of the solution's: its text, and which numbers of all are in it.
_Line = tuple[str, tuple[int, ...]]


def printout(
    check: Check, texts: tuple[str, str], tolerance: Floats, numbers: Mapping[str, Array]
) -> tuple[Printout, Finding] | None:
    """Return what there is to see of an output that lacks a number, and what is told of it.

    None where none is lacking, where no number is printed at all, or where more lines are than anybody reads.

    Nothing of the solution's output is shown but the numbers that are compared. Where nothing is drawn they are the
    answer itself, so none is shown behind the first that is lacking, which is told in any case.
    """
    text, solution = texts
    if not printed_numbers(text) or text.count("\n") > _MOST_LINES:
        return None
    ours = printed_numbers(solution)
    read, found = max(
        ((each, aligned(ours, printed_numbers(each), tolerance) or []) for each in (text, points_for_commas(text))),
        key=lambda each: len(each[1]) - each[1].count(None),
    )
    if None not in found:
        return None
    mine, asked = _lines(text, read), _lines(solution, solution)
    rows, departure = _side_by_side(mine, asked, ours, found)
    if not any(draw.varies for draw in check.draws.values()) and not check.varied:
        first_lacking = show(ours[found.index(None)].value)
        rows[departure:] = [replace(row, expected="") for row in rows[departure:]]
        rows[departure] = replace(rows[departure], expected=first_lacking)
    first = max(0, min(departure - _ROWS_BEFORE, len(rows) - _MOST_ROWS))
    kept = tuple(rows[first : first + _MOST_ROWS])
    inputs = tuple((name, _shown(array)) for name, array in numbers.items())
    seen = Printout(kept, departure - first, first, len(rows) - first - len(kept), inputs)
    return seen, _told(seen)


def _told(seen: Printout) -> Finding:
    rows = tuple(
        finding(
            "printed-line-that-differs" if at == seen.departure else "printed-line",
            printed=None if row.actual is None else _cut(row.actual, _WIDEST_COLUMN),
            asked=row.expected,
        )
        for at, row in enumerate(seen.rows)
        if seen.departure - _BEFORE <= at <= seen.departure + _AFTER
    )
    return finding("printed-beside-at" if seen.inputs else "printed-beside", inputs=seen.inputs, rows=rows)


def _lines(text: str, read: str) -> list[_Line]:
    """Return the lines of a text that are not empty, with the places of their numbers among all; `read` has them."""
    lines, count = [], 0
    # What is read has points for commas, and the same lines.
    for line, same in zip(text.split("\n"), read.split("\n"), strict=True):
        held = len(printed_numbers(same))
        if line.strip():
            lines.append(
                (_cut(clean(uncoloured(line).expandtabs(4).rstrip()), _WIDEST), tuple(range(count, count + held)))
            )
        count += held
    return lines


def _side_by_side(
    mine: Sequence[_Line], asked: Sequence[_Line], ours: Sequence[Printed], found: Sequence[int | None]
) -> tuple[list[PrintedRow], int]:
    """Return the rows, and which of them has the first number that is lacking."""
    line_of = {number: at for at, (_, numbers) in enumerate(mine) for number in numbers}
    rows: list[PrintedRow] = []
    departure: int | None = None
    waiting: list[str] = []
    next_line = last = 0

    def put(lines: Sequence[_Line]) -> None:
        """Put lines without a number that is asked for beside the numbers that were lacking before them."""
        nonlocal departure
        if waiting and departure is None:
            spoken = next((at for at, (_, numbers) in enumerate(lines) if numbers), len(lines))
            departure = len(rows) + spoken
        for text, numbers in lines:
            rows.append(PrintedRow(text, waiting.pop(0) if waiting and numbers else ""))
        rows.extend(PrintedRow(None, each) for each in waiting)
        waiting.clear()

    for at, numbers in _in_turn(asked, found):
        shown = " ".join(show(ours[number].value) for number in numbers)
        if at is None:
            waiting.append(shown)
            continue
        line = line_of[at]
        if line < next_line:
            # It is on a line where another number was found.
            put(())
            rows[last] = replace(rows[last], expected=f"{rows[last].expected} {shown}")
            continue
        put(mine[next_line:line])
        last = len(rows)
        rows.append(PrintedRow(mine[line][0], shown))
        next_line = line + 1
    put(mine[next_line:])
    assert departure is not None
    return rows, departure


def _in_turn(asked: Sequence[_Line], found: Sequence[int | None]) -> Iterator[tuple[int | None, tuple[int, ...]]]:
    """Yield each number that was found with its place, and those of a line that are lacking together."""
    for _, numbers in asked:
        lacking: list[int] = []
        for number in numbers:
            place = found[number]
            if place is None:
                lacking.append(number)
                continue
            if lacking:
                yield None, tuple(lacking)
                lacking = []
            yield place, (number,)
        if lacking:
            yield None, tuple(lacking)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + _CUT


def _shown(array: Array) -> str:
    shown = ", ".join(show(each) for each in array.numbers[:_MOST_INPUTS])
    more = f", {_CUT}" if len(array.numbers) > _MOST_INPUTS else ""
    return f"[{shown}{more}]" if array.shape else shown
