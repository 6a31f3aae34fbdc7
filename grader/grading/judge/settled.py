"""What happened after everything that a check compares: it is told, and costs nothing.

A program that raised is run once more without the statement that raised and what follows it. What that gives is what
the program had done before; where all of it is right and complete, the exception came too late to matter. The numbers
are those of a program that computes them for unseen data, so nobody has to be believed about what was done when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.core.compare.comparison import comparisons
from grader.core.compare.tolerance import Arrays, Observation
from grader.core.course.checks.recording import follows_run
from grader.core.course.exercise import Check
from grader.core.judge.explain import out_of_memory, raised_finding
from grader.core.judge.reference import Reference
from grader.core.program.rewriting.cut import until_raised
from grader.core.program.source import Source
from grader.core.report.finding import Finding, finding
from grader.core.report.report import Verdict
from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import Raised, Run
from grader.grading.judge.steps import Alone, Look, Steps

# The kind of what is told of it.
LATE = "after-what-is-checked"


@dataclass(frozen=True)
class Late:
    """An exception that came after what a check compares.

    Attributes:
        check: the name of the check that it costs nothing.
    """

    check: str
    raised: Finding


def settled(
    looks: Iterable[Look],
    source: Source,
    references: Mapping[str, Reference],
    jobs_of: Callable[[Check], Sequence[ProgramJob]],
    look: Callable[[Check, Sequence[Run]], Look],
) -> Steps[list[tuple[Look, Late]]]:
    """Return the looks that are right as far as the program came, each with what happened later.

    Args:
        jobs_of: the jobs of a check, a run each.
        look: judges runs of a check.
    """
    asked: list[tuple[Look, list[int], list[ProgramJob]]] = []
    for each in looks:
        places = _raising(each, references[each.check.name])
        jobs = [_until_raised(job, each.runs[i]) for i, job in enumerate(jobs_of(each.check)) if i in places]
        if jobs and None not in jobs:
            asked.append((each, places, [job for job in jobs if job is not None]))
    if not asked:
        return []
    found: list[tuple[Look, Late]] = []
    answers = yield [Alone(tuple(jobs)) for _, _, jobs in asked]
    for (each, places, _), runs in zip(asked, answers, strict=True):
        before = dict(zip(places, runs, strict=True))
        again = look(each.check, [before.get(i, run) for i, run in enumerate(each.runs)])
        # What we could not find out is not the student's fault.
        if again.result.verdict in (Verdict.PASS, Verdict.VOID):
            raised = _raised(each.runs[places[0]])
            assert raised is not None
            found.append((again, Late(each.check.name, raised_finding(raised, source))))
    return found


def late_findings(late: Iterable[Late]) -> tuple[Finding, ...]:
    """Return what is said of exceptions that cost nothing: each once, with the checks that it costs nothing."""
    by_fault: list[tuple[Finding, list[str]]] = []
    for each in late:
        checks = next((checks for fault, checks in by_fault if fault == each.raised), None)
        if checks is None:
            by_fault.append((each.raised, [each.check]))
        else:
            checks.append(each.check)
    return tuple(finding(LATE, fault=fault, checks=tuple(checks)) for fault, checks in by_fault)


def _raising(look: Look, reference: Reference) -> list[int]:
    """Return the places of the runs that raised, where they are all that is wrong with a check; none otherwise."""
    if not look.check.script or look.result.verdict is not Verdict.ERROR:
        return []
    if any(run.stop is not None for run in look.runs) or len(look.runs) != len(reference.expected):
        return []
    places = [i for i, run in enumerate(look.runs) if _raised(run) is not None]
    # What ran into a limit is over, whatever it had done.
    if any(out_of_memory(raised) for run in look.runs if (raised := _raised(run))):
        return []
    return places if all(_whole(look, i, reference) for i in places) else []


def _whole(look: Look, place: int, reference: Reference) -> bool:
    """Whether a run came far enough to be worth another one: as many steps as there should be, at least."""
    observation = Observation(look.runs[place])
    pairs = zip(comparisons(look.check), reference.expected[place], strict=True)
    return all(
        _steps(item.arrays(observation)) >= _steps(expected.arrays) for item, expected in pairs if follows_run(item)
    )


def _steps(arrays: Arrays) -> int:
    return max((len(array) for array in arrays.values()), default=0)


def _raised(run: Run) -> Raised | None:
    return run.ran.raised if run.ran is not None else None


def _until_raised(job: ProgramJob, run: Run) -> ProgramJob | None:
    raised = _raised(run)
    text = None if raised is None else until_raised(job.source, raised.way)
    return None if text is None else replace(job, source=text)
