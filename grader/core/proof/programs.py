"""What the author's programs show about an exercise: who passes, who fails, under which name, and how clearly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from grader.core.course.exercise import Check
from grader.core.proof.findings import Finding, ProgramSeen
from grader.core.report.report import Verdict
from grader.core.run.observation import RunStatus
from grader.core.words.errors import Position
from grader.core.words.message import say

_MOST_TIME = 1 / 3
_MOST_OF_ALLOWED = 0.5
_MOST_OF_STRUCTURE = 0.5
# In units of what is allowed.
LEAST_WRONG = 10.0


def program_findings(seen: Sequence[ProgramSeen], places: Mapping[str, Position]) -> Iterator[Finding]:
    """Yield what is not right on the first numbers.

    Args:
        places: where each check stands in the exercise's file.
    """
    yield from _each(seen)
    yield from _needed([each for each in seen if each.program.role == "wrong"], places)
    yield from _margins(seen, places)


def tested_findings(seen: Sequence[ProgramSeen], places: Mapping[str, Position]) -> Iterator[Finding]:
    """Yield what is not right where the checks are the author's tests: the starter, too, shows what they find."""
    yield from _each(seen)
    yield from _needed([each for each in seen if each.program.role in ("starter", "wrong")], places)


def _each(seen: Sequence[ProgramSeen]) -> Iterator[Finding]:
    for each in seen:
        if each.program.role == "starter":
            yield from _starter(each)
        elif each.program.role == "wrong":
            yield from _wrong(each)
        else:
            yield from _right(each)


def seed_findings(seed: int, seen: Sequence[ProgramSeen]) -> Iterator[Finding]:
    """Yield the programs that do otherwise on other numbers than on the first ones."""
    for each in seen:
        lost = each.lost
        if each.program.role == "wrong" and lost is None:
            message = say("with seed {seed} this wrong program gets full marks: draw other numbers", seed=seed)
            yield Finding("wrong-flaky", Position(each.program.shown), message)
        elif each.program.role != "wrong" and lost is not None:
            message = say(
                "with seed {seed} check {check} does not pass: {what}",
                seed=seed,
                check=lost.name,
                what=lost.message or "",
            )
            yield Finding("right-flaky", Position(each.program.shown), message)


def structure_findings(checks: Sequence[Check], places: Mapping[str, Position]) -> Iterator[Finding]:
    """Yield a finding where too much is earned by what a module says of itself: names, counts and shapes."""
    alone = [check for check in checks if all(item.word == "parameters" for item in check.compare)]
    if sum(check.points for check in alone) > _MOST_OF_STRUCTURE * sum(check.points for check in checks):
        message = say(
            "a program can make up which parameters it has, and more than half of the points are for that alone; give "
            "most of them to values and gradients"
        )
        yield Finding("structure-alone", places[alone[0].name], message)


def nearest(seen: Sequence[ProgramSeen]) -> tuple[float, float | None]:
    """Return how far the worst right program and the best wrong one are off, in units of what is allowed."""
    right = [check.excess for each in seen if each.program.role in ("solution", "right") for check in each.checks]
    wrong_checks = [check for each in seen if each.program.role == "wrong" for check in each.checks]
    wrong = [check.excess for check in wrong_checks if check.excess is not None and check.excess > 1]
    return max((excess for excess in right if excess is not None), default=0.0), min(wrong, default=None)


def slowest(seen: Sequence[ProgramSeen]) -> tuple[float, str]:
    """Return the largest share of a time limit that a right program used, and at which check."""
    right = [check for each in seen if each.program.role in ("solution", "right") for check in each.checks]
    return max(((check.share, check.name) for check in right), default=(0.0, ""))


