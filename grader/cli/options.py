"""What several commands share: options, each with one name, type and help, and the course of the current folder."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from grader.cli.language import LANGUAGES, spoken

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from grader.store.course.course_files import CourseFiles

F = TypeVar("F", bound=Callable[..., object])


class Decorator(Protocol):
    """What adds an option to a command's function, whatever that takes."""

    def __call__(self, function: F, /) -> F: ...


def exercise_argument(function: F) -> F:
    """Add the argument ID, an exercise of the course, which shells complete."""
    return click.argument("exercise_id", metavar="ID", shell_complete=_exercise_ids)(function)


def optional_exercise_argument(function: F) -> F:
    """Add the argument ID where it can be left out; the value is None then."""
    return click.argument("exercise_id", metavar="[ID]", required=False, shell_complete=_exercise_ids)(function)


def _exercise_ids(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from grader.cli.completing import exercise_ids

    return exercise_ids(context, parameter, incomplete)


def language_option(function: F) -> F:
    """Add --lang. Its value is read before click starts, because help itself is in that language."""
    return _add(function, "--lang", **_language())


def language_of_group() -> click.Option:
    """Return --lang for a group of commands."""
    return click.Option(["--lang"], **_language())


def isolation_option(function: F) -> F:
    """Add --isolation, the level of the box; the value is None where nobody asks for one."""
    levels = click.Choice(("full", "reduced", "none"))
    return _add(function, "--isolation", type=levels, help=_("Isolation level (default: the strongest available)."))


def workers_option(function: F) -> F:
    """Add -j, the number of worker processes; the value is None where nobody says."""
    count = click.IntRange(1, 1024)
    words = _("Number of workers (default: one per core).")
    return _add(function, "-j", "workers", type=count, metavar="N", help=words)


def cluster_option(function: F) -> F:
    """Add --cluster, the address of a Dask scheduler."""
    words = _("Grade on the Dask cluster of this scheduler.")
    return _add(function, "--cluster", metavar=_("ADDRESS"), help=words)


def seed_option(function: F) -> F:
    """Add --seed, which draws hidden inputs for practice."""
    return _add(function, "--seed", metavar=_("TEXT"), help=_("Draw the hidden inputs from this seed, for practice."))


def only_options(function: F) -> F:
    """Add --only and --lecture, which select exercises."""
    lecture = _add(
        function, "--lecture", "lectures", multiple=True, metavar="ID", help=_("Only this lecture (repeatable).")
    )
    return only_option(lecture)


def only_option(function: F) -> F:
    """Add --only, which selects exercises."""
    return _add(function, "--only", multiple=True, metavar="ID", help=_("Only this exercise (repeatable)."))


def students_option(function: F) -> F:
    """Add --student, which selects students of a class."""
    words = _("Only this student (repeatable).")
    return _add(function, "--student", "students", multiple=True, metavar=_("NAME"), help=words)


def student_option(function: F) -> F:
    """Add --student, which says whose work this is."""
    words = _("Name of the student (default: COURSE_STUDENT, or git's user).")
    return _add(function, "--student", metavar=_("NAME"), help=words)


def json_option(help: str) -> Decorator:
    """Return what adds --json, whose file may be left out: then it is standard output."""
    return lambda function: _add(
        function, "--json", "json_target", is_flag=False, flag_value="-", metavar=_("[FILE]"), help=help
    )


def path_option(*names: str, metavar: str, help: str, **settings: Any) -> Decorator:
    """Return what adds an option whose value is a path."""
    return lambda function: _add(
        function, *names, type=click.Path(path_type=Path), metavar=metavar, help=help, **settings
    )


def open_course() -> tuple[CourseFiles, str]:
    """Return the course of the working folder, from now on closed to submissions, and the language spoken."""
    from grader.grading.places import close_to_submissions
    from grader.store.course.course_files import find_course

    files = find_course(Path.cwd())
    close_to_submissions(files)
    return files, spoken()


def _language() -> dict[str, Any]:
    return {"type": click.Choice(LANGUAGES), "expose_value": False, "help": _("Language of the messages.")}


def _add(function: F, *names: str, **settings: Any) -> F:
    return click.option(*names, **settings)(function)
