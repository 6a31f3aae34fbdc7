"""What `course submit --server` does: hand in there, wait, and show the report as if it had been judged here."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from grader.actions.student.meant import several
from grader.actions.student.remote import Sent, Told, hand_in, student_there, wait_for
from grader.actions.student.submission import found_file
from grader.actions.student.submit_each import Outcome, rows
from grader.cli.boundary import ExitCode, meaning
from grader.cli.language import translate
from grader.cli.printing.due import lasting
from grader.cli.printing.output import print_judgement, write_json
from grader.cli.submitting import exit_code
from grader.cli.submitting_several import Targets, print_total, reports_as_json, write_reports
from grader.core.report.flat_rows import is_void
from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.core.words.message import Message, clean, say

if TYPE_CHECKING:
    from grader.actions.student.remote import Answers
    from grader.actions.student.submission import Request
    from grader.store.course.course_files import CourseFiles


def submit_to_server(
    files: CourseFiles, request: Request, server: Answers, targets: Targets, waits: bool, language: str
) -> ExitCode:
    """Hand in one exercise, or all that lies in work/ of several; print and write what the server says.

    Args:
        waits: whether to wait for verdicts.

    Raises:
        UsageFault: where options do not go together, there is nothing to hand in, or the server refuses it.
        CouldNotJudge: where the server cannot be reached, or says nothing for a long time.
    """
    _require_fitting(request, targets, waits)
    asked = several(files, request.exercise_id)
    if asked and (request.file or request.answers):
        raise UsageFault(say("a file and --answer need a single exercise; name it"))
    student = student_there(files, server)
    ids = asked or [files.require(request.exercise_id)]
    sent: dict[str, Sent] = {}
    refused = False
    for id in ids:
        try:
            if asked and found_file(files, files.exercise(id), request.folder) is None:
                continue
            sent[id] = hand_in(files, replace(request, exercise_id=id), student, server)
        except UsageFault as fault:
            if not asked:
                raise
            # What cannot be taken of one does not keep the others from being handed in.
            refused = True
            for words in fault.messages:
                told = say("{id}: {words}", id=id, words=words)
                click.echo(translate("Error: {words}").format(words=told.said(translate)), err=True)
            continue
        _say(say("{id} is handed in: {page}", id=id, page=sent[id].page))
    if refused and not sent:
        return ExitCode.USAGE
    code = _after(files, ids, sent, server, targets, waits, language)
    return max(code, ExitCode.USAGE) if refused else code


def _after(
    files: CourseFiles,
    ids: list[str],
    sent: Mapping[str, Sent],
    server: Answers,
    targets: Targets,
    waits: bool,
    language: str,
) -> ExitCode:
    if not sent:
        raise UsageFault(say("nothing is handed in: there is no file for these exercises"))
    if not waits:
        if targets.json is not None:
            told = [{"exercise": id, "submission": each.name, "page": each.page} for id, each in sent.items()]
            write_json({"format_version": 1, "handed_in": told}, targets.json)
        return ExitCode.FULL_MARKS
    held: set[str] = set()
    each_of_them = [_outcome(files, id, sent.get(id), server, targets, language, held) for id in ids]
    # What is handed in and has no verdict here is neither missing nor worth nothing: no report speaks of it.
    outcomes = [each for each in each_of_them if each is not None]
    found = list(rows(outcomes, translate, language))
    if len(ids) > 1 and len(outcomes) == len(ids) and targets.json != "-":
        print_total(found)
    if targets.json is not None:
        write_json(reports_as_json(outcomes, len(ids) > 1, language), targets.json)
    write_reports(outcomes, found, targets, language)
    judged = [each.judgement for each in outcomes if each.judgement is not None]
    if len(judged) + len(held) < len(sent) or is_void(found):
        return ExitCode.COULD_NOT_JUDGE
    full = len(judged) + len(held) == len(ids) and all(exit_code(each) == ExitCode.FULL_MARKS for each in judged)
    return ExitCode.FULL_MARKS if full else ExitCode.NOT_FULL_MARKS


def _outcome(
    files: CourseFiles, id: str, sent: Sent | None, server: Answers, targets: Targets, language: str, held: set[str]
) -> Outcome | None:
    """Return what became of an exercise; None where it is handed in and its verdict is not known, or not shown yet."""
    if sent is None:
        return Outcome(files.exercise(id))
    try:
        told = wait_for(sent, server, _say)
    except CouldNotJudge as error:
        # The others may have their verdicts.
        for line in meaning(error)[2]:
            click.echo(line, err=True)
        return None
    if told is None:
        held.add(id)
        return None
    if targets.json != "-":
        _print(told, sent, language)
    return Outcome(sent.exercise, told.judgement.report, told.judgement)


def _print(told: Told, sent: Sent, language: str) -> None:
    print_judgement(told.judgement, language)
    if told.late:
        _say(say("Handed in late, by {late}.", late=lasting(told.late)))
    for words in (*told.notes, *told.comments):
        click.echo(words, err=True)
    if not told.judgement.report.full_marks:
        _say(say("Curves, graph and hints: {page}", page=sent.page))


def _require_fitting(request: Request, targets: Targets, waits: bool) -> None:
    from grader.cli.composition import REPORTS

    if request.seed is not None or targets.opens:
        raise UsageFault(
            say("the server judges with its own numbers and has its own pages: leave --seed and --open out")
        )
    foreign = [f"--{word}" for word in targets.reports if REPORTS[word].marks_count]
    if foreign:
        raise UsageFault(
            say("{options} writes grades that another system records, and here the server has them: leave it out",
                options=", ".join(foreign))
        )  # fmt: skip
    if not waits and targets.reports:
        raise UsageFault(say("without waiting there is no report to write: leave --no-wait out"))


def _say(message: Message) -> None:
    with contextlib.suppress(BrokenPipeError):
        click.echo(clean(message.said(translate)), err=True)
