"""Jupyter: `%%check 4.5` above a cell runs it, judges it with the cells before it, and shows the report below it.

What counts are the cells that ran without an error since `%load_ext grader`, each once and as it ran last, in the order
in which they first ran; the cell that asks comes last. Nothing is recorded: that is what `course submit` is for.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import LANGUAGES, environment_language
from grader.actions.student.judgement import Judgement
from grader.actions.student.submission import Request, Submission, handed_in
from grader.actions.student.submit import judged
from grader.core.course.exercise import Exercise
from grader.core.course.variants import of_student
from grader.core.findings.telling import told, told_check
from grader.core.program.notebooks.notebook import Cell, notebook_program
from grader.core.report.finding import Finding
from grader.core.words.errors import CouldNotJudge, CourseInvalid, UsageFault
from grader.core.words.message import Message, Translate, say
from grader.grading.places import close_to_submissions
from grader.integrations.pages.checks import verdict_word
from grader.integrations.pages.feedback_page import feedback_in_cell
from grader.integrations.pages.rendering import number
from grader.sandbox.choose import box_maker
from grader.store.course.course_files import CourseFiles, find_course
from grader.store.machine.catalogues import translation
from grader.store.students.identity import whose
from grader.store.students.programs import NOTEBOOK

_MAGIC = "check"
# Answers may be written as Python would have them.
_ASSIGNED = re.compile(r"^([ \t]*\w+)[ \t]*=", re.MULTILINE)


def load(shell: Any) -> None:
    """Give an IPython shell the magic, and begin to note which cells run."""
    session = _Session(shell)
    shell.register_magic_function(session.check, magic_kind="line_cell", magic_name=_MAGIC)
    shell.events.register("pre_run_cell", session.begin)
    shell.events.register("post_run_cell", session.end)
    if _running(shell) > 1:
        told = say("%{magic} does not see cells that ran before this one: run them again.", magic=_MAGIC)
        print(told.said(translation(environment_language() or "en")), file=sys.stderr)


def _running(shell: Any) -> int:
    """Return the number of the cell that runs, as it stands in brackets beside it."""
    # Versions of IPython differ in when they count execution_count on.
    return len(shell.history_manager.input_hist_raw) - 1


@dataclass(frozen=True)
class _Asked:
    """What stands behind the magic's name."""

    exercise: str
    answers: tuple[str, ...] = ()
    language: str | None = None


