"""course explain"""

from __future__ import annotations

from gettext import gettext as _

import click

from grader.cli.options import exercise_argument, json_option, language_option, open_course


@click.command(
    "explain",
    options_metavar=_("[OPTIONS]"),
    help=_("Show why a student has this grade.\n\nExample: course explain s001 4.5"),
)
@click.argument("student", metavar=_("STUDENT"))
@exercise_argument
@json_option(_("Write the explanation as JSON (default: standard output)."))
@language_option
def command(student: str, exercise_id: str, json_target: str | None) -> int:
    from contextlib import closing

    from grader.actions.teacher.results.explain import explain
    from grader.cli.batch import open_gradebook, read_class, require_gradebook
    from grader.cli.printing.explanation import explanation_as_json, print_explanation
    from grader.cli.printing.output import write_json
    from grader.store.machine.secret import course_secret

    files, language = open_course()
    require_gradebook(files)
    with closing(open_gradebook(files)) as book:
        roster = set(read_class(files))
        found = explain(files, book, roster, student, exercise_id, course_secret(files.course.id))
    if json_target != "-":
        print_explanation(found, language)
    if json_target is not None:
        write_json(explanation_as_json(found, language), json_target)
    return 0
