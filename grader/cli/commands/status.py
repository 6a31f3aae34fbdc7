"""course status"""

from __future__ import annotations

from datetime import UTC, datetime
from gettext import gettext as _
from typing import TYPE_CHECKING

import click

from grader.cli.options import language_option, only_options, open_course, student_option

if TYPE_CHECKING:
    from grader.store.course.course_files import CourseFiles


@click.command(
    "status",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Show who is missing, stuck or late, and what is not judged.\n\nExample: course status --lecture 4\n\n"
        "It is read from the gradebook: run course grade before. In a students' copy it shows what you have handed in "
        "there, and what is left."
    ),
)
@only_options
@student_option
@language_option
def command(only: tuple[str, ...], lectures: tuple[str, ...], student: str | None) -> int:
    files, _language = open_course()
    if files.is_release:
        return _own(files, only, lectures, student)
    return _class(files, only, lectures, student)


def _own(files: CourseFiles, only: tuple[str, ...], lectures: tuple[str, ...], student: str | None) -> int:
    from grader.actions.student.attempts import grades_here
    from grader.actions.student.submission import name_of
    from grader.cli.language import translate
    from grader.cli.printing.own_status import print_own_status

    grades = grades_here(files, files.select(only, lectures), name_of(student))
    print_own_status(grades, files.course.policy)
    click.echo(translate("This is practice: your teacher's copy of the course gives the grades."))
    return 0


def _class(files: CourseFiles, only: tuple[str, ...], lectures: tuple[str, ...], student: str | None) -> int:
    from grader.actions.teacher.results.export import select
    from grader.actions.teacher.standings import grades, policy_of, require_known
    from grader.cli.batch import open_gradebook, read_class, require_gradebook
    from grader.cli.language import translate
    from grader.cli.printing.due import due_text, lasting
    from grader.cli.printing.output import console, print_list
    from grader.cli.printing.own_status import print_own_status
    from grader.core.cohort.status import status_of
    from grader.core.course.policies.policy import Grade, State
    from grader.core.words.message import say
    from grader.core.words.numbers import show
    from grader.store.grades.desk.grade_questions import GradeQuestions
    from grader.store.students.matches import NAME, unanswered

    require_gradebook(files)
    book = open_gradebook(files)
    try:
        chosen = select(files, book, read_class(files), only, lectures)
        found, policy = grades(files, chosen.exercises, book, book.standing()), policy_of(files, book)
        questions = GradeQuestions(book.database).open()
    finally:
        book.close()
    if student is not None:
        require_known(
            student,
            chosen.students,
            say("there is no student {student}, neither in roster.csv nor in the gradebook", student=student),
        )
        nothing = [Grade(student, each.id, State.MISSING, each.max_score) for each in chosen.exercises]
        print_own_status([found.get((each.student, each.exercise), each) for each in nothing], policy)
        return 0
    status = status_of(
        found, chosen.students, [exercise.id for exercise in chosen.exercises], policy, datetime.now(UTC)
    )

    def named(student: str) -> str:
        return f"{student} {chosen.students[student].name}".strip()

    def line(grade: Grade, words: str) -> str:
        return f"{grade.exercise}  {named(grade.student)}  {words}"

    out = console()
    for id, missing in status.missing.items():
        nobody = len(missing) == len(chosen.students)
        title = translate("{exercise}: nothing yet from {count} of {students}")
        if nobody:
            title = translate("{exercise}: nobody has handed in anything")
        due = due_text(policy, id)
        when = " · " + translate("Due: {time}").format(time=due) if due else ""
        head = title.format(exercise=id, count=len(missing), students=len(chosen.students))
        if nobody:
            out.print(head + when, style="bold", markup=False, highlight=False)
        print_list(head + when, [named(student) for student in missing if not nobody], out.print, whole=True)
    stuck = translate("{attempts} attempts, best {score} of {max_score}")
    print_list(
        translate("Stuck: several attempts, none of them with full marks"),
        [
            line(
                each, stuck.format(attempts=each.attempts, score=show(each.score or 0), max_score=show(each.max_score))
            )
            for each in status.stuck
        ],
        out.print,
        whole=True,
    )
    late, fined = translate("{late} late"), translate("{late} late, −{penalty}")
    print_list(
        translate("Late"),
        [
            line(each, (fined if each.penalty else late).format(late=lasting(each.late), penalty=show(each.penalty)))
            for each in status.late
        ],
        out.print,
        whole=True,
    )
    print_list(
        translate("Not judged; grade again"),
        [line(each, "").rstrip() for each in status.waiting],
        out.print,
        whole=True,
    )
    open_lines = unanswered(files.root / NAME)
    if open_lines and status.missing:
        words = translate("Open lines in {file}: {count}. Who is missing here may have handed in all the same.")
        click.echo(words.format(file=NAME, count=open_lines))
    if questions:
        words = translate("Questions about grades that nobody has answered, at the server: {count}")
        click.echo(words.format(count=questions))
    if not (status.missing or status.stuck or status.late or status.waiting):
        click.echo(translate("All that is due or begun is handed in, judged and in time."))
    return 0
