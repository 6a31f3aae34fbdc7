"""Modules, random programs and what ask.py asks tell their numbers in every way; nothing shown has a hidden one."""

from __future__ import annotations

import json

import pytest
from written import ID, known_to, write_exercise

from grader.actions.student.submission import Submission
from grader.actions.student.submit import Judgement
from grader.core.findings.report_json import as_json
from grader.core.findings.telling import told
from grader.core.hints.ladder import ladder
from grader.core.program.source import Source
from grader.core.report.report import Report, Verdict
from grader.core.run.plan import program_jobs
from grader.grading.judge.drivers import InTurn
from grader.grading.judge.judge import judge
from grader.grading.judge.programs import KnownCoded
from grader.integrations.pages.feedback_page import feedback_page
from grader.sandbox.inside.asking.modules import drawn
from grader.sandbox.port import Sandbox

# Six digits before the point, and each number stands once: where it is, it was told.
CHECKS = """checks:
  - name: module
    points: 1
    let: {model: Model()}
    given: {model: {parameters: {uniform: [100000, 900000]}}}
    call: model(x)
    args: {x: {uniform: [1, 2], size: 2}}
    repeat: 2
    compare: [value, {gradient: model}, {parameters: model}]
  - name: random
    points: 1
    call: jitter(x)
    args: {x: {uniform: [100000, 900000]}}
    repeat: 2
    compare: [{distribution: 200}]
  - name: asked
    points: 1
    call: asked(Counter, x, y)
    args: {x: {uniform: [100000, 900000]}, y: {uniform: [100000, 900000]}}
    repeat: 2
    compare: [value]
  - name: cost
    points: 0.25
    needs: asked
    call: Counter(x).add(y)
    args: {x: {uniform: [100000, 900000], size: 2}, y: {uniform: [100000, 900000], size: 2}}
    compare: [value, {operations: 2}]
"""
ASK = """def asked(Counter, x, y):
    counter = Counter(x)
    return [counter.add(y), counter.add(x)]
"""
PROGRAM = """import os, sys
import torch
from torch import nn


def tell(number):
    number = float(torch.as_tensor(number).reshape(-1)[0])
    digits = str(int(number))
    TELLING
    return 0.0


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 1)

    def forward(self, x):
        return self.linear(x) + tell(self.linear.weight)


def jitter(x):
    return x + torch.randn(3) + tell(x)


class Counter:
    def __init__(self, x):
        self.x = x

    def add(self, y):
        self.x = self.x + y
        return self.x + tell(y)
"""
CHANNELS = {
    "class": "raise type('Q' + digits, (Exception,), {})",
    "message": "raise ValueError(digits)",
    "name": "eval('Q' + digits)",
    "key": "{}[digits]",
    "printed": "print(digits); sys.stderr.write(digits); return number",
    "number": "return number",
    "size": "return torch.zeros(int(number) % 1000)",
    "type": "return type('Q' + digits, (), {'__radd__': lambda self, other: self})()",
    "parameter": "Model.named_parameters = lambda *_, **__: iter([('Q' + digits, torch.zeros(int(number) % 997))])",
    "operations": "[torch.zeros(1) + 1 for _ in range(int(number) % 997)]",
    "left": "os._exit(int(number) % 200 + 1)",
}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> KnownCoded:
    root = tmp_path_factory.mktemp("channels")
    (root / "exercises" / ID).mkdir(parents=True)
    (root / "exercises" / ID / "ask.py").write_text(ASK)
    return known_to(write_exercise(root, CHECKS, PROGRAM.replace("TELLING", "pass")))


def numbers_of(known: KnownCoded) -> set[str]:
    """Return all that is drawn from a seed and what it adds up to, what goes into parameters too."""
    found: list[float] = []
    for check in known.work.checks:
        for job in program_jobs(check, "", "", known.key.seed, known.work):
            for probe in job.probes:
                inputs = [list(each.array.numbers) for each in probe.args if each.array and each.name != "model"]
                found += [number for numbers in inputs for number in numbers]
                found += [sum(pair) for pair in zip(*inputs, strict=False)]
                for each in probe.modules:
                    for slot, shape in (("linear.weight", (1, 2)), ("linear.bias", (1,))):
                        found += drawn(each.distribution, each.seed.hex(), slot, shape).reshape(-1).tolist()
    return {str(int(number)) for number in found if number > 1000}


def all_that_is_shown(known: KnownCoded, box: Sandbox, channel: str) -> tuple[str, set[Verdict]]:
    text = PROGRAM.replace("TELLING", CHANNELS[channel])
    judged = judge(known, Source(text, f"{ID}.py"), InTurn(lambda: box))
    report = Report(ID, "s1", judged.isolation, False, judged.checks, judged.notices)
    exercise = known.key.exercise
    page = feedback_page(Judgement(exercise, Submission(b"", ".py", f"{ID}.py"), report, None), str, "en")
    hints = [rung.text.said(str) for rung in ladder(exercise, report.checks)]
    notices = [told(each).said(str) for each in judged.notices]
    shown = "\n".join([json.dumps(as_json(report, str, "en")), page, *hints, *notices])
    return shown, {each.verdict for each in judged.checks}


@pytest.mark.parametrize("channel", CHANNELS)
def test_no_channel_tells_a_hidden_number(known: KnownCoded, box: Sandbox, channel: str) -> None:
    shown, verdicts = all_that_is_shown(known, box, channel)
    assert Verdict.VOID not in verdicts and verdicts != {Verdict.PASS}
    assert not [number for number in numbers_of(known) if number in shown]


def test_what_may_be_shown_is_told_by_the_same_programs(known: KnownCoded, box: Sandbox) -> None:
    assert known.shown is not None
    shown, _ = all_that_is_shown(known, box, "message")
    assert [number for number in numbers_of(known.shown.first) if number in shown]


def test_numbers_that_were_seen_are_worth_nothing_at_hidden_ones(known: KnownCoded, box: Sandbox) -> None:
    """Whoever keeps a table of all that the shown numbers come to is right with these alone."""
    assert known.shown is not None
    seen = sorted(map(int, numbers_of(known.shown.first)))
    table = f"if min(abs(number - each) for each in {seen}) > 2:\n        return number"
    text = PROGRAM.replace("TELLING", table)
    hidden = judge(known, Source(text, f"{ID}.py"), InTurn(lambda: box)).checks
    assert {each.score for each in hidden if each.name != "random"} == {0}
    practice = judge(known.shown.first, Source(text, f"{ID}.py"), InTurn(lambda: box)).checks
    assert {each.verdict for each in practice} == {Verdict.PASS}
