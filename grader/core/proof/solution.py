"""What a solution is held to besides its right programs: draws, randomness, dtypes, gradients, margins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from grader.core.compare.comparison import comparisons
from grader.core.course.checks.limits import Limits
from grader.core.course.checks.recording import asks
from grader.core.course.draws.draw import Array, Made
from grader.core.course.exercise import Check
from grader.core.findings.telling import told
from grader.core.judge.explain import stop_finding
from grader.core.judge.noise import MOST_WIDENED
from grader.core.judge.reference import Reference, observations_of
from grader.core.program.source import Source
from grader.core.proof.findings import Finding, HoldsNothing
from grader.core.run.jobs import GradcheckJob, ProgramJob
from grader.core.run.observation import Run, RunStatus
from grader.core.run.plan import probe_numbers
from grader.core.run.trace import Floats
from grader.core.words.errors import Position
from grader.core.words.message import Message, say

# What a solution usually fixes a dtype with.
DTYPES = re.compile(r"\bdtype\b|\bset_default_dtype\b|\.(float|double|half|bfloat16)\(|\b(float|bfloat)(16|32|64)\b")
# Its first use imports half a second of torch; each further one takes milliseconds.
_OF_GRADCHECK = Limits(wall=60.0, cpu=60.0, memory=2**30, output=2**26)
_MOST_WORDS = 300
_RESEEDED = """import random as _r, sys as _s
_n = _r.seed({seed}) or [_m.seed({seed}) for _m in [getattr(_s.modules.get("numpy"), "random", None)] if _m]
_t = [_m.default_generator.manual_seed({seed}) for _m in [_s.modules.get("torch")] if _m]
"""


def draw_findings(check: Check, seed: bytes, at: Position) -> Iterator[Finding]:
    """Yield the names whose numbers are the author's own in every probe."""
    probes = probe_numbers(check, seed)
    drawn = probes[len(check.examples) :]
    for name, draw in check.draws.items():
        if draw.made is Made.IN_THE_BOX:
            continue
        examples = [example[name].numbers for example in check.examples if name in example]
        if not draw.varies or not any(_is_new(probe[name], examples) for probe in drawn):
            message = say(
                "check {check}: {name} has your own numbers in every probe, so a program with these "
                "numbers hard-coded passes: draw it, with repeat at least 1",
                check=check.name,
                name=name,
            )
            yield Finding("constant-kept", at, message)


def _is_new(array: Array, examples: Sequence[tuple[float | int, ...]]) -> bool:
    if array.dtype:
        # Of class numbers there are few: they come again, in another order.
        return array.numbers not in examples
    return all(not set(array.numbers) & set(numbers) for numbers in examples)


def reseeded(job: ProgramJob, seed: int) -> ProgramJob:
    """Return a job whose random numbers are others: whoever draws some gives other results."""
    return replace(job, source=_RESEEDED.format(seed=seed) + job.source)


def line_of(source: Source, words: re.Pattern[str]) -> Position:
    """Return the first line with one of the words; the file alone where there is none."""
    for number, line in enumerate(source.text.splitlines(), 1):
        found = words.search(line.partition("#")[0])
        if found:
            return Position(source.filename, number, found.start() + 1)
    return Position(source.filename)


def random_finding(check: Check, first: Sequence[Run], second: Sequence[Run], at: Position) -> Finding | None:
    """Return what says that the solution draws numbers of its own; None where two runs agree bit by bit."""
    if len(first) == len(second) and all(_same(check, *pair) for pair in zip(first, second, strict=True)):
        return None
    message = say(
        "check {check}: two runs of the solution give different numbers: it must not draw random numbers itself",
        check=check.name,
    )
    return Finding("solution-random", at, message)


def _same(check: Check, one: Run, other: Run) -> bool:
    if len(one.called) != len(other.called):
        return False
    ours, theirs = (_all_arrays(check, run) for run in (one, other))
    return ours.keys() == theirs.keys() and all(
        ours[key].shape == theirs[key].shape and np.array_equal(ours[key], theirs[key], equal_nan=True) for key in ours
    )


def _all_arrays(check: Check, run: Run) -> dict[tuple[int, int, str], Floats]:
    observations = (
        observations_of(check, [run], max(len(run.called), 1), 1)[0]
        if check.calls
        else observations_of(check, [run], 1, 1)[0]
    )
    return {
        (i, j, key): array
        for i, observation in enumerate(observations)
        for j, item in enumerate(comparisons(check))
        for key, array in item.arrays(observation).items()
    }


