"""course show"""

from __future__ import annotations

from functools import partial
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING

import click

from grader.cli.language import translate
from grader.cli.options import exercise_argument, language_option, open_course, student_option

if TYPE_CHECKING:
    from grader.store.course.course_files import CourseFiles


@click.command(
    "show", options_metavar=_("[OPTIONS]"), help=_("Show what an exercise asks for.\n\nExample: course show 4.1")
)
@exercise_argument
@click.option(
    "--as-author", is_flag=True, help=_("Also show the inputs drawn, expected values, tolerances and known mistakes.")
)
@click.option("--seed", metavar=_("TEXT"), help=_("With --as-author: draw the inputs from this seed."))
@student_option
@language_option
def command(exercise_id: str, as_author: bool, seed: str | None, student: str | None) -> int:
    from grader.actions.student.meant import exercises_meant

    files, language = open_course()
    for place, id in enumerate(exercises_meant(files, exercise_id)):
        if place:
            click.echo()
        _show(files, id, language, student)
        if as_author:
            _show_as_author(files, id, language, seed, student)
    return 0


def _show(files: CourseFiles, exercise_id: str, language: str, student: str | None) -> None:
    from rich.text import Text

    from grader.actions.student.asked import asked, handing_in, numbers
    from grader.cli.printing.due import due_text
    from grader.cli.printing.output import console
    from grader.core.course.policies.told_policies import rules_of_attempts, rules_of_time
    from grader.core.course.told_rules import told_rules
    from grader.core.course.variants import of_student
    from grader.core.words.numbers import show

    exercise = files.exercise(exercise_id)
    own = numbers(exercise, partial(_whose, student))
    exercise = of_student(exercise, _whose(student)) if own is not None else exercise
    out = console()
    out.print(Text(f"{exercise.id}  {exercise.title.said_in(language)}", style="bold"))
    out.print()
    out.print(Text(exercise.prompt.said_in(language)))
    out.print()
    if own is not None:
        out.print(Text(own.said(translate, language)))
        out.print()
    lines: dict[str, list[str]] = {}
    for name, message in asked(exercise, partial(_whose, student)):
        lines.setdefault(name, []).append(message.said(translate, language))
    for name, points in exercise.points.items():
        worth = ngettext("{points} point", "{points} points", 1 if points == 1 else 2)
        out.print(Text(f"  {name}  {worth.format(points=show(points))}"))
        for line in lines.get(name, ()):
            out.print(Text(f"    {line}"))
    if exercise.work.submit:
        out.print()
        out.print(Text(_("Hand in these files: {names}").format(names=", ".join(exercise.work.submit))))
    if exercise.work.given_files:
        names = ", ".join(file.name for file in exercise.work.given_files)
        out.print()
        out.print(Text(_("Files beside your program: {names}").format(names=names)))
    rules = told_rules(exercise)
    if rules:
        out.print()
        out.print(Text(_("Rules:")))
    for rule in rules:
        out.print(Text(f"  {rule.said(_, language)}"))
    due = due_text(files.course.policy, exercise.id, student or "")
    if due is not None:
        out.print()
        out.print(Text(_("Due: {time}").format(time=due)))
    policy = files.course.policy
    for said in (
        *rules_of_attempts(policy, exercise.id, exercise.work.listed),
        *(rules_of_time(policy) if due else ()),
    ):
        out.print(Text(said.said(translate, language)))
    out.print()
    out.print(Text(handing_in(exercise).said(translate, language)))


def _show_as_author(files: CourseFiles, exercise_id: str, language: str, seed: str | None, student: str | None) -> None:
    from grader.actions.author.author_view import author_view
    from grader.cli.printing.authoring import as_lines
    from grader.sandbox.choose import box_maker

    whose = _whose(student) if files.exercise(exercise_id).work.own else ""
    for line in as_lines(author_view(files, exercise_id, seed, box_maker(None), whose), language):
        click.echo(line)


def _whose(student: str | None) -> str:
    # Only questions in words and numbers of one's own ask for it.
    from grader.store.students.identity import whose

    return whose(student)