class _Session:
    """The cells of one kernel."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._cells: dict[str, Cell] = {}
        self._current = "", ""
        self._failed = False
        self._shown = 0

    def begin(self, info: Any) -> None:
        """Note the cell that begins to run; what runs inside of it is a part of it."""
        if info.store_history:
            # Outside of notebooks, cells have no names by which one that runs again would be known.
            self._current = getattr(info, "cell_id", None) or f"[{_running(self._shell) + 1}]", info.raw_cell
            self._failed = False

    def end(self, result: Any) -> None:
        """Keep the cell that ran; one that failed is no part of what is judged."""
        if result.info.store_history:
            key, text = self._current
            if result.success and not self._failed:
                self._cells[key] = Cell(result.execution_count, text)
            else:
                self._cells.pop(key, None)

    def check(self, line: str, cell: str | None = None) -> None:
        """Judge, and show the report."""
        translate = translation(environment_language() or "en")
        try:
            files = find_course(Path.cwd())
            close_to_submissions(files)
            language = environment_language() or files.course.languages[0]
            translate = translation(language)
            asked = _asked(line)
            language = asked.language or language
            translate = translation(language)
            student = whose(None)
            exercise = of_student(files.exercise(files.require(asked.exercise)), student)
            submission = self._submission(files, exercise, asked, cell)
            if submission is not None:
                self._show(
                    judged(files, exercise, submission, student if exercise.work.own else "", None, box_maker(None)),
                    translate,
                    language,
                )
        except (UsageFault, CourseInvalid, CouldNotJudge) as error:
            for words in _told(error):
                print(words.said(translate), file=sys.stderr)

    def _submission(self, files: CourseFiles, exercise: Exercise, asked: _Asked, cell: str | None) -> Submission | None:
        """Return what is to be judged; None where the cell was interrupted."""
        if asked.answers or not (exercise.work.by_program or cell):
            return handed_in(files, exercise, Request(exercise.id, answers=asked.answers))
        if not exercise.work.by_program:
            return Submission(_ASSIGNED.sub(r"\1: ", cell or "").encode(), ".yaml", f"{exercise.id}.yaml")
        if cell is not None:
            ran = self._shell.run_cell(cell)
            # The magic itself succeeds all the same.
            self._failed = not ran.success
            if isinstance(ran.error_in_exec, KeyboardInterrupt):
                return None
        current, text = self._current
        before = [each for key, each in self._cells.items() if key != current]
        name = _notebook_name()
        program = notebook_program([*before, Cell(_running(self._shell), text)], name)
        if isinstance(program, Finding):
            raise UsageFault(told(program))
        return Submission(program.shown.encode(), NOTEBOOK, name, program=program)

    def _show(self, judgement: Judgement, translate: Translate, language: str) -> None:
        self._shown += 1
        html = feedback_in_cell(judgement, f"report{_running(self._shell)}-{self._shown}-", translate, language)
        plain = "\n".join(_lines(judgement, translate, language))
        self._shell.display_pub.publish({"text/plain": plain, "text/html": html})


def _asked(line: str) -> _Asked:
    """Read `4.5`, `4.1 -8` or `4.2 da=1 db=2`, with `--lang uz` anywhere.

    Raises:
        UsageFault: where no exercise is named, or a language that the tool does not speak.
    """
    try:
        words = shlex.split(line)
    except ValueError:
        words = line.split()
    language = None
    if "--lang" in words[:-1]:
        place = words.index("--lang")
        language = words[place + 1]
        del words[place : place + 2]
        if language not in LANGUAGES:
            spoken = ", ".join(LANGUAGES)
            raise UsageFault(
                say("{language} is not available; choose from: {languages}", language=language, languages=spoken)
            )
    # As the command has it; here what follows the exercise can be nothing else.
    words = [word for word in words if word != "--answer"]
    if not words:
        raise UsageFault(say("say which exercise, for example %{magic} {id}", magic=_MAGIC, id="4.5"))
    return _Asked(words[0], tuple(words[1:]), language)


def _notebook_name() -> str:
    """Return the file's name, where the server tells the kernel."""
    name = Path(os.environ.get("JPY_SESSION_NAME", "")).name
    return name if name.endswith(NOTEBOOK) else f"notebook{NOTEBOOK}"


def _lines(judgement: Judgement, translate: Translate, language: str) -> Sequence[str]:
    """Return the report as lines, for where no HTML is shown."""
    report = judgement.report
    lines = [f"{report.exercise}  {judgement.exercise.title.said_in(language)}"]
    for check in report.checks:
        word = verdict_word(check.verdict, translate)
        lines.append(f"  {check.name}  {number(check.score)}/{number(check.max_score)}  {word}")
        said = (words.said(translate, language) for words in told_check(check))
        lines += [f"      {line}" for words in said for line in words.splitlines()]
    score = translate("Score: {score} of {max_score}").format(
        score=number(report.score), max_score=number(report.max_score)
    )
    return [*lines, *(told(notice).said(translate, language) for notice in report.notices), score]


def _told(error: UsageFault | CourseInvalid | CouldNotJudge) -> Sequence[Message]:
    match error:
        case UsageFault(messages=messages):
            return messages
        case CourseInvalid(faults=faults):
            return [say("{where}: {what}", where=str(fault.at), what=fault.message) for fault in faults]
        case CouldNotJudge(message=message):
            return [say("This could not be judged: {words}", words=message)]