def dtype_finding(check: Check, runs: Sequence[Run], dtype: str, at: Position) -> Finding | None:
    """Return what says that the solution's tensors do not follow the dtype of the run."""
    for run in runs:
        values = [value for called in run.called for value in called.values]
        values += [each for value in (run.ran.finals if run.ran else {}).values() for each in value.parts or (value,)]
        for value in values:
            if value.kind == "tensor" and "float" in value.dtype and value.dtype != dtype and check.dtype is None:
                message = say(
                    "check {check}: the solution gives {found} although the default is {wanted}: it must "
                    "not fix a dtype",
                    check=check.name,
                    found=value.dtype,
                    wanted=dtype,
                )
                return Finding("solution-dtype", at, message)
    return None


def gradcheck_jobs(jobs: Sequence[ProgramJob]) -> list[GradcheckJob]:
    """Return what holds the solution's gradients to its values, at the probes of these jobs."""
    return [GradcheckJob(job, _OF_GRADCHECK) for job in jobs]


def gradient_findings(check: Check, runs: Sequence[Run], at: Position) -> Iterator[Finding]:
    """Yield what gradcheck says against each gradient of the solution, or why it did not come to its end."""
    stopped = next((run for run in runs if run.status is not RunStatus.COMPLETED), None)
    if stopped is not None:
        message = say(
            "check {check}: torch.autograd.gradcheck did not finish on the solution, so its "
            "gradient is not proved. {what} Large inputs take long: draw smaller ones",
            check=check.name,
            what=told(stop_finding(stopped, _OF_GRADCHECK)),
        )
        yield Finding("gradient-unproved", at, message)
    faults = {name: words for run in reversed(runs) for name, words in run.gradchecked.items()}
    for name, words in faults.items():
        message = say(
            "check {check}: the solution's gradient with respect to {name} does not match its "
            "own values. torch.autograd.gradcheck: {words}. Look for .detach(), .data or "
            ".item(), or a backward() of your own",
            check=check.name,
            name=name,
            words=" ".join(words.split())[:_MOST_WORDS].rstrip(".,"),
        )
        yield Finding("gradient-wrong", at, message)


def has_gradient(check: Check) -> bool:
    """Whether a gradient of what a function returns is compared."""
    return bool(check.calls) and asks(check.compare, "gradient")


def furthest(check: Check, runs: Sequence[Run], seed: bytes, reference: Reference) -> float | None:
    """Return how far a program is off at a check in units of what is allowed, by its best signature; None where it
    differs in more than numbers."""
    if check.data is not None:
        # It is not off by a number: it reaches a goal, or does not.
        return None
    calls = max(len(check.calls), 1)
    found = []
    for observations in observations_of(check, runs, len(probe_numbers(check, seed)), calls):
        worst: float | None = 0.0
        for observation, expected in zip(observations, reference.expected, strict=True):
            for item, wanted in zip(comparisons(check), expected, strict=True):
                here = item.distance(observation, wanted)
                worst = None if worst is None or here is None else max(worst, here)
        found.append(worst)
    return min((worst for worst in found if worst is not None), default=None)


def reference_findings(references: Mapping[str, Reference]) -> Iterator[HoldsNothing | Finding]:
    """Yield the checks that nothing can be held to, and the right programs that rounding does not explain."""
    for check, reference in references.items():
        yield from (HoldsNothing("tolerance-too-wide", check, message) for message in reference.wide)
        yield from (HoldsNothing("kink-unavoidable", check, message) for message in reference.kinks)
        yield from (HoldsNothing("goal-out-of-reach", check, message) for message in reference.missed)
        for shown in reference.apart:
            message = say(
                "at check {check} this program is further from the solution than {most} times the solution's own "
                "noise, so it widens what is allowed no further: is it right, and is the solution?",
                check=check,
                most=MOST_WIDENED,
            )
            yield Finding("right-disagrees", Position(shown), message)


def missing_languages(texts: Mapping[str, object], languages: Sequence[str]) -> list[str]:
    """Return the languages of the course in which a text is missing."""
    return [language for language in languages if language not in texts]


def language_finding(what: str, missing: Sequence[str], at: Position) -> Finding:
    message: Message = say(
        "{what} is missing in these languages of the course: {missing}", what=what, missing=", ".join(missing)
    )
    return Finding("text-missing", at, message)
