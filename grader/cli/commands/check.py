"""course check"""

from __future__ import annotations

from dataclasses import replace
from gettext import gettext as _
from typing import TYPE_CHECKING

import click

from grader.cli.options import isolation_option, json_option, language_option, open_course, workers_option

if TYPE_CHECKING:
    from grader.store.course.course_files import CourseFiles


@click.command(
    "check",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Prove that exercises grade correctly.\n\n"
        "Example: course check 4.5\n\n"
        "Starters must run and fail; solutions and right programs must pass; wrong programs must fail for the reason "
        "they are named after; gradients must agree with finite differences; inputs must tell mistakes apart. If "
        "course.yaml sets a mutation floor, mutants of the solutions must lose points. Without an ID, every exercise "
        "is checked."
    ),
)
@click.argument("only", metavar="[ID]...", nargs=-1)
@click.option(
    "--changed-since", "since", metavar="REV", help=_("Only exercises that differ from this git commit or branch.")
)
@click.option("--changed", is_flag=True, help=_("Only exercises that differ from what was found in order here before."))
@workers_option
@click.option(
    "--seeds",
    type=click.IntRange(1, 1000),
    default=20,
    metavar="N",
    help=_("Number of seeds for right programs; wrong ones get at most 3 (default: 20)."),
)
@click.option(
    "--mutation/--no-mutation",
    default=None,
    help=_("Try mutants of the solutions (default: only if course.yaml sets a floor)."),
)
@isolation_option
@json_option(_("Write the findings as JSON (default: standard output)."))
@language_option
def command(
    only: tuple[str, ...],
    since: str | None,
    changed: bool,
    workers: int | None,
    seeds: int,
    mutation: bool | None,
    isolation: str | None,
    json_target: str | None,
) -> int:
    from grader.actions.author.check import check
    from grader.actions.author.proved import Proved
    from grader.cli.batch import cores, mutation_operators
    from grader.cli.boundary import ExitCode
    from grader.cli.printing.check_output import checked_as_json, print_checked
    from grader.cli.printing.output import write_json
    from grader.cli.printing.progress import make_progress
    from grader.grading.batch.local_workers import LocalWorkers
    from grader.grading.proof.outcome import check_outcome
    from grader.grading.proof.proof import CheckRequest
    from grader.sandbox.choose import LEVELS, try_level

    files, language = open_course()
    if since is not None:
        only = _changed(files, since, only)
        if not only:
            click.echo(_("No exercise has changed since {rev}.").format(rev=since), err=json_target == "-")
            return _nothing_to_prove(files, language, json_target)
    asked = files.course.mutation is not None if mutation is None else mutation
    # It is the course's own code: a machine without a locked box can prove it too.
    level = isolation or next((each for each in LEVELS if try_level(each).holds), "none")
    request = CheckRequest(level, seeds, tuple(dict.fromkeys(only)), mutation_operators() if asked else None)
    proved = Proved(files, request)
    if changed:
        ids = [files.require(id) for id in request.only] or files.exercise_ids()
        left = proved.unproved(ids)
        click.echo(_("unchanged since they were found in order: {count}").format(count=len(ids) - len(left)), err=True)
        request = replace(request, only=tuple(left))
        if not left:
            return _nothing_to_prove(files, language, json_target)
    with make_progress() as progress:
        local = LocalWorkers(workers or len(cores()), check_outcome, last=lambda task: task)
        checked = check(files, request, local, progress)
    proved.keep(checked)
    if json_target != "-":
        print_checked(checked, language, seeds)
    if json_target is not None:
        write_json(checked_as_json(checked, language, files.course.mutation), json_target)
    if any(proof.could_not for proof in checked.proofs):
        return ExitCode.COULD_NOT_JUDGE
    return ExitCode.NOT_FULL_MARKS if checked.all_findings else ExitCode.FULL_MARKS


def _nothing_to_prove(files: CourseFiles, language: str, json_target: str | None) -> int:
    from grader.actions.author.check import Checked
    from grader.cli.boundary import ExitCode
    from grader.cli.printing.check_output import checked_as_json
    from grader.cli.printing.output import write_json

    if json_target is not None:
        write_json(checked_as_json(Checked([], ()), language, files.course.mutation), json_target)
    return ExitCode.FULL_MARKS


def _changed(files: CourseFiles, since: str, only: tuple[str, ...]) -> tuple[str, ...]:
    from grader.core.words.errors import UsageFault
    from grader.core.words.message import say
    from grader.store.course.changes import changed_exercises

    if only:
        raise UsageFault(say("give either exercises or --changed-since, not both"))
    return tuple(changed_exercises(files, since))