def _starter(seen: ProgramSeen) -> Iterator[Finding]:
    at = Position(seen.program.shown)
    for check in seen.checks:
        if check.status not in (RunStatus.COMPLETED, RunStatus.NOT_RUN):
            message = say("the starter is stopped at check {check}: {what}", check=check.name, what=check.message or "")
            yield Finding("starter-stopped", at, message)
            return
        if check.raised is not None:
            yield Finding("starter-raises", at, say("the starter does not run: {what}", what=check.raised))
            return
    if seen.lost is None:
        message = say("the starter gets full marks: remove the parts that students should write")
        yield Finding("starter-full-marks", at, message)


def _right(seen: ProgramSeen) -> Iterator[Finding]:
    at, lost = Position(seen.program.shown), seen.lost
    if lost is not None:
        message = say(
            "check {check} does not pass: {what} Either this program or the solution is wrong.",
            check=lost.name,
            what=lost.message or "",
        )
        yield Finding("right-not-full-marks", at, message)
    for check in seen.checks:
        if check.share > _MOST_TIME:
            message = say(
                "check {check} takes {share} of its time limit; a slower machine may need more: raise the limit",
                check=check.name,
                share=f"{round(100 * check.share)} %",
            )
            yield Finding("slow", at, message)


def _wrong(seen: ProgramSeen) -> Iterator[Finding]:
    at = Position(seen.program.shown)
    stopped = next(
        (check for check in seen.checks if check.status not in (RunStatus.COMPLETED, RunStatus.NOT_RUN)), None
    )
    if stopped is not None:
        message = say(
            "this wrong program cannot be observed: it is stopped at check {check}: {what}",
            check=stopped.name,
            what=stopped.message or "",
        )
        yield Finding("wrong-not-observed", at, message)
        return
    if seen.lost is None:
        message = say("this wrong program gets full marks: add a check that notices its mistake, or delete the program")
        yield Finding("wrong-full-marks", at, message)
        return
    named = next((check.named for check in seen.checks if check.named), ())
    names = seen.program.names
    if not named and (seen.program.unnamed or any(check.rule for check in seen.checks)):
        # A rule that is broken is told with its place: it is the mistake.
        return
    if not named:
        message = say(
            "{name} is not named: nothing shows what this program does wrong. Change it until it "
            "behaves as its name says, or write under unnamed: in misconceptions.yaml why it "
            "cannot be named",
            name=names[0],
        )
        yield Finding("wrong-not-named", at, message)
    elif named[0] not in names:
        message = say(
            "it is named {told}, not {name}. If both names are right, write also: [{first}] under {name}",
            told=", ".join(named),
            name=names[0],
            first=named[0],
        )
        yield Finding("wrong-not-named", at, message)


def _needed(wrong: Sequence[ProgramSeen], places: Mapping[str, Position]) -> Iterator[Finding]:
    failed = {check.name for each in wrong for check in each.checks if check.verdict in (Verdict.FAIL, Verdict.ERROR)}
    for name, at in places.items():
        if name not in failed:
            message = say("no wrong program fails check {check}: write one that does, or delete the check", check=name)
            yield Finding("check-not-needed", at, message)


def _margins(seen: Sequence[ProgramSeen], places: Mapping[str, Position]) -> Iterator[Finding]:
    for each in seen:
        for check in each.checks:
            if check.excess is None or check.name not in places:
                continue
            right = each.program.role in ("solution", "right")
            if right and _MOST_OF_ALLOWED < check.excess <= 1:
                message = say(
                    "at check {check} this right program uses {excess} of the tolerance: with other "
                    "numbers it may fail",
                    check=check.name,
                    excess=round(check.excess, 3),
                )
                yield Finding("right-near-the-edge", Position(each.program.shown), message)
            elif each.program.role == "wrong" and 1 < check.excess < LEAST_WRONG:
                message = say(
                    "at check {check} this wrong program is off by only {excess} times the tolerance: "
                    "draw numbers at which it is further off",
                    check=check.name,
                    excess=round(check.excess, 3),
                )
                yield Finding("wrong-near-the-edge", Position(each.program.shown), message)
