"""What a worker does with a part of a proof."""

from __future__ import annotations

import traceback
from pathlib import Path

from grader.core.words.errors import CouldNotJudge, CourseInvalid
from grader.core.words.message import say
from grader.grading.batch.task import in_warm_box
from grader.grading.judge.drivers import driven
from grader.grading.judge.judge import modules
from grader.grading.proof.check_task import CheckTask, known_on
from grader.grading.proof.kinds import PROOFS
from grader.grading.proof.mutants import MutationTask, survivors
from grader.grading.proof.programs import source_of


def check_outcome(task: CheckTask | MutationTask) -> object:
    """Do one part. Whatever is raised is an outcome.

    Returns:
        What the kind of exercise has seen, the Survivors among mutants, or the CourseInvalid or CouldNotJudge raised.
    """
    try:
        return survivors(task) if isinstance(task, MutationTask) else _done(task)
    except (CourseInvalid, CouldNotJudge) as error:
        return error
    except Exception as error:  # noqa: BLE001 - the boundary of a worker; what it cannot do is told
        place = traceback.extract_tb(error.__traceback__)[-1]
        words = f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"
        return CouldNotJudge(say("a bug in the grader: {words}", words=words))


def _done(task: CheckTask) -> object:
    known = known_on(task.key, task.draw)
    wanted = modules(known, *map(source_of, task.programs))
    steps = PROOFS.of(known.key.exercise.work).steps(task, known)
    return driven(steps, in_warm_box(task.isolation, wanted))
