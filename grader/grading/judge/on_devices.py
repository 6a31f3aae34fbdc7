"""Tries what passes on the processor once more on a device, where a check asks for that and submissions may use one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.core.course.exercise import Check
from grader.core.judge.judge import judge_case, void
from grader.core.program.source import Source
from grader.core.report.finding import finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import Run, RunStatus
from grader.core.run.plan import device_jobs, program_jobs
from grader.core.words.message import say
from grader.grading.judge.programs import KnownCoded
from grader.grading.judge.steps import Alone, Judged, Steps

NOT_TRIED = "not-tried-on-device"


def tried_on_devices(known: KnownCoded, source: Source, judged: Judged) -> Steps[Judged]:
    """Return what was judged, with the checks that do not hold on their devices.

    The numbers are those that decide, and the reference is the processor's. So one of three words leaves each run:
    passed, not passed, not tried; and no run is looked at whose check has not passed before.

    Args:
        known: at the numbers that decide.
    """
    passed = {result.name for result in judged.checks if result.verdict is Verdict.PASS}
    if not any(check.device and check.name in passed for check in known.work.checks):
        return judged
    known = known.drawn
    tried = [check for check in known.work.checks if check.device and check.name in passed]
    runs = yield [Alone(_jobs(known, source, check)) for check in tried]
    found = {check.name: _result(known, source, check, own) for check, own in zip(tried, runs, strict=True)}
    results = tuple(found.get(each.name) or each for each in judged.checks)
    names = tuple(check.name for check, own in zip(tried, runs, strict=True) if own[0].no_device)
    devices = ", ".join(dict.fromkeys(check.device.name for check in tried if check.device))
    told = (finding(NOT_TRIED, device=devices, checks=names),) if names else ()
    return replace(judged, checks=results, notices=(*judged.notices, *told))


def _jobs(known: KnownCoded, source: Source, check: Check) -> tuple[ProgramJob, ...]:
    assert check.device is not None
    jobs = program_jobs(check, source.text, source.filename, known.key.seed, known.work)
    return device_jobs(check, check.device.name, jobs)


def _result(known: KnownCoded, source: Source, check: Check, runs: Sequence[Run]) -> CheckResult | None:
    """Return what takes the place of a check's result; None where it stays."""
    assert check.device is not None
    if runs[0].no_device:
        return _void(check) if check.device.required else None
    held_to = known.observer.reference[check.name]
    result, _ = judge_case(check, known.work, source, known.key.seed, runs, held_to)
    if result.verdict is Verdict.PASS:
        return None
    if result.verdict is Verdict.VOID:
        return void(check.name, check.points, say("the sandbox failed on {device}", device=check.device.name))
    told = finding("fails-on-device", device=check.device.name)
    return CheckResult(check.name, RunStatus.COMPLETED, Verdict.FAIL, check.points, (told,))


def _void(check: Check) -> CheckResult:
    assert check.device is not None
    why = say(
        "it has to be tried on {device}, and there is none here that submissions may use", device=check.device.name
    )
    return void(check.name, check.points, why)
