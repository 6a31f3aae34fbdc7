"""What the commands that judge one submission share: their options, their exit code, and the page of a judgement."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.boundary import ExitCode
from grader.cli.language import translate
from grader.cli.options import F, exercise_argument, isolation_option, seed_option, student_option

if TYPE_CHECKING:
    from grader.actions.student.judgement import Judgement
    from grader.actions.teacher.results.said import SaidOf
    from grader.store.course.course_files import CourseFiles


# As options are written, but a number: click would look for an option -8.
_NEGATIVE = re.compile(r"-(?:\d[\d.,]*|[.,]\d+)(?:[eE][-+]?\d+)?")
# What is given by name can be nothing else, however many there are.
_NAMED = re.compile(r"[^\W\d]\w*=.*", re.DOTALL)


class AnswersCommand(click.Command):
    """A command that takes answers: a negative number, or name=value, is one where no option wants a value."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        wanting = {
            name for each in self.params if isinstance(each, click.Option) and not each.is_flag for name in each.opts
        }
        told: list[str] = []
        for place, arg in enumerate(args):
            taken = place > 0 and args[place - 1] in wanting
            told += ["--answer", arg] if _is_answer(arg) and not taken and "--" not in told else [arg]
        return super().parse_args(ctx, told)


def _is_answer(arg: str) -> bool:
    return bool(_NEGATIVE.fullmatch(arg) or (_NAMED.fullmatch(arg) and not os.path.lexists(arg)))


def submission_options(function: F) -> F:
    """Add the arguments and options that say what is judged, whose it is, and how."""
    parts: tuple[Callable[[F], F], ...] = (
        exercise_argument,
        click.argument("file", metavar=_("[FILE]"), required=False, type=click.Path(path_type=Path)),
        click.option(
            "--answer",
            "answers",
            multiple=True,
            metavar=_("[NAME=]ANSWER"),
            help=_("Answer to a stated value or a question (repeatable)."),
        ),
        student_option,
        seed_option,
        isolation_option,
        click.option("--open", "opens", is_flag=True, help=_("Open the page in the browser.")),
    )
    for part in reversed(parts):
        function = part(function)
    return function


def exit_code(judgement: Judgement) -> ExitCode:
    """Return the code with which a command that judged this ends."""
    report = judgement.report
    if report.void or judgement.not_kept is not None:
        return ExitCode.COULD_NOT_JUDGE
    return ExitCode.FULL_MARKS if report.full_marks else ExitCode.NOT_FULL_MARKS


def print_note(judgement: Judgement, language: str) -> None:
    """Print what is to be known beside the report, where it disturbs no one who reads that."""
    if judgement.note is not None:
        click.echo(judgement.note.said(translate, language), err=True)
    if judgement.not_kept is not None:
        words = _("Error: {words}").format(words=judgement.not_kept.said(translate, language))
        click.echo(words, err=True)


def write_page(
    files: CourseFiles,
    judgement: Judgement,
    language: str,
    target: Path | None = None,
    opens: bool = False,
    said: SaidOf | None = None,
) -> str:
    """Write the page of a judgement, `feedback/<id>.html` where no target is given, and return how messages call it.

    Args:
        said: what teachers and assistants said of this work.

    Raises:
        UsageFault: where it cannot be written.
    """
    from grader.cli.composition import feedback_page
    from grader.cli.composition import write_page as write

    path = target or files.root / "feedback" / f"{judgement.exercise.id}.html"
    write(path, feedback_page(judgement, translate, language, said))
    if opens:
        _show(path)
    return files.shown(path)


def _show(path: Path) -> None:
    import webbrowser

    if not webbrowser.open(path.resolve().as_uri()):
        click.echo(_("The browser could not be opened; the page has been written."), err=True)
