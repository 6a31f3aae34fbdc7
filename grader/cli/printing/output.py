"""Reports as people and machines read them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.cli.language import translate
from grader.cli.printing.inert import json_text

if TYPE_CHECKING:
    from rich.console import Console

    from grader.actions.student.judgement import Judgement
    from grader.core.course.exercise import Exercise
    from grader.core.report.evidence import Drawing
    from grader.core.report.finding import Finding
    from grader.core.report.report import CheckResult, Report


_MOST_LINES = 20


def write_json(content: dict[str, Any], target: str) -> None:
    """Write one JSON object to a file, or for `-` to standard output, escaped where the console is not UTF-8.

    Raises:
        UsageFault, NotWritten: where the file cannot be written.
    """
    if target == "-":
        utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        print(json_text(content, ascii_only=not utf8, indent=2))
        return
    from grader.store.machine.files import write_file

    write_file(Path(target), f"{json_text(content, indent=2)}\n".encode("utf-8", "backslashreplace"))


def console(width: int | None = None, stderr: bool = False) -> Console:
    """Return a console that treats what it prints as text: nothing in a message is markup."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True, width=width, stderr=stderr)


def print_list(title: str, lines: Sequence[str], put: object, whole: bool = False) -> None:
    """Print a list with its title; nothing where it is empty.

    Args:
        whole: False to cut it where it is long: only what stands somewhere else, too, may be cut.
    """
    from rich.text import Text

    from grader.core.words.message import clean

    assert callable(put)
    if not lines:
        return
    put(Text(title, style="bold"))
    most = len(lines) if whole else _MOST_LINES
    for line in lines[:most]:
        # A name with a line break in it must not look like a line of ours.
        put(Text("  " + clean(line).replace("\n", "\n    ")))
    if len(lines) > most:
        put(Text("  " + translate("and {count} more").format(count=len(lines) - most)))


def print_judgement(judgement: Judgement, language: str) -> None:
    """Print the report of one submission, and below it the graph of stated values that are not all right."""
    print_report(judgement.exercise, judgement.report, language)
    if judgement.drawing is not None and not judgement.report.full_marks:
        print_graph(judgement.drawing)


def print_help(report: Report) -> None:
    """Print what helps on with a submission that is not right."""
    if report.full_marks or report.void:
        return
    line = translate("course hint {id} gives a hint, course feedback {id} a page that shows the mistake.")
    console().print(line.format(id=report.exercise), style="dim")


def print_graph(drawing: Drawing) -> None:
    """Print the tree of a graph, its lines as long as they are: rich would leave out what does not fit."""
    from grader.cli.printing.graph_tree import graph_tree

    console(width=10_000).print(graph_tree(drawing))


def print_report(exercise: Exercise, report: Report, language: str) -> None:
    """Print one report: a line for each check, what is wrong below it, and the score."""
    from rich.text import Text

    from grader.core.findings.telling import told
    from grader.core.findings.told_once import told_once
    from grader.core.words.numbers import show

    out = console()
    out.print(Text(f"{exercise.id}  {exercise.title.said_in(language)}", style="bold"))
    width = max(len(check.name) for check in report.checks)
    before: tuple[Finding, ...] = ()
    for check, sentences in zip(report.checks, told_once(report.checks), strict=True):
        out.print(Text(*check_line(check, width)))
        words = "\n".join(sentence.said(translate, language) for sentence in sentences)
        # A file that cannot be read fails every check for one reason: once is enough.
        for line in words.splitlines() if check.findings != before else ():
            out.print(Text(f"      {line}"))
        before = check.findings
    for notice in report.notices:
        out.print(Text(told(notice).said(translate, language), style="dim"))
    if any(found.kind == "recorded-not-judged" for check in report.checks for found in check.findings):
        total = translate("No points are given here: your teacher's copy of the course gives them.")
    elif report.score is None:
        total = translate("Not all could be judged: no score is recorded. Try again; your attempt is not lost.")
    else:
        total = translate("Score: {score} of {max_score}").format(
            score=show(report.score), max_score=show(report.max_score)
        )
    out.print(Text(total, style="bold"))
    if report.practice:
        out.print(
            Text(translate("This was practice: grades come from your teacher's copy of the course."), style="dim")
        )


_SIGNS = {
    "pass": ("✓", "green"),
    "fail": ("✗", "red"),
    "error": ("!", "red"),
    "skipped": ("-", "yellow"),
    "void": ("?", "magenta"),
}


def check_line(check: CheckResult, width: int) -> tuple[str, str]:
    """Return the line that says how a check went, and its style; `width` is that of the longest name."""
    from grader.core.words.numbers import show

    sign, style = _SIGNS[check.verdict.value]
    unanswered = any(found.kind == "no-answer" for found in check.findings)
    if unanswered:
        sign, style = _SIGNS["skipped"]
    points = "–" if check.score is None else show(check.score)
    words = {
        "pass": translate("right"),
        "fail": translate("not answered") if unanswered else translate("not right"),
        "error": translate("stopped by an error"),
        "skipped": translate("not checked"),
        "void": translate("not judged"),
    }[check.verdict.value]
    return f"  {sign} {check.name:<{width}}  {points}/{show(check.max_score)}  {words}", style
