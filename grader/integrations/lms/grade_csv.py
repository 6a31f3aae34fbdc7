"""Grades as a file of CSV."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.actions.teacher.results.export_format import Exported, GradeExport, Grades
from grader.core.words.message import say
from grader.core.words.options import option
from grader.integrations.lms.grade_table import COMMAS, SEMICOLONS, write_csv, write_wide_csv
from grader.store.machine.files import STANDARD_OUTPUT, write_text

# Languages of ours in which a spreadsheet reads 7,5.
_DECIMAL_COMMA = frozenset({"uz"})


@dataclass(frozen=True)
class CsvOptions:
    out: Path = option(say("File to write (default: standard output)."), say("FILE"), default=STANDARD_OUTPUT)
    wide: bool = option(say("Write one line for each student, with a column for each exercise."), default=False)
    semicolons: bool = option(
        say("Write semicolons and decimal commas, for spreadsheets in languages that write 7,5."), default=False
    )
    excel: bool = option(
        say("Write what Excel opens in this command's language: in Uzbek semicolons and decimal commas."), default=False
    )


def _export(grades: Grades, options: CsvOptions) -> Exported:
    write = write_wide_csv if options.wide else write_csv
    # Without the mark, Excel takes a file for one of the country's old encoding.
    mark = "" if options.out == STANDARD_OUTPUT else "\ufeff"
    commas = options.semicolons or (options.excel and grades.language in _DECIMAL_COMMA)
    table = write(grades.standings(), grades.chosen.students, SEMICOLONS if commas else COMMAS)
    write_text(options.out, mark + table)
    return Exported()


EXPORT = GradeExport(
    word="csv",
    summary=say("Write grades as a table for spreadsheets."),
    example="--wide --out grades.csv",
    options=CsvOptions,
    write=_export,
    marks_stale=lambda options: not options.wide,
)
